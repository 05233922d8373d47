package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.applications.api.Application;
import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;

/// - Goal: as [SliceSimTest], for any order of faults and changes.
/// - Method: people change, move, remove and bring back the application and meddle in clusters; hub
///   and agents crash, are cut off and run out of disk, at any time, and some messages are lost and
///   some arrive twice; then all is calm for a while.
final class ChaosSimTest {
  private static final ResourceType APPLICATION = ResourceType.of(Application.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final int STEPS = 25;
  private static final Duration CALM = Duration.ofMinutes(12);

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 6)
  void everythingConvergesWhateverHappens(long seed) {
    Telling.of(seed, world -> new Chaos(world).run());
  }

  /// - Goal: a world leaves nothing behind in this process that changes another one.
  /// - Method: the troubles of a world, without the calm after them, are told twice.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 1)
  void anotherWorldInBetweenLeavesNoTrace(long seed) {
    var first = Telling.of(seed, world -> new Chaos(world).trouble());
    Telling.of(seed + 1, world -> new Chaos(world).trouble());
    var again = Telling.of(seed, world -> new Chaos(world).trouble());
    assertThat(again.equals(first)).as("the same history, byte for byte").isTrue();
  }

  private static final class Chaos {
    private final SplittableRandom random;
    private final SimWorld world;
    private final Fleet fleet;
    private final Scribe scribe;

    Chaos(SimWorld world) {
      this.world = world;
      random = new SplittableRandom(world.seed());
      fleet = Fleet.of(world, 3);
      scribe = Scribe.start(fleet);
    }

    void run() {
      trouble();
      world.network().loss(0);
      world.network().doubles(0);
      world.run(CALM);
      check();
    }

    void trouble() {
      fleet.join();
      world.network().loss(random.nextInt(3) * 0.01);
      world.network().doubles(random.nextInt(3) * 0.05);
      fleet.apply(Shop.yaml(1));
      for (var step = 0; step < STEPS; step++) {
        step();
        world.run(Duration.ofMillis(random.nextInt(15_000)));
      }
    }

    private void step() {
      var name = fleet.names().get(random.nextInt(fleet.names().size()));
      switch (random.nextInt(11)) {
        case 0 -> hubCrash();
        case 1 -> agentCrash(name);
        case 2 -> cut(name);
        case 3 -> hubDiskFull();
        case 4 -> agentDiskFull(name);
        case 5, 6 -> fleet.apply(Shop.yaml(random.nextInt(1, 5)));
        case 7 -> cordonOrNot(name);
        case 8 -> meddle(name);
        case 9 -> fleet.administrator().delete(APPLICATION, Shop.APPLICATION);
        default -> fleet.administrator().delete(WORK, Key.of(name, Shop.WORK));
      }
    }

    private Duration later() {
      return Duration.ofMillis(random.nextInt(random.nextInt(8) == 0 ? 600_000 : 30_000));
    }

    private void hubCrash() {
      fleet.crashHub();
      world.at(later(), fleet::restartHub);
    }

    private void agentCrash(String name) {
      fleet.crashAgent(name);
      world.at(later(), () -> fleet.restartAgent(name));
    }

    private void cut(String name) {
      fleet.partition(name);
      world.at(later(), () -> fleet.heal(name));
    }

    private void hubDiskFull() {
      world.log("hub store full");
      var platter = fleet.hub().platter();
      platter.full(true);
      world.at(Duration.ofMillis(random.nextInt(60_000)), () -> platter.full(false));
    }

    private void agentDiskFull(String name) {
      var disk = fleet.cluster(name).agentHost().disk();
      disk.full(true);
      world.at(later(), () -> disk.full(false));
    }

    private void cordonOrNot(String name) {
      if (random.nextBoolean()) {
        fleet.administrator().cordon(name);
      } else {
        fleet.administrator().uncordon(name);
      }
    }

    /// Someone changes or removes what is not theirs.
    private void meddle(String name) {
      var cluster = fleet.cluster(name).client();
      var type = SimCluster.WATCHED.get(random.nextInt(SimCluster.WATCHED.size()));
      var key = Key.of(Shop.NAMESPACE, type.kind().equals("ConfigMap") ? "settings" : "web");
      world.log("someone meddles with " + type.kind() + " in " + name);
      try {
        if (random.nextBoolean()) {
          cluster.delete(type, key, null);
        } else if (type.kind().equals("Deployment")) {
          cluster.patch(
              type, key, "", Patch.merge(body -> body.putObject("spec").put("replicas", 9)));
        } else {
          cluster.patch(
              type, key, "", Patch.merge(body -> body.putObject("metadata").putNull("labels")));
        }
      } catch (ApiError e) {
        assertThat(e.is(ApiError.Reason.NOT_FOUND)).as("%s", e).isTrue();
      }
    }

    private void check() {
      for (var name : fleet.names()) {
        assertThat(fleet.witness().joined(name)).as(name + " is available").isTrue();
      }
      var chosen = fleet.witness().chosen(Shop.NAMESPACE);
      var there = fleet.witness().application(Shop.APPLICATION).isPresent();
      if (!there || !chosen.isEmpty()) { // when no cluster is left, what runs stays where it is
        assertThat(fleet.witness().healthyOn(Shop.APPLICATION))
            .as("where it is healthy")
            .isEqualTo(there ? chosen : List.of());
      }
      scribe.check(fleet);
      new Promises(fleet).check();
    }
  }
}
