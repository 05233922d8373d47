package io.nave.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.registration.api.ManagedCluster;
import io.nave.testkit.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

/// What must hold of every schedule, whatever the world looks like.
class PropertiesTest {
  private static final Key WEB = Key.of("apps", "web");
  private static final int CHANGES = 200;

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 10)
  void neverSelectsAFilteredCluster(long seed) {
    var world = new RandomWorld(seed);
    var looked = 0;
    for (var i = 0; i < CHANGES; i++) {
      world.change();
      for (var seen : world.reference.placements.values()) {
        var schedule = world.engine.desired(seen.placement.key()).orElseThrow();
        // A fault keeps clusters, and so does a budget of moves that is spent.
        if (!schedule.keeps() && !seen.empty && seen.placement.spec().moves() == null) {
          assertThat(world.reference.survivors(seen, world.now))
              .as("change %d of %s", i, seen.placement)
              .containsAll(schedule.selected());
          looked++;
        }
      }
    }
    assertThat(looked).isGreaterThan(CHANGES);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 5)
  void theSameEventsGiveTheSameSchedules(long seed) {
    var one = new RandomWorld(seed);
    var other = new RandomWorld(seed);
    for (var i = 0; i < CHANGES; i++) {
      one.change();
      other.change();
      for (var key : one.reference.placements.keySet()) {
        assertThat(one.engine.desired(key)).isEqualTo(other.engine.desired(key));
      }
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 10)
  void theOrderInWhichThingsAreFoundDoesNotMatter(long seed) {
    var world = new RandomWorld(seed);
    for (var i = 0; i < CHANGES; i++) {
      world.change();
    }
    var random = new Random(seed);
    assertThat(found(world, random)).isEqualTo(found(world, random));
  }

  /// What a hub that starts makes of the world, told in some order.
  private static TreeMap<Key, Schedule> found(RandomWorld world, Random random) {
    var engine = new Engine(Samples.WORDS);
    var tellings = new ArrayList<Runnable>();
    var reference = world.reference;
    reference.clusters.values().forEach(row -> tellings.add(() -> engine.cluster(row, world.now)));
    reference.sets.values().forEach(set -> tellings.add(() -> engine.set(set, world.now)));
    reference.bindings.forEach((namespace, sets) ->
        sets.forEach(set -> tellings.add(() -> engine.bound(namespace, set, world.now))));
    reference.placements.forEach(
        (key, seen) -> tellings.add(() -> engine.observed(key, Samples.decisions(seen.held))));
    Collections.shuffle(tellings, random);
    tellings.forEach(Runnable::run);
    // Placements are decided in the order of their arrival: that order does matter.
    reference.placements.values().forEach(seen -> engine.placement(seen.placement, world.now));
    engine.begin(world.now);
    var schedules = new TreeMap<Key, Schedule>();
    reference
        .placements
        .keySet()
        .forEach(key -> schedules.put(key, engine.desired(key).orElseThrow()));
    return schedules;
  }

  /// More weight never makes the chosen clusters worse by what is weighed.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 50)
  void moreWeightNeverChoosesWorse(long seed) {
    var random = new Random(seed);
    var clusters = new ArrayList<ManagedCluster>();
    var scores = new TreeMap<String, Integer>();
    for (var i = 0; i < 20; i++) {
      clusters.add(
          Samples.inProd(
              "c" + i,
              "status: {allocatable: {cpu: %d, memory: %dGi}, capacity: {cpu: 99, memory: 99Gi}}"
                  .formatted(1 + random.nextInt(8), 1 + random.nextInt(8))));
      scores.put("c" + i, random.nextInt(201) - 100);
    }
    var wanted = 1 + random.nextInt(19);
    var others = random.nextInt(21) - 10;
    var last = Integer.MIN_VALUE;
    for (var weight = -10; weight <= 10; weight++) {
      var sum = chosen(clusters, scores, wanted, weight, others).mapToInt(scores::get).sum();
      assertThat(sum).as("weight %d beside %d", weight, others).isGreaterThanOrEqualTo(last);
      last = sum;
    }
  }

  private static java.util.stream.Stream<String> chosen(
      List<ManagedCluster> clusters,
      TreeMap<String, Integer> scores,
      int wanted,
      int weight,
      int others) {
    var engine = engine(clusters);
    scores.forEach((cluster, value) ->
        engine.score(
            Key.of(cluster, "load"),
            Samples.scores(cluster, "load", "{scores: [{name: s, value: " + value + "}]}"),
            Samples.NOW));
    engine.placement(
        Samples.placement(
            """
            {numberOfClusters: %d, prioritizerPolicy: {mode: Exact, configurations: [
            {scoreCoordinate: {type: AddOn, addOn: {resourceName: load, scoreName: s}}, weight: %d},
            {scoreCoordinate: {builtIn: ResourceAllocatableCPU}, weight: %d},
            {scoreCoordinate: {builtIn: ResourceAllocatableMemory}, weight: 3}]}}
            """
                .formatted(wanted, weight, others)),
        Samples.NOW);
    engine.begin(Samples.NOW);
    return engine.desired(WEB).orElseThrow().selected().stream();
  }

  /// One cluster that comes, goes, falls ill or heals moves itself, or takes one place.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void oneClusterMovesAtMostOneOther(long seed) {
    var random = new Random(seed);
    var engine = engine(List.of());
    engine.placement(
        Samples.placement("{numberOfClusters: %d}".formatted(1 + random.nextInt(6))), Samples.NOW);
    engine.begin(Samples.NOW);
    for (var i = 0; i < 100; i++) {
      var before = new TreeSet<>(engine.desired(WEB).orElseThrow().selected());
      var name = "c" + random.nextInt(12);
      switch (random.nextInt(4)) {
        case 0 -> engine.clusterGone(name, Samples.NOW);
        case 1 ->
            engine.cluster(
                Samples.row(Samples.tainted(name, "{key: ill, effect: NoSelect}")), Samples.NOW);
        default -> engine.cluster(Samples.row(Samples.inProd(name, "")), Samples.NOW);
      }
      var after = new TreeSet<>(engine.desired(WEB).orElseThrow().selected());
      var left = new TreeSet<>(before);
      left.removeAll(after);
      var joined = new TreeSet<>(after);
      joined.removeAll(before);
      assertThat(left).as("change %d of %s", i, name).isSubsetOf(name);
      assertThat(joined).hasSizeLessThanOrEqualTo(1);
    }
  }

  private static Engine engine(List<ManagedCluster> clusters) {
    var engine = new Engine(Samples.WORDS);
    engine.set(Samples.set("prod"), Samples.NOW);
    engine.bound("apps", "prod", Samples.NOW);
    clusters.forEach(cluster -> engine.cluster(Samples.row(cluster), Samples.NOW));
    return engine;
  }
}
