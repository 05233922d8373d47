package io.nave.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.testkit.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

class IncrementalTest {
  /// Times 20 seeds: 10,000 changes in the everyday build, 100,000 with `-Dlong=true`.
  private static final int CHANGES = Boolean.getBoolean("long") ? 5_000 : 500;

  private static final List<String> SETS = List.of("prod", "dev", "wide");
  private static final List<String> NAMESPACES = List.of("apps", "ops");

  /// - Goal: what the engine keeps up to date change by change is what comes out of looking at
  ///   everything from nothing.
  /// - Method: random changes of everything a schedule depends on; after each the schedules of all
  ///   Placements are compared with [Reference].
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void everyChangeLeavesWhatLookingAtEverythingGives(long seed) {
    var world = new World(seed);
    for (var i = 0; i < CHANGES; i++) {
      var what = world.change();
      world.compare("seed " + seed + ", change " + i + ": " + what);
    }
  }

  /// - Goal: a question "what if" is answered with what then happens.
  /// - Method: each random change is asked about before it is made.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 10)
  void whatIfTellsWhatThenHappens(long seed) {
    var world = new World(seed);
    for (var i = 0; i < 100; i++) {
      world.askThenChange("seed " + seed + ", change " + i);
    }
  }

  /// A world that changes at random, told to an engine and to the reference.
  private static final class World {
    private final Random random;
    private final Engine engine = new Engine(Samples.WORDS);
    private final Reference reference = new Reference();
    private Instant now = Samples.NOW;
    private boolean bySets;
    private String scored = "";

    World(long seed) {
      random = new Random(seed);
      engine.begin(now);
      SETS.forEach(this::putSet);
      NAMESPACES.forEach(namespace -> bind(namespace, "prod"));
      for (var i = 0; i < 6; i++) {
        putCluster("c" + i);
      }
      for (var i = 0; i < 5; i++) {
        putPlacement("p" + i);
        reference.settle(now, false, "");
      }
    }

    String change() {
      bySets = false;
      scored = "";
      var what = tell();
      engine.tick(now);
      reference.settle(now, bySets, scored);
      return what;
    }

    private String tell() {
      return switch (random.nextInt(20)) {
        case 0 -> removeCluster();
        case 1 -> putPlacement("p" + random.nextInt(6));
        case 2 -> removePlacement();
        case 3 -> bind(pick(NAMESPACES), pick(SETS));
        case 4 -> unbind(pick(NAMESPACES), pick(SETS));
        case 5 -> putSet(pick(SETS));
        case 6 -> random.nextInt(4) == 0 ? removeSet() : "nothing";
        case 7, 8 -> passTime();
        case 9, 10 -> putScore();
        default -> putCluster("c" + random.nextInt(9));
      };
    }

    void askThenChange(String what) {
      var row = randomRow("c" + random.nextInt(9));
      engine.tick(now);
      reference.settle(now, false, "");
      var before = decisions();
      engine.drain();
      var asked = WhatIf.ask(engine, List.of(new WhatIf.Change.Cluster(row.document())), now);
      assertThat(decisions()).as(what + ": asking changes nothing").isEqualTo(before);
      reference.clusters.put(row.name(), row);
      engine.cluster(row, now);
      reference.settle(now, false, "");
      compare(what);
      var after = decisions();
      var differ = new TreeSet<String>();
      after.forEach((key, chosen) -> {
        if (!chosen.equals(before.get(key))) {
          differ.add(key);
        }
      });
      assertThat(asked)
          .extracting(d -> d.placement().toString())
          .as(what)
          .isEqualTo(List.copyOf(differ));
      for (var difference : asked) {
        var then = new TreeSet<>(before.get(difference.placement().toString()));
        then.removeAll(difference.removed());
        then.addAll(difference.added());
        assertThat(List.copyOf(then))
            .as(what)
            .isEqualTo(after.get(difference.placement().toString()));
      }
      change();
    }

    private TreeMap<String, List<String>> decisions() {
      var all = new TreeMap<String, List<String>>();
      for (var key : reference.placements.keySet()) {
        all.put(key.toString(), engine.desired(key).orElseThrow().selected());
      }
      return all;
    }

    void compare(String what) {
      for (var entry : reference.placements.entrySet()) {
        var is = engine.desired(entry.getKey()).orElseThrow();
        var seen = entry.getValue();
        assertThat(is.selected()).as(what + " " + seen.placement).isEqualTo(seen.held);
        assertThat(is.keeps()).as(what).isEqualTo(seen.schedule.keeps());
        if (!is.keeps() && !seen.empty) {
          assertThat(is.groups()).as(what).isEqualTo(seen.schedule.groups());
          assertThat(is.moves()).as(what).isEqualTo(seen.schedule.moves());
          assertThat(is.satisfied().message())
              .as(what)
              .isEqualTo(seen.schedule.satisfied().message());
        }
      }
    }

