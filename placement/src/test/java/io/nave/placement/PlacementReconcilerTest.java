package io.nave.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.controllers.Outcome;
import io.nave.placement.PlacementReconciler.Change;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.placement.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

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
  void aMisconfiguredPlacementKeepsItsDecisionsButForClustersItMayNotUse() {
    var present = decide(placement("{}"), List.of(), schedule("a", "b")).create();

    var kept = decide(placement("{}"), present, faulty("a", "b"));
    assertThat(kept.create()).isEmpty();
    assertThat(kept.update()).isEmpty();
    assertThat(kept.delete()).isEmpty();
    assertThat(Condition.isTrue(kept.status().conditions(), "PlacementMisconfigured")).isTrue();

    var revoked = decide(placement("{}"), present, faulty("b"));
    assertThat(clusters(revoked.update().getFirst())).containsExactly("b");
    assertThat(revoked.delete()).isEmpty();
  }

  @Test
  void renewsPublishedScoresOnlyAsOftenAsAsked() {
    var placement = placement("{sortBy: Score, scoreRateLimit: 1m}");
    var first = decide(placement, List.of(), scored(new Decision("a", "", 10, null)));
    assertThat(first.status().lastScoreUpdateTime()).isEqualTo(NOW);
    var stands = new Placement(placement.metadata(), placement.spec(), first.status());
    var better = scored(new Decision("a", "", 20, null));

    var soon = PlacementReconciler.decide(stands, first.stands(), better, NOW.plusSeconds(59));
    assertThat(soon.nothing(stands.status())).isTrue();
    assertThat(soon.lookAt()).isEqualTo(NOW.plusSeconds(60));

    var later = PlacementReconciler.decide(stands, first.stands(), better, NOW.plusSeconds(60));
    assertThat(later.update().getFirst().status().decisions().getFirst().score()).isEqualTo(20);
    assertThat(later.status().lastScoreUpdateTime()).isEqualTo(NOW.plusSeconds(60));
  }

  @Test
  void looksAgainAtTheEarlierOfTwoTimes() {
    assertThat(PlacementReconciler.next(null, null, NOW)).isEqualTo(new Outcome.Settled());
    assertThat(PlacementReconciler.next(NOW.plusSeconds(9), NOW.plusSeconds(7), NOW))
        .isEqualTo(new Outcome.CheckAfter(Duration.ofMillis(7001)));
  }

  @Test
  void leavesAlonePlacementsThatAreGoneOrNotForIt() {
    var world = new FakeWorld();
    assertThat(new PlacementReconciler(world).reconcile(Key.of("apps", "web")))
        .isEqualTo(new Outcome.Settled());
    world.placement = placement("{}");
    assertThat(new PlacementReconciler(world).reconcile(Key.of("apps", "web")))
        .isEqualTo(new Outcome.Settled());
    assertThat(world.written).isEmpty();
  }

  private static Change decide(
      Placement placement, List<PlacementDecision> present, Schedule schedule) {
    return PlacementReconciler.decide(placement, present, schedule, NOW);
  }

  private static Schedule schedule(String... clusters) {
    return scored(Arrays.stream(clusters).map(Decision::of).toArray(Decision[]::new));
  }

  private static Schedule scored(Decision... decisions) {
    return new Schedule(
        List.of(new Schedule.Group(0, "", List.of(decisions))),
        Arrays.stream(decisions).map(Decision::clusterName).toList(),
        false,
        Condition.of("PlacementSatisfied", true, "AllDecisionsScheduled", ""),
        Condition.of("PlacementMisconfigured", false, "Succeedconfigured", ""),
        List.of(),
        null,
        null,
        "");
  }

  private static Schedule faulty(String... kept) {
    return new Schedule(
        List.of(),
        List.of(kept),
        true,
        Condition.of("PlacementSatisfied", true, "AllDecisionsScheduled", ""),
        Condition.of("PlacementMisconfigured", true, "Misconfigured", "why"),
        List.of(),
        null,
        null,
        "");
  }

  private static List<String> clusters(PlacementDecision decision) {
    return decision.status().decisions().stream().map(Decision::clusterName).toList();
  }

  private static Placement placement(String spec) {
    var yaml = "{metadata: {namespace: apps, name: web, uid: u1}, spec: " + spec + "}";
    return Codec.decode(ApiObject.of((ObjectNode) Yaml.parse(yaml)), Placement.class);
  }

  private static final class FakeWorld implements PlacementReconciler.World {
    private final List<Change> written = new ArrayList<>();
    private Placement placement;

    @Override
    public Optional<Placement> placement(Key key) {
      return Optional.ofNullable(placement);
    }

    @Override
    public Optional<Schedule> schedule(Key key) {
      return Optional.empty();
    }

    @Override
    public List<PlacementDecision> decisions(Key key) {
      return List.of();
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
