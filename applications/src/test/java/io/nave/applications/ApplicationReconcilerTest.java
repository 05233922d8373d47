package io.nave.applications;

import static io.nave.applications.Samples.condition;
import static io.nave.applications.Samples.decide;
import static io.nave.applications.Samples.fleet;
import static io.nave.applications.Samples.webOn;
import static io.nave.applications.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.ApplicationReconciler.Change;
import io.nave.applications.ApplicationReconciler.Finalizer;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.controllers.Outcome;
import io.nave.work.ManifestWork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApplicationReconcilerTest {
  private static List<String> clusters(List<ManifestWork> works) {
    return works.stream().map(work -> work.metadata().namespace()).toList();
  }

  private static List<ManifestWork> stored(Change change) {
    return change.create().stream().map(work -> FakeAgent.stored(work, 1)).toList();
  }

  private static ManifestWork deleting(ManifestWork work) {
    var m = work.metadata();
    return new ManifestWork(
        new Meta(
            m.name(),
            "",
            m.namespace(),
            m.uid(),
            "2",
            1,
            null,
            Samples.NOW,
            m.labels(),
            Map.of(),
            List.of(ManifestWork.FINALIZER),
            List.of()),
        work.spec(),
        work.status());
  }

  private static Application deleting(Application application) {
    var m = application.metadata();
    return new Application(
        new Meta(
            m.name(),
            "",
            m.namespace(),
            m.uid(),
            "2",
            m.generation(),
            null,
            Samples.NOW,
            m.labels(),
            m.annotations(),
            m.finalizers(),
            List.of()),
        application.spec(),
        application.status());
  }

  private static Application held(Application application, String... finalizers) {
    return new Application(
        application.metadata().withFinalizers(List.of(finalizers)),
        application.spec(),
        application.status());
  }

  @Test
  void takesHoldOfAnApplicationBeforeAnythingElse() {
    var change = decide(held(webOn("east")), List.of(), fleet("east"));
    assertThat(change.finalizer()).isEqualTo(Finalizer.ADD);
    assertThat(change.create()).isEmpty();
  }

  @Test
  void makesOneWorkForEachCluster() {
    var change = decide(webOn("west", "east"), List.of(), fleet("east", "west", "north"));
    assertThat(clusters(change.create())).containsExactly("east", "west");
    assertThat(change.status().status()).isEqualTo("runningWorkflow");
  }

  @Test
  void writesNothingWhenAllStands() {
    // Given
    var application = webOn("east", "west");
    var first = decide(application, List.of(), fleet("east", "west"));
    var settled = decide(application, stored(first), fleet("east", "west"));
    // When
    var again = decide(with(application, settled.status()), stored(first), fleet("east", "west"));
    // Then
    assertThat(again.nothing(settled.status())).isTrue();
  }

  /// - Goal: what a server fills in or a codec loses is no reason to write a work again.
  @Test
  void takesAWorkForItsOwnAfterItWasStored() {
    var application = webOn("east");
    var work = stored(decide(application, List.of(), fleet("east"))).getFirst();
    var json = Codec.encode(work);
    var filled =
        json.edit(tree -> {
          for (var config : tree.path("spec").path("manifestConfigs")) {
            var object = (tools.jackson.databind.node.ObjectNode) config;
            if (!object.has("updateStrategy")) {
              object.putObject("updateStrategy").put("type", "Update");
            }
          }
        });
    var again = Codec.decode(filled, ManifestWork.class);
    var change = decide(application, List.of(again), fleet("east"));
    assertThat(change.update()).isEmpty();
    assertThat(change.create()).isEmpty();
  }

  @Test
  void repairsAWorkThatSomeoneChanged() {
    var application = webOn("east");
    var work = stored(decide(application, List.of(), fleet("east"))).getFirst();
    var bare =
        new ManifestWork(
            work.metadata(),
            new ManifestWork.Spec(new ManifestWork.Workload(List.of()), null, List.of(), null),
            work.status());
    var change = decide(application, List.of(bare), fleet("east"));
    assertThat(change.update()).hasSize(1);
    assertThat(Works.same(change.update().getFirst(), work)).isTrue();
  }

  @Test
  void movesToWhereThePlacementSays() {
    // Given
    var application =
        Samples.web(
            """
            components: [{name: web, type: webservice, properties: {image: nginx}}]
            policies: [{name: p, type: topology, properties: {placement: two}}]
            """);
    var fleet = fleet("east", "west", "north");
    var before = fleet.deciding("shop", "two", "east", "west");
    var works =
        stored(decide(application, List.of(), before)).stream()
            .map(work -> FakeAgent.reported(work, FakeAgent::rolledOut))
            .toList();
    assertThat(clusters(works)).containsExactly("east", "west");
    var running = with(application, decide(application, works, before).status());
    assertThat(running.status().status()).isEqualTo("running");
    // When the decisions change
    var change = decide(running, works, fleet.deciding("shop", "two", "north", "west"));
    // Then the new one comes and the old one goes in one commit
    assertThat(clusters(change.create())).containsExactly("north");
    assertThat(clusters(change.delete())).containsExactly("east");
    assertThat(change.update()).isEmpty();
  }

  @Test
  void leavesWhatRunsWhenThePlacementChoosesNothing() {
    var application =
        Samples.web(
            """
            components: [{name: web, type: webservice, properties: {image: nginx}}]
            policies: [{name: p, type: topology, properties: {placement: two}}]
            """);
    var fleet = fleet("east");
    var works = stored(decide(application, List.of(), fleet.deciding("shop", "two", "east")));
    var change = decide(application, works, fleet.deciding("shop", "two"));
    assertThat(change.delete()).isEmpty();
    assertThat(condition(change.status(), "Policy").message())
        .contains("no cluster matches, and what runs stays where it is");
  }

  @Test
  void removesEverythingWhenThatIsMeant() {
    var application =
        Samples.web(
            """
            components: [{name: web, type: webservice, properties: {image: nginx}}]
            policies:
            - {name: p, type: topology, properties: {clusterLabelSelector: {a: b}, allowEmpty: true}}
            """);
    var works = stored(decide(webOn("east"), List.of(), fleet("east")));
    var change = decide(application, works, fleet("east"));
    assertThat(clusters(change.delete())).containsExactly("east");
    assertThat(change.status().status()).isEqualTo("running");
  }

  /// - Goal: nothing already accepted is lost by a bad edit.
  @Test
  void leavesWorksAloneWhenItCannotGoOn() {
    var works = stored(decide(webOn("east"), List.of(), fleet("east")));
    var before = decide(webOn("east"), works, fleet("east")).status();
    var broken = with(webOn("east", "mars"), before);
    var change = decide(broken, works, fleet("east"));
    assertThat(change.create()).isEmpty();
    assertThat(change.update()).isEmpty();
    assertThat(change.delete()).isEmpty();
    assertThat(change.status().services()).isEqualTo(before.services());
    assertThat(change.status().appliedResources()).isEqualTo(before.appliedResources());
    assertThat(condition(change.status(), "Ready").message()).contains("\"mars\" does not exist");
  }

  @Test
  void aWorkThatIsBeingDeletedLeavesItsObjectsToOneOfAnotherName() {
    var works = stored(decide(webOn("east"), List.of(), fleet("east")));
    var going = decide(webOn("east"), List.of(deleting(works.getFirst())), fleet("east"));
    assertThat(going.create().getFirst().metadata().name()).isEqualTo("app2-shop.web");
    assertThat(Works.manifests(going.create().getFirst()))
        .isEqualTo(Works.manifests(works.getFirst()));
    assertThat(going.delete()).isEmpty();
    assertThat(going.update()).hasSize(1);
    var option = going.update().getFirst().spec().deleteOption();
    assertThat(option).as("told to leave what is wanted again").isNotNull();
    assertThat(Json.text(option)).contains("deployments");
    var both = Stream.concat(going.update().stream(), stored(going).stream()).toList();
    var next = decide(webOn("east"), both, fleet("east"));
    assertThat(next.create()).isEmpty();
    assertThat(next.update()).isEmpty();
    assertThat(decide(deleting(webOn("east")), both, fleet("east")).delete())
        .as("it has not taken the objects on yet")
        .isEmpty();
    assertThat(going.status().services().getFirst().message())
        .isEqualTo("waiting for cluster east to report");
  }

  @Test
  void deletesTheWorksOfADeletedApplicationAndWaits() {
    var works = stored(decide(webOn("east", "west"), List.of(), fleet("east", "west")));
    var present = List.of(deleting(works.getFirst()), works.getLast());
    var change = decide(deleting(webOn("east")), present, fleet("east", "west"));
    assertThat(clusters(change.delete())).containsExactly("west");
    assertThat(change.finalizer()).isEqualTo(Finalizer.KEEP);
    assertThat(change.status().status()).isEqualTo("deleting");
    assertThat(condition(change.status(), "Ready").message())
        .isEqualTo("waiting for the objects to go from east, west");
  }

  @Test
  void letsGoOfADeletedApplicationWhenItsWorksAreGone() {
    var change = decide(deleting(webOn("east")), List.of(), fleet("east"));
    assertThat(change.finalizer()).isEqualTo(Finalizer.REMOVE);
  }

  @Test
  void leavesADeletedApplicationToOthersThatHoldIt() {
    var other = deleting(held(webOn("east"), "example.org/other"));
    var change = decide(other, List.of(), fleet("east"));
    assertThat(change.nothing(other.status())).isTrue();
  }

  @Test
  void keepsTheTimeOfAConditionWhileItsStatusStays() {
    var application = webOn("east");
    var first = decide(application, List.of(), fleet("east")).status();
    var later =
        decide(with(application, first), List.of(), fleet("east"), Samples.NOW.plusSeconds(60));
    assertThat(later.status().conditions()).isEqualTo(first.conditions());
  }

  @Test
  void doesNothingForAPausedApplication() {
    // Given
    var paused = webOn("east");
    var labelled =
        new Application(
            paused.metadata().withLabels(Map.of("controller.core.oam.dev/pause", "true")),
            paused.spec(),
            paused.status());
    var world = new FakeWorld(labelled);
    // When
    var outcome = new ApplicationReconciler(world, Samples.TYPES).reconcile(labelled.key());
    // Then
    assertThat(outcome).isEqualTo(new Outcome.Settled());
    assertThat(world.written).isEmpty();
  }

  @Test
  void writesOnceAndThenSettles() {
    var world = new FakeWorld(webOn("east"));
    var reconciler = new ApplicationReconciler(world, Samples.TYPES);
    reconciler.reconcile(Key.of("shop", "web"));
    reconciler.reconcile(Key.of("shop", "web"));
    reconciler.reconcile(Key.of("shop", "web"));
    assertThat(world.written).hasSize(1);
  }

  @Test
  void doesNothingForAnApplicationThatIsGone() {
    var world = new FakeWorld(null);
    new ApplicationReconciler(world, Samples.TYPES).reconcile(Key.of("shop", "web"));
    assertThat(world.written).isEmpty();
  }

  private static final class FakeWorld implements ApplicationReconciler.World {
    private @Nullable Application application;
    private final List<ManifestWork> works = new ArrayList<>();
    final List<Change> written = new ArrayList<>();

    FakeWorld(@Nullable Application application) {
      this.application = application;
    }

    @Override
    public Optional<Application> application(Key key) {
      return Optional.ofNullable(application);
    }

    @Override
    public List<ManifestWork> works(Key key) {
      return List.copyOf(works);
    }

    @Override
    public Fleet fleet(Key watching) {
      return fleet("east");
    }

    @Override
    public Optional<Workflow> workflow(Key key) {
      return Optional.empty();
    }

    @Override
    public Optional<Policy> policy(Key key) {
      return Optional.empty();
    }

    @Override
    public Optional<ApplicationRevision> revision(Key key) {
      return Optional.empty();
    }

    @Override
    public Outside outside(Key key) {
      return Outside.none();
    }

    @Override
    public void write(Application written, Change change) {
      this.written.add(change);
      works.addAll(stored(change));
      application = with(written, change.status());
    }

    @Override
    public Instant now() {
      return Samples.NOW;
    }

    private static Fleet fleet(String name) {
      return Samples.fleet(name);
    }
  }
}