    private String putCluster(String name) {
      var row = randomRow(name);
      var before = reference.clusters.get(name);
      // Mostly one thing changes at a time, as in life.
      var next =
          before == null || random.nextInt(4) == 0 ? row : mixed(before, row, random.nextInt(5));
      reference.clusters.put(name, next);
      engine.cluster(next, now);
      return "cluster " + next;
    }

    private static ClusterRow mixed(ClusterRow before, ClusterRow row, int what) {
      var mixed =
          new ClusterRow(
              before.name(),
              what == 0 ? row.labels() : before.labels(),
              what == 1 ? row.claims() : before.claims(),
              what == 2 ? row.taints() : before.taints(),
              what == 3 ? row.cpu() : before.cpu(),
              before.memory(),
              before.deleting(),
              null);
      var document = what == 0 ? row.document() : before.document();
      return new ClusterRow(
          mixed.name(),
          mixed.labels(),
          mixed.claims(),
          mixed.taints(),
          mixed.cpu(),
          mixed.memory(),
          mixed.deleting(),
          document);
    }

    private ClusterRow randomRow(String name) {
      var labels = new ArrayList<String>();
      if (random.nextInt(5) > 0) {
        labels.add(
            "cluster.open-cluster-management.io/clusterset: " + pick(List.of("prod", "dev")));
      }
      if (random.nextInt(4) > 0) {
        labels.add("region: " + pick(List.of("eu", "us", "asia")));
      }
      if (random.nextInt(12) == 0) {
        labels.add("heavy: x");
      }
      var taints = new ArrayList<String>();
      if (random.nextInt(3) == 0) {
        taints.add(taint("t", pick(List.of("NoSelect", "NoSelectIfNew", "PreferNoSelect"))));
      }
      if (random.nextInt(3) == 0) {
        taints.add(taint(ClusterRow.UNREACHABLE, "NoSelect"));
      }
      var cpu = pick(List.of("1", "2", "1500m"));
      return Samples.row(
          Samples.cluster(
              """
              {metadata: {name: %s, labels: {%s}%s}, spec: {taints: [%s]},
               status: {clusterClaims: [{name: zone, value: %s}], allocatable: {cpu: "%s"}, capacity: {cpu: "9"}}}
              """
                  .formatted(
                      name,
                      String.join(", ", labels),
                      random.nextInt(15) == 0
                          ? ", deletionTimestamp: \"2026-11-22T12:00:00Z\""
                          : "",
                      String.join(", ", taints),
                      pick(List.of("a", "b")),
                      cpu)));
    }

    private String taint(String key, String effect) {
      return "{key: %s, effect: %s, timeAdded: \"%s\"}"
          .formatted(key, effect, now.minusSeconds(random.nextInt(60)));
    }

    private String removeCluster() {
      var name = "c" + random.nextInt(9);
      reference.clusters.remove(name);
      engine.clusterGone(name, now);
      return "gone " + name;
    }

    private String putPlacement(String name) {
      var spec = new ArrayList<String>();
      if (random.nextInt(3) > 0) {
        spec.add("numberOfClusters: " + (random.nextInt(20) == 0 ? -1 : random.nextInt(5)));
      }
      maybe(spec, 5, "clusterSets: [" + pick(SETS) + ", missing]");
      maybe(
          spec,
          2,
          "predicates: [" + predicate() + (random.nextBoolean() ? "" : ", " + predicate()) + "]");
      maybe(spec, 2, "tolerations: [" + toleration() + "]");
      maybe(spec, 2, prioritizers());
      maybe(
          spec,
          4,
          "spreadPolicy: {spreadConstraints: [{topologyKey: region, topologyKeyType: Label, maxSkew: 1, whenUnsatisfiable: %s}]}"
              .formatted(pick(List.of("DoNotSchedule", "ScheduleAnyway"))));
      maybe(
          spec,
          3,
          "decisionStrategy: {groupStrategy: {clustersPerDecisionGroup: %s, decisionGroups: [{groupName: first, groupClusterSelector: {labelSelector: {matchLabels: {region: eu}}}}]}}"
              .formatted(pick(List.of("1", "50%", "100%"))));
      maybe(spec, 5, "sortBy: Score");
      maybe(
          spec,
          3,
          "moves: {maxPerWindow: %s, windowSeconds: 20, failoverGraceSeconds: %d}"
              .formatted(pick(List.of("1", "50%")), random.nextInt(60)));
      var placement =
          Samples.placement(pick(NAMESPACES), name, "{" + String.join(", ", spec) + "}");
      var old = reference.placements.get(placement.key());
      var seen = new Reference.Seen(placement);
      if (old == null) {
        reference.placements.put(placement.key(), seen);
      } else if (old.placement.spec().equals(placement.spec())) {
        seen = old;
      } else {
        seen.held = old.held;
        seen.moves = old.moves;
        reference.placements.put(placement.key(), seen);
      }
      engine.placement(placement, now);
      return "placement " + placement;
    }

