package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Yaml;
import io.nave.applications.policies.Treatments;
import io.nave.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;

/// - Goal: whatever is edited, in whatever order hub and agent look, nothing that the application
///   wants is ever deleted in the cluster, and in the end the cluster has what it wants and nothing
///   else; nothing at all when it was deleted (A -> B -> A in quick succession: spec §28).
/// - Method: random edits of which objects there are, of their sizes (so that they change works)
///   and of the order of collection, or works deleted by hand (heirs too) and at last the
///   application; the controller and the agent each look at random moments, the agent at one work
///   at a time.
class OwnershipPropertyTest {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
  private static final List<Integer> SIZES = List.of(10, 10, 150_000, 300_000);
  private static final Treatments PLAIN = Treatments.of(List.of());
  private static final Treatments ORDERED =
      Treatments.of(
          List.of(new Treatments.Given("garbage-collect", Yaml.parse("{order: dependency}"))));
  private static final int STEPS = Boolean.getBoolean("long") ? 2_000 : 150;

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void nothingThatIsWantedIsEverDeleted(long seed) {
    var random = new Random(seed);
    var byHand = random.nextBoolean(); // else the order of collection changes
    var hub = new ClusterModel.Hub();
    var cluster = new ClusterModel();
    Map<String, Integer> spec = new TreeMap<>();
    var wanted = new TreeMap<String, Integer>();
    for (var step = 0; step < STEPS; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> edit(spec, random);
        case 2 -> {
          hub.treatments = (byHand ? seed % 3 : random.nextInt(4)) == 0 ? ORDERED : PLAIN;
          hub.reconcile(spec);
          wanted.clear();
          wanted.putAll(spec);
        }
        case 3 -> {
          if (byHand && random.nextInt(4) == 0) {
            // What the agent does before the controller sees it is what the hand asked for.
            hub.deleteByHand(random).ifPresent(names -> wanted.keySet().removeAll(names));
          }
        }
        default -> hub.step(cluster, random);
      }
      assertThat(cluster.deleted)
          .as("seed %d, step %d: deleted although wanted", seed, step)
          .noneMatch(object -> wanted.containsKey(object.name()));
      cluster.deleted.clear();
    }
    if (!byHand || hub.heirsDeleted || random.nextBoolean()) {
      settle(hub, cluster, spec);
      assertThat(names(cluster)).as("seed " + seed).containsExactlyElementsOf(spec.keySet());
    } else {
      dismantle(hub, cluster, random);
      assertThat(names(cluster)).as("seed " + seed).isEmpty();
    }
  }

  /// The application is deleted in the middle of it.
  private static void dismantle(ClusterModel.Hub hub, ClusterModel cluster, Random random) {
    for (var round = 0; round < 500 && !hub.works().isEmpty(); round++) {
      if (random.nextBoolean()) {
        hub.dismantle();
      } else {
        hub.step(cluster, random);
      }
    }
    assertThat(hub.works()).isEmpty();
    cluster.known().forEach(name -> hub.handled(cluster, name));
  }

  private static void edit(Map<String, Integer> spec, Random random) {
    var name = NAMES.get(random.nextInt(NAMES.size()));
    if (random.nextBoolean()) {
      spec.put(name, SIZES.get(random.nextInt(SIZES.size())));
    } else {
      spec.remove(name);
    }
  }

  private static void settle(
      ClusterModel.Hub hub, ClusterModel cluster, Map<String, Integer> spec) {
    for (var round = 0; round < 8; round++) {
      hub.reconcile(spec);
      cluster.known().forEach(name -> hub.handled(cluster, name));
      hub.works().forEach(work -> hub.handled(cluster, work.metadata().name()));
    }
  }

  private static List<String> names(ClusterModel cluster) {
    return cluster.live.keySet().stream()
        .filter(object -> object.kind().equals("ConfigMap"))
        .map(object -> object.name())
        .sorted()
        .toList();
  }
}
