package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.SplittableRandom;

/// The slice from end to end, with what may go wrong on the way: clusters join, an application
/// comes, changes and moves, while the hub crashes twice, an agent crashes, an agent is cut off and
/// someone deletes under it. When, and whom it hits, is the seed's choice.
final class SliceStory {
  private static final Duration CALM = Duration.ofMinutes(3);
  private static final int[] LATENCIES = {3, 40, 400};

  private final SplittableRandom random;
  private final Fleet fleet;
  private final Scribe scribe;

  private SliceStory(SimWorld world) {
    random = new SplittableRandom(world.seed());
    fleet = Fleet.of(world, 3 + random.nextInt(2));
    scribe = Scribe.start(fleet);
    world.network().loss(random.nextInt(3) * 0.01);
    world.network().latency(Duration.ofMillis(1), Duration.ofMillis(LATENCIES[random.nextInt(3)]));
  }

  /// Runs it to its good end.
  ///
  /// @return the event log
  static String tell(long seed) {
    return Telling.of(seed, world -> new SliceStory(world).run());
  }

  private void run() {
    join();
    hubCrashes(Duration.ofMillis(random.nextInt(8_000)));
    fleet.apply(Shop.yaml(2));
    healthy("after the start");
    cutOff();
    move();
    fleet.world().network().loss(0);
    fleet.world().run(CALM);
    assertThat(fleet.witness().healthyOn(Shop.APPLICATION))
        .hasSize(2)
        .isEqualTo(fleet.witness().chosen(Shop.NAMESPACE));
    assertThat(scribe.count()).isPositive();
    scribe.check(fleet);
    new Promises(fleet).check();
  }

  private void join() {
    hubCrashes(Duration.ofMillis(random.nextInt(20_000)));
    fleet.names().forEach(fleet::startAgent);
    for (var name : fleet.names()) {
      if (random.nextInt(3) == 0) {
        var at = Duration.ofMillis(random.nextInt(20_000));
        fleet.world().at(at, () -> fleet.crashAgent(name));
        fleet.world().at(at.plusMillis(random.nextInt(5_000)), () -> fleet.startAgent(name));
      }
    }
    fleet.letIn();
  }

  private void hubCrashes(Duration after) {
    var away = Duration.ofMillis(random.nextInt(100, 20_000));
    fleet.world().at(after, fleet::crashHub);
    fleet.world().at(after.plus(away), fleet::restartHub);
  }

  private void healthy(String when) {
    fleet.await(
        "healthy on two " + when, () -> fleet.witness().healthyOn(Shop.APPLICATION).size() == 2);
  }

  /// An agent that is cut off repairs what someone deletes, and catches up when it is back.
  private void cutOff() {
    var name = pick();
    fleet.partition(name);
    fleet.world().run(Duration.ofMillis(random.nextInt(5_000)));
    var cluster = fleet.cluster(name);
    var before = fleet.deployment(name, Shop.NAMESPACE, "web").orElseThrow();
    cluster.client().delete(SimCluster.WATCHED.getFirst(), before.key(), null);
    fleet.world().log("someone deletes web in " + name);
    if (random.nextBoolean()) {
      fleet.crashAgent(name);
      fleet.world().run(Duration.ofMillis(random.nextInt(5_000)));
      fleet.restartAgent(name);
    }
    fleet.apply(Shop.yaml(3));
    fleet.await(
        "repair without the hub",
        () ->
            fleet
                .deployment(name, Shop.NAMESPACE, "web")
                .filter(web -> !web.uid().equals(before.uid()))
                .isPresent());
    fleet.world().run(Duration.ofMillis(random.nextInt(60_000)));
    assertThat(replicas(name)).as("what the cut-off agent knows").isEqualTo(2);
    fleet.heal(name);
    fleet.await("the change in " + name, () -> replicas(name) == 3);
    healthy("after the cut");
  }

  private int replicas(String cluster) {
    return fleet
        .deployment(cluster, Shop.NAMESPACE, "web")
        .map(web -> web.at("/spec/replicas").asInt())
        .orElse(0);
  }

  private void move() {
    var name = pick();
    fleet.administrator().cordon(name);
    if (random.nextBoolean()) {
      hubCrashes(Duration.ofMillis(random.nextInt(2_000)));
    }
    fleet.await(
        "the move off " + name,
        () ->
            !fleet.witness().healthyOn(Shop.APPLICATION).contains(name)
                && fleet.witness().healthyOn(Shop.APPLICATION).size() == 2);
    fleet.await(
        name + " to be clean", () -> fleet.deployment(name, Shop.NAMESPACE, "web").isEmpty());
    fleet.await(
        "its work to go",
        () ->
            fleet.witness().works(name).stream()
                .noneMatch(work -> work.key().equals(Key.of(name, Shop.WORK))));
  }

  private String pick() {
    var running = fleet.witness().healthyOn(Shop.APPLICATION);
    return running.get(random.nextInt(running.size()));
  }
}
