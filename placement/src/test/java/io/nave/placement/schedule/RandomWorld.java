package io.nave.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedCluster.Taint;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// A world that changes at random, told to an engine and to the reference.
final class RandomWorld {
  private static final List<String> SETS = List.of("prod", "dev", "wide");
  private static final List<String> NAMESPACES = List.of("apps", "ops");

  final Map<String, ManagedCluster> clusters = new TreeMap<>();
  final Random random;
  final Engine engine = new Engine(Samples.WORDS);
  final Reference reference = new Reference();
  Instant now = Samples.NOW;
  private boolean bySets;
  private String scored = "";

  RandomWorld(long seed) {
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

  Supplier<String> change() {
    bySets = false;
    scored = "";
    var what = tell();
    engine.tick(now);
    reference.settle(now, bySets, scored);
    return what;
  }

  private Supplier<String> tell() {
    return switch (random.nextInt(20)) {
      case 0 -> removeCluster();
      case 1 -> putPlacement("p" + random.nextInt(6));
      case 2 -> removePlacement();
      case 3 -> bind(pick(NAMESPACES), pick(SETS));
      case 4 -> unbind(pick(NAMESPACES), pick(SETS));
      case 5 -> putSet(pick(SETS));
      case 6 -> random.nextInt(4) == 0 ? removeSet() : () -> "nothing";
      case 7, 8 -> passTime();
      case 9, 10 -> putScore();
      default -> putCluster("c" + random.nextInt(9));
    };
  }

  /// Asks what a change would do, makes it, and compares.
  void askThenChange(String what) {
    engine.tick(now);
    reference.settle(now, false, "");
    var before = decisions();
    engine.drain();
    var asked = hypothesis();
    var told = WhatIf.ask(engine, List.of(asked), now);
    assertThat(decisions()).as(what + ": asking changes nothing").isEqualTo(before);
    happen(asked);
    reference.settle(now, false, "");
    compare(() -> what + ": " + asked);
    var after = decisions();
    var differ = new TreeSet<String>();
    after.forEach((key, chosen) -> {
      if (WhatIf.differ(before.get(key), chosen)) {
        differ.add(key);
      }
    });
    assertThat(told)
        .extracting(d -> d.placement().toString())
        .as(what + ": " + asked)
        .isEqualTo(List.copyOf(differ));
    for (var difference : told) {
      var key = difference.placement().toString();
      var is = before.get(key);
      var then = new TreeSet<>(is == null ? List.of() : is.selected());
      then.removeAll(difference.removed());
      then.addAll(difference.added());
      assertThat(List.copyOf(then)).as(what + ": " + asked).isEqualTo(after.get(key).selected());
      assertThat(difference.replicas()).isEqualTo(after.get(key).replicas());
    }
    change();
  }

  private WhatIf.Change hypothesis() {
    var name = "c" + random.nextInt(9);
    var kind = clusters.containsKey(name) ? random.nextInt(6) : 0;
    return switch (kind) {
      case 0, 1 -> new WhatIf.Change.Cluster(Codec.encode(randomCluster(name)));
      case 2 -> new WhatIf.Change.Gone(name);
      case 3 -> new WhatIf.Change.Tainted(name, new Taint("t", "x", "NoSelect", null));
      case 4 ->
          new WhatIf.Change.Labelled(
              name,
              Map.of(
                  "region",
                  random.nextBoolean()
                      ? Optional.of(pick(List.of("eu", "us")))
                      : Optional.empty()));
      default -> new WhatIf.Change.Edited(randomPlacement("p" + random.nextInt(6)));
    };
  }

  /// What the people and controllers of a hub would do.
  private void happen(WhatIf.Change change) {
    switch (change) {
      case WhatIf.Change.Cluster(var object) -> become(Codec.decode(object, ManagedCluster.class));
      case WhatIf.Change.Gone(var cluster) -> lose(cluster);
      case WhatIf.Change.Tainted(var cluster, var taint) -> {
        var is = clusters.get(cluster);
        var taints = new ArrayList<>(is.spec().taints());
        taints.removeIf(each -> each.key().equals(taint.key()));
        taints.add(new Taint(taint.key(), taint.value(), taint.effect(), now));
        var spec = new ManagedCluster.Spec(false, null, List.of(), taints);
        become(new ManagedCluster(is.metadata(), spec, is.status()));
      }
      case WhatIf.Change.Labelled(var cluster, var labels) -> {
        var is = clusters.get(cluster);
        var next = new TreeMap<>(is.metadata().labels());
        labels.forEach((key, value) ->
            value.ifPresentOrElse(text -> next.put(key, text), () -> next.remove(key)));
        become(new ManagedCluster(is.metadata().withLabels(next), is.spec(), is.status()));
      }
      case WhatIf.Change.Edited(var placement) -> edit(placement);
      case WhatIf.Change.Untainted _ -> throw new AssertionError("not asked here");
    }
  }

  private TreeMap<String, Schedule> decisions() {
    var all = new TreeMap<String, Schedule>();
    for (var key : reference.placements.keySet()) {
      all.put(key.toString(), engine.desired(key).orElseThrow());
    }
    return all;
  }

  /// Fails when the engine and the reference differ.
  void compare(Supplier<String> what) {
    reference.placements.forEach((key, seen) -> {
      var is = engine.desired(key).orElseThrow();
      if (!agrees(is, seen)) {
        assertThat(is).as(what.get() + " " + seen.placement).isEqualTo(seen.schedule);
        throw new AssertionError(what.get() + ": " + is + " but holds " + seen.held);
      }
    });
  }

  private static boolean agrees(Schedule is, Reference.Seen seen) {
    return is.selected().equals(seen.held)
        && is.keeps() == seen.schedule.keeps()
        && (is.keeps()
            || seen.empty
            || (is.groups().equals(seen.schedule.groups())
                && Objects.equals(is.moves(), seen.schedule.moves())
                && is.satisfied().message().equals(seen.schedule.satisfied().message())));
  }

  private Supplier<String> putCluster(String name) {
    var fresh = randomCluster(name);
    var before = clusters.get(name);
    // Mostly one thing changes at a time, as in life.
    var next =
        before == null || random.nextInt(4) == 0 ? fresh : mixed(before, fresh, random.nextInt(5));
    become(next);
    return () -> "cluster " + next;
  }

  void become(ManagedCluster cluster) {
    var row = Samples.row(cluster);
    clusters.put(row.name(), cluster);
    reference.clusters.put(row.name(), row);
    engine.cluster(row, now);
  }

  private static ManagedCluster mixed(ManagedCluster before, ManagedCluster fresh, int what) {
    var status = before.status();
    return switch (what) {
      case 0 -> new ManagedCluster(fresh.metadata(), before.spec(), status);
      case 1 ->
          with(before, fresh.status().clusterClaims(), status.allocatable(), status.capacity());
      case 2 -> new ManagedCluster(before.metadata(), fresh.spec(), status);
      case 3 ->
          with(
              before,
              status.clusterClaims(),
              fresh.status().allocatable(),
              fresh.status().capacity());
      default -> before;
    };
  }

  private static ManagedCluster with(
      ManagedCluster cluster,
      List<ManagedCluster.Claim> claims,
      Map<String, String> allocatable,
      Map<String, String> capacity) {
    return new ManagedCluster(
        cluster.metadata(),
        cluster.spec(),
        new ManagedCluster.Status(List.of(), capacity, allocatable, null, claims, List.of(), null));
  }

  ManagedCluster randomCluster(String name) {
    var labels = new TreeMap<String, String>();
    if (random.nextInt(5) > 0) {
      labels.put(ManagedCluster.SET_LABEL, pick(List.of("prod", "dev")));
    }
    if (random.nextInt(4) > 0) {
      labels.put("region", pick(List.of("eu", "us", "asia")));
    }
    if (random.nextInt(8) == 0) {
      labels.put("heavy", "x");
    }
    var taints = new ArrayList<Taint>();
    if (random.nextInt(3) == 0) {
      taints.add(taint("t", pick(List.of("NoSelect", "NoSelectIfNew", "PreferNoSelect"))));
    }
    if (random.nextInt(3) == 0) {
      taints.add(taint(ClusterRow.UNREACHABLE, "NoSelect"));
    }
    var deleted = random.nextInt(15) == 0 ? Samples.NOW : null;
    var bare =
        new ManagedCluster(
            new Meta(
                name, "", "", "", "", 0, null, deleted, labels, Map.of(), List.of(), List.of()),
            new ManagedCluster.Spec(false, null, List.of(), taints),
            null);
    return with(
        bare,
        List.of(new ManagedCluster.Claim("zone", pick(List.of("a", "b")))),
        Map.of("cpu", pick(List.of("1", "2", "1500m"))),
        Map.of("cpu", "9"));
  }

  private Taint taint(String key, String effect) {
    return new Taint(key, null, effect, now.minusSeconds(random.nextInt(60)));
  }

  private Supplier<String> removeCluster() {
    var name = "c" + random.nextInt(9);
    lose(name);
    return () -> "gone " + name;
  }

  void lose(String name) {
    clusters.remove(name);
    reference.clusters.remove(name);
    engine.clusterGone(name, now);
  }

  private Supplier<String> putPlacement(String name) {
    var placement = randomPlacement(name);
    edit(placement);
    return () -> "placement " + placement;
  }

  private Placement randomPlacement(String name) {
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
    maybe(
        spec,
        3,
        "replicaDivision: {replicas: %d, by: %s, weights: [{clusterSelector: {labelSelector: {matchLabels: {region: eu}}}, weight: %d}], perReplica: {cpu: %s}}"
            .formatted(
                random.nextInt(12),
                pick(List.of("Equal", "Weight", "FreeCapacity")),
                random.nextInt(4),
                pick(List.of("500m", "100m"))));
    return Samples.placement(pick(NAMESPACES), name, "{" + String.join(", ", spec) + "}");
  }

  void edit(Placement placement) {
    var old = reference.placements.get(placement.key());
    var seen = new Reference.Seen(placement);
    if (old == null) {
      reference.placements.put(placement.key(), seen);
    } else if (old.placement.spec().equals(placement.spec())) {
      seen = old;
    } else {
      seen.held = old.held;
      seen.replicas = old.replicas;
      seen.demand = old.demand;
      seen.moves = old.moves;
      reference.placements.put(placement.key(), seen);
    }
    engine.placement(placement, now);
  }

  private void maybe(List<String> spec, int oneIn, String field) {
    if (random.nextInt(oneIn) == 0) {
      spec.add(field);
    }
  }

  private String predicate() {
    return switch (random.nextInt(9)) {
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
      case 7 -> "{requiredClusterSelector: {celSelector: {celExpressions: [dear heavy]}}}";
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

  private Supplier<String> removePlacement() {
    var key = Key.of(pick(NAMESPACES), "p" + random.nextInt(6));
    reference.placements.remove(key);
    engine.placementGone(key, now);
    engine.observed(key, List.of()); // its decisions go with it
    return () -> "gone " + key;
  }

  private Supplier<String> bind(String namespace, String set) {
    bySets = true;
    reference.bindings.computeIfAbsent(namespace, _ -> new TreeSet<>()).add(set);
    engine.bound(namespace, set, now);
    return () -> "bound " + set + " to " + namespace;
  }

  private Supplier<String> unbind(String namespace, String set) {
    bySets = true;
    reference.bindings.computeIfAbsent(namespace, _ -> new TreeSet<>()).remove(set);
    engine.unbound(namespace, set, now);
    return () -> "unbound " + set + " from " + namespace;
  }

  private Supplier<String> putSet(String name) {
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
    return () -> "set " + set;
  }

  private Supplier<String> removeSet() {
    bySets = true;
    var name = pick(SETS);
    reference.sets.remove(name);
    engine.setGone(name, now);
    return () -> "gone set " + name;
  }

  private Supplier<String> passTime() {
    now = now.plusSeconds(random.nextInt(25));
    return () -> "time " + now;
  }

  private Supplier<String> putScore() {
    var cluster = "c" + random.nextInt(9);
    if (random.nextInt(5) == 0) {
      if (reference.scores.getOrDefault("res", new TreeMap<>()).remove(cluster) != null) {
        scored = cluster + "/res";
      }
      engine.score(Key.of(cluster, "res"), null, now);
      return () -> "no scores of " + cluster;
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
    return () -> "scores " + object;
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }
}
