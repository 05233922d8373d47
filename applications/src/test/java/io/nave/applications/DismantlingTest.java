package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Condition;
import io.nave.api.Meta;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.policies.Treatments;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DismantlingTest {
  private static final Treatments PLAIN = Treatments.of(List.of());
  private static final Treatments ORDERED =
      Treatments.of(
          List.of(new Treatments.Given("garbage-collect", Yaml.parse("{order: dependency}"))));
  private static final Application SHOP =
      Samples.web(
          """
          components:
          - {name: db, type: webservice, properties: {image: a}}
          - {name: api, type: webservice, dependsOn: [db], properties: {image: a}}
          - {name: web, type: webservice, dependsOn: [api], properties: {image: a}}
          """);

  private static ManifestWork work(String component) {
    var labels =
        component.isEmpty() ? Map.<String, String>of() : Map.of(Works.COMPONENT, component);
    return new ManifestWork(
        Meta.named("east", "app-" + component).withLabels(labels),
        new ManifestWork.Spec(null, null, List.of(), null),
        new ManifestWork.Status(List.of(), null));
  }

  private static List<String> names(List<ManifestWork> works) {
    return works.stream().map(work -> work.metadata().name()).toList();
  }

  @Test
  void allGoAtOnceUnlessOrderIsAskedFor() {
    var present = List.of(work("db"), work("api"), work("web"));
    assertThat(names(Dismantling.next(SHOP, present, PLAIN, Samples.NOW).delete()))
        .containsExactly("app-db", "app-api", "app-web");
  }

  @Test
  void aComponentGoesAfterThoseThatDependOnIt() {
    var all = List.of(work(""), work("db"), work("api"), work("web"));
    assertThat(names(Dismantling.next(SHOP, all, ORDERED, Samples.NOW).delete()))
        .containsExactly("app-web");
    var less = List.of(work(""), work("db"), work("api"));
    assertThat(names(Dismantling.next(SHOP, less, ORDERED, Samples.NOW).delete()))
        .containsExactly("app-api");
    assertThat(names(Dismantling.next(SHOP, List.of(work("")), ORDERED, Samples.NOW).delete()))
        .containsExactly("app-");
  }

  @Test
  void orphanedWorksAreToldFirstAndDeletedThen() {
    var orphaned =
        new Application(
            SHOP.metadata().withFinalizers(List.of(Dismantling.ORPHAN)),
            SHOP.spec(),
            SHOP.status());
    var first = Dismantling.next(orphaned, List.of(work("db")), PLAIN, Samples.NOW);
    assertThat(first.delete()).isEmpty();
    assertThat(first.update()).hasSize(1);
    var then = Dismantling.next(orphaned, first.update(), PLAIN, Samples.NOW);
    assertThat(names(then.delete())).containsExactly("app-db");
    assertThat(then.update()).isEmpty();
  }

  /// An heir that its cluster cannot apply would keep the application for ever.
  @Test
  void anHeirThatIsRefusedForLongIsNotWaitedFor() {
    var since = Samples.NOW.minus(Dismantling.PATIENCE);
    var heir = refused(since);

    var early = Dismantling.next(SHOP, List.of(heir), PLAIN, Samples.NOW.minusSeconds(1));
    var late = Dismantling.next(SHOP, List.of(heir), PLAIN, Samples.NOW);
    var unseen = Dismantling.next(SHOP, List.of(heir(List.of(), null)), PLAIN, Samples.NOW);

    assertThat(early.delete()).isEmpty();
    assertThat(early.again()).isEqualTo(Samples.NOW);
    assertThat(names(late.delete())).containsExactly("app-heir");
    assertThat(unseen.delete()).isEmpty();
    assertThat(unseen.again()).isNull();
  }

  /// - Goal: what a cluster refuses beside the inherited object is no reason to leave that behind.
  @Test
  void anotherRefusedObjectOfTheHeirDoesNotCount() {
    var since = Samples.NOW.minus(Dismantling.PATIENCE);
    var other = refused(since, "b");

    var step = Dismantling.next(SHOP, List.of(other), PLAIN, Samples.NOW);

    assertThat(names(step.delete()))
        .as("the cluster has what it inherits")
        .containsExactly("app-heir");
    assertThat(Dismantling.next(SHOP, List.of(unsaid(since)), PLAIN, Samples.NOW).delete())
        .as("nothing is known of what it inherits")
        .isEmpty();
  }

  private static ManifestWork refused(Instant since) {
    return refused(since, "a");
  }

  /// An heir of which the cluster refuses one object, and has the others.
  private static ManifestWork refused(Instant since, String which) {
    var statuses = new ArrayList<ManifestStatus>();
    for (var name : List.of("a", "b")) {
      var applied =
          name.equals(which)
              ? Condition.of(ManifestWork.APPLIED, false, "AppliedManifestFailed", "no such kind")
              : Condition.of(ManifestWork.APPLIED, true, "AppliedManifestComplete", "");
      statuses.add(
          new ManifestStatus(
              new ManifestWork.ResourceMeta(0, "", "v1", "ConfigMap", "configmaps", name, "shop"),
              Condition.merge(List.of(), applied, since),
              null));
    }
    return heir(failed(since), new ManifestWork.ResourceStatus(statuses));
  }

  /// An heir whose work is refused, and nobody says for what.
  private static ManifestWork unsaid(Instant since) {
    return heir(failed(since), null);
  }

  private static List<Condition> failed(Instant since) {
    var applied =
        Condition.of(ManifestWork.APPLIED, false, "AppliedManifestWorkFailed", "one failed");
    return Condition.merge(List.of(), applied.observed(0L), since);
  }

  /// A work that inherits an object.
  private static ManifestWork heir(
      List<Condition> conditions, ManifestWork.@Nullable ResourceStatus resources) {
    return new ManifestWork(
        Meta.named("east", "app-heir")
            .withAnnotations(Map.of(Heritage.ANNOTATION, "v1 ConfigMap shop/a")),
        new ManifestWork.Spec(null, null, List.of(), null),
        new ManifestWork.Status(conditions, resources));
  }
}
