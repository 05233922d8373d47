package io.nave.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.registration.api.ManagedCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
  private static final Key WEB = Key.of("apps", "web");

  private final Engine engine = new Engine(Samples.WORDS);

  @Test
  void takesEveryMemberWhenNothingElseIsAsked() {
    var schedule = schedule("{}", List.of(), Samples.inProd("a", ""), Samples.inProd("b", ""));

    assertThat(schedule.selected()).containsExactly("a", "b");
    assertThat(schedule.satisfied().reason()).isEqualTo("AllDecisionsScheduled");
    assertThat(schedule.misconfigured().reason()).isEqualTo("Succeedconfigured");
  }

  @Test
  void prefersTheClustersItHas() {
    var clusters = List.of(Samples.inProd("a", ""), Samples.inProd("b", ""));
    assertThat(schedule("{numberOfClusters: 1}", List.of("b"), clusters).selected())
        .containsExactly("b");
  }

  @Test
  void computesBalanceAsUpstreamDoes() {
    for (var name : List.of("a", "b", "c", "d")) {
      engine.cluster(Samples.row(Samples.inProd(name, "")), Samples.NOW);
    }
    engine.observed(Key.of("x", "1"), Samples.decisions(List.of("a", "b", "c")));
    engine.observed(Key.of("x", "2"), Samples.decisions(List.of("b", "c")));
    engine.observed(Key.of("x", "3"), Samples.decisions(List.of("c")));
    schedule("{numberOfClusters: 4}", List.of());

    var explained = engine.explain(WEB, Samples.NOW).orElseThrow();

    assertThat(explained.clusters())
        .extracting(c -> c.name() + " " + c.scores().get("Balance"))
        .containsExactlyInAnyOrder("a 32", "b -32", "c -100", "d 100");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NoSelect        | false | false",
        "NoSelect        | true  | false",
        "PreferNoSelect  | false | true",
        "NoSelectIfNew   | false | false",
        "NoSelectIfNew   | true  | true",
      })
  void taintsRepelByTheirEffect(String effect, boolean current, boolean chosen) {
    var tainted = Samples.tainted("a", "{key: gone, value: \"yes\", effect: " + effect + "}");
    var held = current ? List.of("a") : List.<String>of();

    assertThat(schedule("{}", held, tainted, Samples.inProd("z", "")).selected().contains("a"))
        .isEqualTo(chosen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: gone, operator: Exists} | true",
        "{key: gone, value: 'yes'} | true",
        "{key: gone, value: 'no'} | false",
        "{key: other, operator: Exists} | false",
        "{operator: Exists} | true",
        "{operator: Exists, effect: NoSelectIfNew} | false",
        "{operator: Exists, tolerationSeconds: 59} | false",
        "{operator: Exists, tolerationSeconds: 61} | true",
        "{operator: Odd, key: gone} | false",
      })
  void tolerationsMatchByKeyValueEffectAndTime(String toleration, boolean chosen) {
    var taint =
        "{key: gone, value: \"yes\", effect: NoSelect, timeAdded: \"2026-11-22T11:59:00Z\"}";
    var spec = "{tolerations: [" + toleration.replace('\'', '"') + "]}";

    var schedule = schedule(spec, List.of(), Samples.tainted("a", taint));

    assertThat(schedule.selected().contains("a")).isEqualTo(chosen);
    if (toleration.contains("61")) {
      assertThat(schedule.recheckAt()).isEqualTo(Samples.NOW.plusSeconds(1));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{numberOfClusters: -1} | :spec.numberOfClusters: expected 0 or more, found -1",
        "{tolerations: [{value: x}]} | TaintToleration:If the key is empty, operator must be Exists. (spec.tolerations[0].key)",
        "{tolerations: [{key: k, operator: Exists, value: x}]} | TaintToleration:If the operator is Exists, the value should be empty. (spec.tolerations[0].value)",
        "{prioritizerPolicy: {mode: Odd}} | :incorrect prioritizer policy mode: Odd (spec.prioritizerPolicy.mode: expected Additive or Exact)",
        "{prioritizerPolicy: {configurations: [{scoreCoordinate: {builtIn: Odd}}]}} | :incorrect builtin prioritizer: Odd (spec.prioritizerPolicy.configurations[0].scoreCoordinate.builtIn: expected Balance, Steady, ResourceAllocatableCPU or ResourceAllocatableMemory)",
        "{prioritizerPolicy: {configurations: [{}]}} | :scoreCoordinate field is required (spec.prioritizerPolicy.configurations[0].scoreCoordinate)",
        "{prioritizerPolicy: {configurations: [{scoreCoordinate: {type: AddOn}}]}} | :addOn should not be empty (spec.prioritizerPolicy.configurations[0].scoreCoordinate)",
        "{predicates: [{}, {requiredClusterSelector: {labelSelector: {matchExpressions: [{key: a, operator: In}]}}}]} | Predicate:spec.predicates[1].requiredClusterSelector.labelSelector.matchExpressions[0]: for operator In, values must not be empty",
        "{predicates: [{requiredClusterSelector: {celSelector: {celExpressions: ['true', what]}}}]} | Predicate:spec.predicates[0].requiredClusterSelector.celSelector.celExpressions[1]: cannot be read: what",
        "{predicates: [{requiredClusterSelector: {celSelector: {celExpressions: [costly heavy]}}}]} | Predicate:spec.predicates[0].requiredClusterSelector.celSelector.celExpressions[0]: on cluster h: would run for ever",
        "{decisionStrategy: {groupStrategy: {clustersPerDecisionGroup: 0%}}} | :spec.decisionStrategy.groupStrategy.clustersPerDecisionGroup: expected a number from 1 or a percentage of 1% to 100%, found \"0%\"",
      })
  void faultsBecomeAConditionKeepTheDecisionsAndDelayNobody(String spec, String message) {
    engine.placement(Samples.placement("apps", "other", "{numberOfClusters: 1}"), Samples.NOW);
    var heavy =
        Samples.cluster(
            "{metadata: {name: h, labels: {heavy: x, cluster.open-cluster-management.io/clusterset: prod}}}");

    var schedule = schedule(spec.replace('\'', '"'), List.of("a"), Samples.inProd("a", ""), heavy);

    assertThat(schedule.misconfigured().message()).isEqualTo(message);
    assertThat(schedule.misconfigured().status()).isEqualTo("True");
    assertThat(schedule.keeps()).isTrue();
    assertThat(schedule.selected()).containsExactly("a");
    assertThat(engine.desired(Key.of("apps", "other")).orElseThrow().selected()).hasSize(1);
  }

  @Test
  void aSetThatIsNotBoundKeepsWhatTheNamespaceMayStillUse() {
    engine.set(Samples.set("dev"), Samples.NOW);
    var schedule = schedule("{clusterSets: [dev]}", List.of("a"), Samples.inProd("a", ""));

    assertThat(schedule.satisfied().message())
        .isEqualTo("None of ManagedClusterSets [dev] is bound to placement namespace");
    assertThat(schedule.others().getFirst().message())
        .startsWith("spec.clusterSets[0]: expected a set bound to namespace apps, found \"dev\"");
    assertThat(schedule.selected()).containsExactly("a");

    engine.unbound("apps", "prod", Samples.NOW);

    assertThat(engine.desired(WEB).orElseThrow().selected()).isEmpty();
    assertThat(engine.desired(WEB).orElseThrow().satisfied().reason())
        .isEqualTo("NoManagedClusterSetBindings");
  }

  @Test
  void saysWhenSetsAreEmptyAndHowManyAreMissing() {
    assertThat(schedule("{numberOfClusters: 3}", List.of()).satisfied().message())
        .isEqualTo("All ManagedClusterSets [prod] have no member ManagedCluster");

    engine.cluster(Samples.row(Samples.inProd("a", "")), Samples.NOW);

    assertThat(engine.desired(WEB).orElseThrow().satisfied().message())
        .isEqualTo("2 cluster decisions unscheduled");
  }

  @Test
  void cutsGroupsBySelectorThenByLength() {
    var schedule =
        schedule(
            """
            {decisionStrategy: {groupStrategy: {clustersPerDecisionGroup: 2,
             decisionGroups: [{groupName: canary,
              groupClusterSelector: {labelSelector: {matchLabels: {region: eu}}}}]}}}
            """,
            List.of(),
            Samples.inRegion("a", "us"),
            Samples.inRegion("b", "us"),
            Samples.inRegion("c", "us"),
            Samples.inRegion("d", "eu"));

    assertThat(schedule.groups())
        .extracting(g -> g.index() + g.name() + g.clusters())
        .containsExactly("0canary[d]", "1[a, b]", "2[c]");
  }

  @ParameterizedTest
  @CsvSource({"DoNotSchedule, a1 b1", "ScheduleAnyway, a1 a2 a3 b1"})
  void spreadsOverRegionsWhenAsked(String when, String chosen) {
    var spec =
        "{numberOfClusters: 4, spreadPolicy: {spreadConstraints: [{topologyKey: region, topologyKeyType: Label, maxSkew: 1, whenUnsatisfiable: %s}]}}"
            .formatted(when);
    var clusters = new ArrayList<ManagedCluster>();
    for (var name : List.of("a1", "a2", "a3")) {
      clusters.add(Samples.inRegion(name, "a"));
    }
    clusters.add(Samples.inRegion("b1", "b"));

    var selected = schedule(spec, List.of(), clusters).selected();

    assertThat(selected).containsAll(List.of(chosen.split(" ")).subList(0, 1)).contains("b1");
    assertThat(selected).hasSize(when.equals("DoNotSchedule") ? 3 : 4);
  }

  @Test
  void leavesAtMostTheBudgetOfMovesInAWindow() {
    var spec = "{moves: {maxPerWindow: 1, windowSeconds: 60}}";
    schedule(
        spec,
        List.of("a", "b", "c"),
        Samples.inProd("a", ""),
        Samples.inProd("b", ""),
        Samples.inProd("c", ""));
    for (var name : List.of("a", "b")) {
      engine.cluster(
          Samples.row(Samples.tainted(name, "{key: drain, effect: NoSelect}")), Samples.NOW);
    }

    var first = engine.desired(WEB).orElseThrow();
    assertThat(first.selected()).containsExactly("b", "c");
    assertThat(first.others().getFirst().reason()).isEqualTo("MoveBudgetSpent");
    engine.tick(Samples.NOW.plusSeconds(60));
    assertThat(engine.desired(WEB).orElseThrow().selected()).containsExactly("c");
  }

  @Test
  void leavesASilentClusterAfterItsGraceAndNoneWhenMostAreSilent() {
    var spec = "{moves: {failoverGraceSeconds: 300}}";
    var clusters = new ArrayList<ManagedCluster>();
    for (var i = 0; i < 5; i++) {
      clusters.add(Samples.inProd("c" + i, ""));
    }
    schedule(spec, List.of("c0", "c1", "c2", "c3", "c4"), clusters);
    silence("c0");
    assertThat(engine.desired(WEB).orElseThrow().selected()).hasSize(5);
    engine.tick(Samples.NOW.plusSeconds(300));
    assertThat(engine.desired(WEB).orElseThrow().selected()).doesNotContain("c0").hasSize(4);

    silence("c1");
    silence("c2");
    engine.tick(Samples.NOW.plusSeconds(900));

    var schedule = engine.desired(WEB).orElseThrow();
    assertThat(schedule.selected()).contains("c1", "c2", "c3", "c4");
    assertThat(schedule.others().getFirst().reason()).isEqualTo("ManyClustersSilent");
  }

  private void silence(String name) {
    engine.cluster(
        Samples.row(
            Samples.tainted(
                name,
                "{key: cluster.open-cluster-management.io/unreachable, effect: NoSelect, timeAdded: \"2026-11-22T12:00:00Z\"}")),
        Samples.NOW);
  }

  @Test
  void aChangeThatTouchesNoPlacementCostsNone() {
    schedule(
        "{numberOfClusters: 1, predicates: [{requiredClusterSelector: {labelSelector: {matchLabels: {region: eu}}}}]}",
        List.of(),
        Samples.inRegion("a", "eu"),
        Samples.inRegion("b", "us"));
    engine.drain();
    var scheduled = engine.scheduled();

    engine.cluster(
        Samples.row(
            Samples.cluster(
                "{metadata: {name: b, labels: {cluster.open-cluster-management.io/clusterset: prod, region: asia}}, spec: {taints: [{key: t, effect: NoSelect}]}}")),
        Samples.NOW);
    engine.cluster(
        Samples.row(
            Samples.cluster(
                "{metadata: {name: a, labels: {cluster.open-cluster-management.io/clusterset: prod, region: eu}}, status: {conditions: [{type: ManagedClusterConditionAvailable, status: \"True\"}]}}")),
        Samples.NOW);

    assertThat(engine.scheduled()).isEqualTo(scheduled);
    assertThat(engine.drain()).isEmpty();
  }

  /// - Goal: expressions that are dear on many clusters together are stopped as well, and what then
  ///   becomes cheaper is taken up again.
  @Test
  void expressionsHaveABudgetOverAllClusters() {
    var clusters = List.of(dear("a", true), dear("b", false));
    var spec =
        "{predicates: [{requiredClusterSelector: {celSelector: {celExpressions: [dear heavy]}}}]}";
    assertThat(schedule(spec, List.of(), clusters).selected()).containsExactly("a", "b");

    engine.cluster(Samples.row(dear("b", true)), Samples.NOW);

    var stopped = engine.desired(WEB).orElseThrow();
    assertThat(stopped.selected()).containsExactly("a", "b"); // what is chosen stays
    assertThat(stopped.misconfigured().message())
        .isEqualTo(
            "Predicate:spec.predicates[0].requiredClusterSelector.celSelector.celExpressions:"
                + " expected to cost at most 10000000 on all clusters together, found more");

    engine.cluster(Samples.row(dear("b", false)), Samples.NOW);

    assertThat(engine.desired(WEB).orElseThrow().misconfigured().reason())
        .isEqualTo("Succeedconfigured");
  }

  private static ManagedCluster dear(String name, boolean heavy) {
    return Samples.cluster(
        "{metadata: {name: %s, labels: {cluster.open-cluster-management.io/clusterset: prod%s}}}"
            .formatted(name, heavy ? ", heavy: x" : ""));
  }

  /// - Goal: a restart moves no replicas, even where dividing anew would.
  @Test
  void aRestartMovesNoReplicas() {
    var held = List.of(new Decision("a", "", null, 1), new Decision("b", "", null, 4));
    engine.set(Samples.set("prod"), Samples.NOW);
    engine.bound("apps", "prod", Samples.NOW);
    List.of("a", "b").forEach(c -> engine.cluster(Samples.row(Samples.inProd(c, "")), Samples.NOW));
    engine.observed(WEB, held);
    engine.placement(
        Samples.read(
            """
            {metadata: {namespace: apps, name: web, uid: u, generation: 1},
             spec: {replicaDivision: {replicas: 5}},
             status: {conditions: [{type: PlacementSatisfied, status: "True", observedGeneration: 1}]}}
            """,
            Placement.class),
        Samples.NOW);

    engine.begin(Samples.NOW);

    assertThat(engine.desired(WEB).orElseThrow().groups().getFirst().decisions()).isEqualTo(held);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theOrderOfTheInputDoesNotMatterAndOneClusterMoreMovesOneAtMost(long seed) {
    var random = new Random(seed);
    var clusters = new ArrayList<ManagedCluster>();
    for (var i = 0; i < 30; i++) {
      clusters.add(Samples.inRegion("c" + i, random.nextBoolean() ? "eu" : "us"));
    }
    var spec = "{numberOfClusters: " + (1 + random.nextInt(20)) + "}";
    var held = List.of("c" + random.nextInt(30));
    var first = schedule(spec, held, clusters).selected();
    Collections.shuffle(clusters, random);
    var other = new EngineTest();
    assertThat(other.schedule(spec, held, clusters).selected()).isEqualTo(first);

    engine.cluster(Samples.row(Samples.inRegion("a0", "eu")), Samples.NOW);

    var left = new ArrayList<>(first);
    left.removeAll(engine.desired(WEB).orElseThrow().selected());
    assertThat(left).hasSizeLessThanOrEqualTo(1);
  }

  private Schedule schedule(String spec, List<String> held, ManagedCluster... clusters) {
    return schedule(spec, held, List.of(clusters));
  }

  private Schedule schedule(String spec, List<String> held, List<ManagedCluster> clusters) {
    engine.set(Samples.set("prod"), Samples.NOW);
    engine.bound("apps", "prod", Samples.NOW);
    clusters.forEach(cluster -> engine.cluster(Samples.row(cluster), Samples.NOW));
    engine.observed(WEB, Samples.decisions(held));
    engine.placement(Samples.placement(spec), Samples.NOW);
    engine.begin(Samples.NOW);
    return engine.desired(WEB).orElseThrow();
  }
}
