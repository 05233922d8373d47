package io.nave.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.placement.PlacementReconciler.Change;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void createsTheDecisionsOfAFreshPlacement() {
    var change = decide(placement("{}"), List.of(), schedule("a", "b"));

    assertThat(change.create()).hasSize(1);
    var decision = change.create().getFirst();
    assertThat(decision.metadata().name()).isEqualTo("web-decision-1");
    assertThat(decision.metadata().labels())
        .containsEntry("cluster.open-cluster-management.io/placement", "web")
        .containsEntry("cluster.open-cluster-management.io/decision-group-index", "0")
        .containsEntry("cluster.open-cluster-management.io/decision-group-name", "");
    assertThat(decision.metadata().ownerReferences().getFirst().uid()).isEqualTo("u1");
    assertThat(clusters(decision)).containsExactly("a", "b");
    assertThat(change.status().numberOfSelectedClusters()).isEqualTo(2);
    assertThat(change.status().decisionGroups().getFirst().decisions())
        .containsExactly("web-decision-1");
  }

  @Test
  void writesNothingWhenAllStands() {
    var first = decide(placement("{}"), List.of(), schedule("a", "b"));
    var stands = new Placement(placement("{}").metadata(), placement("{}").spec(), first.status());

    var again =
        PlacementReconciler.decide(
            stands, first.create(), schedule("a", "b"), NOW.plusSeconds(3600));

    assertThat(again.nothing(stands.status())).isTrue();
  }

  @Test
  void splitsAtAHundredAndRemovesWhatIsTooMany() {
    var many = IntStream.range(0, 201).mapToObj("c%03d"::formatted).toArray(String[]::new);
    var wide = decide(placement("{}"), List.of(), schedule(many));
    assertThat(wide.create())
        .extracting(d -> d.metadata().name())
        .containsExactly("web-decision-1", "web-decision-2", "web-decision-3");
    assertThat(wide.create()).extracting(d -> clusters(d).size()).containsExactly(100, 100, 1);

    var narrow = decide(placement("{}"), wide.create(), schedule("c000"));

    assertThat(narrow.create()).isEmpty();
    assertThat(narrow.update())
        .extracting(d -> d.metadata().name())
        .containsExactly("web-decision-1");
    assertThat(narrow.delete())
        .extracting(d -> d.metadata().name())
        .containsExactly("web-decision-2", "web-decision-3");
  }

  @Test
  void keepsAnEmptyDecisionWhenNothingIsChosen() {
    var present = decide(placement("{}"), List.of(), schedule("a")).create();

    var change = decide(placement("{}"), present, schedule());

    assertThat(change.delete()).isEmpty();
    assertThat(clusters(change.update().getFirst())).isEmpty();
  }

  @Test
  void aMisconfiguredPlacementKeepsItsDecisions() {
    var present = decide(placement("{}"), List.of(), schedule("a")).create();
    var placement = placement("{\"numberOfClusters\":-1}");

    var change =
        decide(
            placement,
            present,
            Scheduler.schedule(
                new Scheduler.Input(
                    placement, List.of(), List.of(), List.of(), Set.of("a"), Map.of(), NOW)));

    // No binding here: that is found before the number is looked at, and empties the decisions.
    assertThat(Condition.find(change.status().conditions(), "PlacementSatisfied"))
        .hasValueSatisfying(c -> assertThat(c.reason()).isEqualTo("NoManagedClusterSetBindings"));

    var misconfigured = decide(placement, present, faulty());

    assertThat(misconfigured.create()).isEmpty();
    assertThat(misconfigured.update()).isEmpty();
    assertThat(misconfigured.delete()).isEmpty();
    assertThat(Condition.isTrue(misconfigured.status().conditions(), "PlacementMisconfigured"))
        .isTrue();
  }

  @Test
  void leavesAPlacementAloneThatAsksForIt() {
    var world = new FakeWorld();
    world.placement =
        read(
            """
            {"metadata":{"namespace":"apps","name":"web","annotations":
             {"cluster.open-cluster-management.io/experimental-scheduling-disable":"true"}}}
            """);

    assertThat(new PlacementReconciler(world).reconcile(Key.of("apps", "web")))
        .isEqualTo(new Outcome.Settled());
    assertThat(world.written).isEmpty();
  }

  @Test
  void looksAgainWhenATolerationRunsOut() {
    var recheck = schedule("a");
    var schedule =
        new Schedule(
            recheck.filters(),
            recheck.scores(),
            recheck.selected(),
            recheck.groups(),
            recheck.satisfied(),
            recheck.misconfigured(),
            Optional.of(NOW.plusSeconds(7)));

    assertThat(PlacementReconciler.next(schedule, NOW))
        .isEqualTo(new Outcome.CheckAfter(Duration.ofSeconds(7)));
  }

  @Test
  void aGonePlacementNeedsNothing() {
    var world = new FakeWorld();

    assertThat(new PlacementReconciler(world).reconcile(Key.of("apps", "web")))
        .isEqualTo(new Outcome.Settled());
  }

  private static Change decide(
      Placement placement, List<PlacementDecision> present, Schedule schedule) {
    return PlacementReconciler.decide(placement, present, schedule, NOW);
  }

  private static Schedule schedule(String... clusters) {
    var chosen = List.of(clusters);
    return new Schedule(
        List.of(),
        Map.of(),
        chosen,
        List.of(new Schedule.Group(0, "", chosen)),
        Condition.of("PlacementSatisfied", true, "AllDecisionsScheduled", ""),
        Condition.of("PlacementMisconfigured", false, "Succeedconfigured", ""),
        Optional.empty());
  }

  private static Schedule faulty() {
    var fine = schedule();
    return new Schedule(
        fine.filters(),
        fine.scores(),
        fine.selected(),
        fine.groups(),
        fine.satisfied(),
        Condition.of("PlacementMisconfigured", true, "Misconfigured", "why"),
        Optional.empty());
  }

  private static List<String> clusters(PlacementDecision decision) {
    return decision.status().decisions().stream()
        .map(PlacementDecision.Decision::clusterName)
        .toList();
  }

  private static Placement placement(String spec) {
    return read(
        "{\"metadata\":{\"namespace\":\"apps\",\"name\":\"web\",\"uid\":\"u1\"},\"spec\":"
            + spec
            + "}");
  }

  private static Placement read(String json) {
    return Codec.decode(
        ApiObject.of(Json.parseObject(json.getBytes(StandardCharsets.UTF_8))), Placement.class);
  }

  private static final class FakeWorld implements PlacementReconciler.World {
    private final List<Change> written = new ArrayList<>();
    private Placement placement;

    @Override
    public Optional<Placement> placement(Key key) {
      return Optional.ofNullable(placement);
    }

    @Override
    public List<PlacementDecision> decisions(Key key) {
      return List.of();
    }

    @Override
    public Scheduler.Input input(Placement asked, Set<String> current) {
      return new Scheduler.Input(asked, List.of(), List.of(), List.of(), current, Map.of(), NOW);
    }

    @Override
    public void write(Placement asked, Change change) {
      written.add(change);
    }

    @Override
    public Instant now() {
      return NOW;
    }
  }
}
