package io.nave.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private final List<ManagedClusterSet> sets = new ArrayList<>(List.of(set("prod")));
  private final List<ManagedClusterSetBinding> bindings = new ArrayList<>(List.of(bind("prod")));

  @Test
  void takesEveryMemberWhenNothingElseIsAsked() {
    var schedule = schedule("{}", Set.of(), cluster("a", ""), cluster("b", ""));

    assertThat(schedule.selected()).containsExactly("a", "b");
    assertThat(schedule.satisfied().reason()).isEqualTo("AllDecisionsScheduled");
    assertThat(schedule.misconfigured().reason()).isEqualTo("Succeedconfigured");
  }

  @Test
  void keepsTheSurvivorsOfEachFilter() {
    var schedule =
        schedule(
            predicate("{\"labelSelector\":{\"matchLabels\":{\"region\":\"eu\"}}}"),
            Set.of(),
            cluster("a", "eu"),
            cluster("b", "us"),
            tainted("c", "eu", "NoSelect"));

    assertThat(schedule.filters())
        .containsExactly(
            new Schedule.Filtered("Predicate", List.of("a", "c")),
            new Schedule.Filtered("TaintToleration", List.of("a")));
  }

  @Test
  void prefersTheClustersItHas() {
    var schedule =
        schedule("{\"numberOfClusters\":1}", Set.of("b"), cluster("a", ""), cluster("b", ""));

    assertThat(schedule.selected()).containsExactly("b");
  }

  @Test
  void prefersTheClustersThatOthersUseLess() {
    var input =
        new Scheduler.Input(
            placement("{\"numberOfClusters\":1}"),
            List.of(cluster("a", ""), cluster("b", "")),
            sets,
            bindings,
            Set.of(),
            Map.of("a", 2, "b", 1),
            NOW);

    assertThat(Scheduler.schedule(input).selected()).containsExactly("b");
  }

  @Test
  void computesBalanceAsUpstreamDoes() {
    var clusters = List.of(cluster("a", ""), cluster("b", ""), cluster("c", ""), cluster("d", ""));

    var scores = Scores.score("Balance", clusters, Set.of(), Map.of("a", 1, "b", 2, "c", 3));

    assertThat(scores).isEqualTo(Map.of("a", 32, "b", -32, "c", -100, "d", 100));
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
    var schedule =
        schedule(
            "{}", current ? Set.of("a") : Set.of(), tainted("a", "", effect), cluster("z", ""));

    assertThat(schedule.selected().contains("a")).isEqualTo(chosen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"key\":\"gone\",\"operator\":\"Exists\"} | true",
        "{\"key\":\"gone\",\"value\":\"yes\"} | true",
        "{\"key\":\"gone\",\"value\":\"no\"} | false",
        "{\"key\":\"other\",\"operator\":\"Exists\"} | false",
        "{\"operator\":\"Exists\"} | true",
        "{\"operator\":\"Exists\",\"effect\":\"NoSelectIfNew\"} | false",
        "{\"operator\":\"Exists\",\"tolerationSeconds\":59} | false",
        "{\"operator\":\"Exists\",\"tolerationSeconds\":61} | true",
      })
  void tolerationsMatchByKeyValueEffectAndTime(String toleration, boolean chosen) {
    var schedule =
        schedule("{\"tolerations\":[" + toleration + "]}", Set.of(), tainted("a", "", "NoSelect"));

    assertThat(schedule.selected().contains("a")).isEqualTo(chosen);
  }

  @Test
  void looksAgainWhenATolerationOfAChosenClusterRunsOut() {
    var schedule =
        schedule(
            "{\"tolerations\":[{\"operator\":\"Exists\",\"tolerationSeconds\":61}]}",
            Set.of("a"),
            tainted("a", "", "NoSelect"));

    assertThat(schedule.recheckAt()).contains(NOW.plusSeconds(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"numberOfClusters\":-1} | :spec.numberOfClusters: expected 0 or more, found -1",
        "{\"tolerations\":[{\"value\":\"x\"}]} | TaintToleration:If the key is empty, operator must be Exists.",
        "{\"tolerations\":[{\"key\":\"k\",\"operator\":\"Exists\",\"value\":\"x\"}]} | TaintToleration:If the operator is Exists, the value should be empty.",
        "{\"prioritizerPolicy\":{\"mode\":\"Odd\"}} | :incorrect prioritizer policy mode: Odd",
        "{\"prioritizerPolicy\":{\"configurations\":[{\"scoreCoordinate\":{\"builtIn\":\"Odd\"}}]}} | :incorrect builtin prioritizer: Odd",
        "{\"prioritizerPolicy\":{\"configurations\":[{}]}} | :scoreCoordinate field is required",
      })
  void faultsBecomeAConditionAndKeepTheDecisions(String spec, String message) {
    var schedule = schedule(spec, Set.of("a"), cluster("a", ""));

    assertThat(schedule.misconfigured().message()).isEqualTo(message);
    assertThat(schedule.misconfigured().status()).isEqualTo("True");
    assertThat(schedule.keepsDecisions()).isTrue();
  }

  @Test
  void aFaultySelectorNamesItsPath() {
    var schedule =
        schedule(
            predicate(
                "{\"labelSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}}"),
            Set.of(),
            cluster("a", ""));

    assertThat(schedule.misconfigured().message())
        .isEqualTo(
            "Predicate:spec.predicates[0].requiredClusterSelector: for operator In, values must not"
                + " be empty");
  }

  @Test
  void saysWhichSetIsMissing() {
    assertThat(schedule("{\"clusterSets\":[\"dev\"]}", Set.of(), cluster("a", "")).satisfied())
        .extracting("reason", "message")
        .containsExactly(
            "NoIntersection", "None of ManagedClusterSets [dev] is bound to placement namespace");
    assertThat(schedule("{}", Set.of()).satisfied())
        .extracting("reason", "message")
        .containsExactly(
            "AllManagedClusterSetsEmpty",
            "All ManagedClusterSets [prod] have no member ManagedCluster");
    bindings.clear();
    assertThat(schedule("{}", Set.of(), cluster("a", "")).satisfied())
        .extracting("reason", "message")
        .containsExactly(
            "NoManagedClusterSetBindings",
            "No valid ManagedClusterSetBindings found in placement namespace");
  }

  @Test
  void saysHowManyAreMissing() {
    var schedule = schedule("{\"numberOfClusters\":3}", Set.of(), cluster("a", ""));

    assertThat(schedule.satisfied().status()).isEqualTo("False");
    assertThat(schedule.satisfied().message()).isEqualTo("2 cluster decisions unscheduled");
  }

  @Test
  void cutsGroupsBySelectorThenByLength() {
    var schedule =
        schedule(
            """
            {"decisionStrategy":{"groupStrategy":{"clustersPerDecisionGroup":2,
             "decisionGroups":[{"groupName":"canary",
              "groupClusterSelector":{"labelSelector":{"matchLabels":{"region":"eu"}}}}]}}}
            """,
            Set.of(),
            cluster("a", "us"),
            cluster("b", "us"),
            cluster("c", "us"),
            cluster("d", "eu"));

    assertThat(schedule.groups())
        .containsExactly(
            new Schedule.Group(0, "canary", List.of("d")),
            new Schedule.Group(1, "", List.of("a", "b")),
            new Schedule.Group(2, "", List.of("c")));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theOrderOfTheInputDoesNotMatter(long seed) {
    var random = new Random(seed);
    var clusters = new ArrayList<ManagedCluster>();
    for (var i = 0; i < 30; i++) {
      clusters.add(cluster("c" + i, random.nextBoolean() ? "eu" : "us"));
    }
    var spec = "{\"numberOfClusters\":" + (1 + random.nextInt(20)) + "}";
    var current = Set.of("c" + random.nextInt(30));
    var first = schedule(spec, current, clusters.toArray(ManagedCluster[]::new));
    Collections.shuffle(clusters, random);

    assertThat(schedule(spec, current, clusters.toArray(ManagedCluster[]::new))).isEqualTo(first);
  }

  private Schedule schedule(String spec, Set<String> current, ManagedCluster... clusters) {
    return Scheduler.schedule(
        new Scheduler.Input(
            placement(spec), List.of(clusters), sets, bindings, current, Map.of(), NOW));
  }

  private static Placement placement(String spec) {
    return read(
        "{\"metadata\":{\"namespace\":\"apps\",\"name\":\"web\"},\"spec\":" + spec + "}",
        Placement.class);
  }

  private static String predicate(String selector) {
    return "{\"predicates\":[{\"requiredClusterSelector\":" + selector + "}]}";
  }

  private static ManagedCluster cluster(String name, String region) {
    return tainted(name, region, "");
  }

  private static ManagedCluster tainted(String name, String region, String effect) {
    var taints =
        effect.isEmpty()
            ? "[]"
            : "[{\"key\":\"gone\",\"value\":\"yes\",\"effect\":\""
                + effect
                + "\",\"timeAdded\":\"2026-11-22T11:59:00Z\"}]";
    return read(
        "{\"metadata\":{\"name\":\""
            + name
            + "\",\"labels\":{\"region\":\""
            + region
            + "\",\"cluster.open-cluster-management.io/clusterset\":\"prod\"}},"
            + "\"spec\":{\"taints\":"
            + taints
            + "}}",
        ManagedCluster.class);
  }

  private static ManagedClusterSet set(String name) {
    return read("{\"metadata\":{\"name\":\"" + name + "\"}}", ManagedClusterSet.class);
  }

  private static ManagedClusterSetBinding bind(String name) {
    return read("{\"metadata\":{\"name\":\"" + name + "\"}}", ManagedClusterSetBinding.class);
  }

  private static <T extends io.nave.api.Resource> T read(String json, Class<T> type) {
    return Codec.decode(
        ApiObject.of(Json.parseObject(json.getBytes(StandardCharsets.UTF_8))), type);
  }
}
