package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Selection;
import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/// The hub's own absence is nobody's fault but the hub's.
final class HubAbsenceSimTest {
  /// - Goal: a hub that comes back after hours takes no cluster for silent because of them, so that
  ///   nothing moves and nothing of a user's is removed.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 3)
  void aHubThatWasAwayForHoursMovesNothing(long seed) {
    try (var world = new SimWorld(seed)) {
      var fleet = Fleet.of(world, 3);
      fleet.join();
      fleet.apply(Shop.yaml(2));
      fleet.await("health", () -> fleet.witness().healthyOn(Shop.APPLICATION).size() == 2);
      var chosen = fleet.witness().healthyOn(Shop.APPLICATION);
      var before = objects(fleet);

      fleet.crashHub();
      world.run(Duration.ofHours(2));
      fleet.restartHub();
      world.run(Duration.ofMinutes(20));

      assertThat(objects(fleet)).isEqualTo(before);
      assertThat(fleet.witness().healthyOn(Shop.APPLICATION)).isEqualTo(chosen);
      new Promises(fleet).check();
    }
  }

  private static List<String> objects(Fleet fleet) {
    return fleet.clusters().stream()
        .flatMap(cluster ->
            SimCluster.WATCHED.stream()
                .flatMap(type -> cluster.client().list(type, "", Selection.all()).items().stream())
                .map(object -> cluster.name() + " " + object.kind() + " " + object.uid()))
        .toList();
  }
}