    private void maybe(List<String> spec, int oneIn, String field) {
      if (random.nextInt(oneIn) == 0) {
        spec.add(field);
      }
    }

    private String predicate() {
      return switch (random.nextInt(8)) {
        case 0 -> "{requiredClusterSelector: {labelSelector: {matchLabels: {region: eu}}}}";
        case 1 ->
            "{requiredClusterSelector: {labelSelector: {matchExpressions: [{key: region, operator: NotIn, values: [us]}]}}}";
        case 2 ->
            "{requiredClusterSelector: {labelSelector: {matchExpressions: [{key: region, operator: DoesNotExist}]}}}";
        case 3 ->
            "{requiredClusterSelector: {claimSelector: {matchExpressions: [{key: zone, operator: In, values: [a]}]}}}";
        case 4 -> "{requiredClusterSelector: {celSelector: {celExpressions: [label region eu]}}}";
        case 5 -> "{requiredClusterSelector: {celSelector: {celExpressions: [score res s 1]}}}";
        case 6 -> "{requiredClusterSelector: {celSelector: {celExpressions: [costly heavy]}}}";
        default ->
            "{requiredClusterSelector: {labelSelector: {matchExpressions: [{key: region, operator: In}]}}}"; // broken
      };
    }

    private String toleration() {
      return switch (random.nextInt(4)) {
        case 0 -> "{key: t, operator: Exists}";
        case 1 -> "{operator: Exists, tolerationSeconds: " + random.nextInt(90) + "}";
        case 2 -> "{key: t, operator: Equal, value: x}";
        default -> "{key: " + ClusterRow.UNREACHABLE + ", operator: Exists, tolerationSeconds: 30}";
      };
    }

    private String prioritizers() {
      return "prioritizerPolicy: {mode: %s, configurations: [%s]}"
          .formatted(
              pick(List.of("Exact", "Additive")),
              pick(
                  List.of(
                      "{scoreCoordinate: {builtIn: ResourceAllocatableCPU}, weight: 2}",
                      "{scoreCoordinate: {builtIn: Balance}, weight: 3}",
                      "{scoreCoordinate: {type: AddOn, addOn: {resourceName: res, scoreName: s}}, weight: 1}",
                      "{scoreCoordinate: {builtIn: Steady}, weight: -1}")));
    }

    private String removePlacement() {
      var key = Key.of(pick(NAMESPACES), "p" + random.nextInt(6));
      reference.placements.remove(key);
      engine.placementGone(key, now);
      engine.observed(key, List.of()); // its decisions go with it
      return "gone " + key;
    }

    private String bind(String namespace, String set) {
      bySets = true;
      reference.bindings.computeIfAbsent(namespace, _ -> new TreeSet<>()).add(set);
      engine.bound(namespace, set, now);
      return "bound " + set + " to " + namespace;
    }

    private String unbind(String namespace, String set) {
      bySets = true;
      reference.bindings.computeIfAbsent(namespace, _ -> new TreeSet<>()).remove(set);
      engine.unbound(namespace, set, now);
      return "unbound " + set + " from " + namespace;
    }

    private String putSet(String name) {
      bySets = !reference.sets.containsKey(name);
      var set =
          name.equals("wide")
              ? Samples.read(
                  "{metadata: {name: wide}, spec: {clusterSelector: {selectorType: LabelSelector, labelSelector: {matchLabels: {region: %s}}}}}"
                      .formatted(pick(List.of("eu", "us"))),
                  ManagedClusterSet.class)
              : Samples.set(name);
      reference.sets.put(name, set);
      engine.set(set, now);
      return "set " + set;
    }

    private String removeSet() {
      bySets = true;
      var name = pick(SETS);
      reference.sets.remove(name);
      engine.setGone(name, now);
      return "gone set " + name;
    }

    private String passTime() {
      now = now.plusSeconds(random.nextInt(25));
      return "time " + now;
    }

    private String putScore() {
      var cluster = "c" + random.nextInt(9);
      if (random.nextInt(5) == 0) {
        if (reference.scores.getOrDefault("res", new TreeMap<>()).remove(cluster) != null) {
          scored = cluster + "/res";
        }
        engine.score(Key.of(cluster, "res"), null, now);
        return "no scores of " + cluster;
      }
      var object =
          Samples.scores(
              cluster,
              "res",
              "{scores: [{name: s, value: %d}]%s}"
                  .formatted(
                      random.nextInt(3),
                      random.nextBoolean() ? "" : ", validUntil: \"" + now.plusSeconds(10) + "\""));
      var page = ScoreBook.Page.of(object);
      var before = reference.scores.computeIfAbsent("res", _ -> new TreeMap<>()).put(cluster, page);
      engine.score(Key.of(cluster, "res"), object, now);
      if (!page.equals(before)) {
        scored = cluster + "/res";
      }
      return "scores " + object;
    }

    private <T> T pick(List<T> some) {
      return some.get(random.nextInt(some.size()));
    }
  }
}
