package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;

/// - Goal: a rollout goes from cluster to cluster and ends, whoever crashes on the way: each
///   cluster keeps its one work, and never runs an older version after a newer one.
/// - Method: the whole of hub, placement and three agents; a replica set is changed twice, one
///   cluster at a time; meanwhile agents and hub crash, are cut off, and messages are lost and
///   doubled.
final class RolloutChaosSimTest {
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType SET = ResourceType.of(ManifestWorkReplicaSet.class);
  private static final ResourceType CONFIG_MAP = SimCluster.WATCHED.getLast();
  private static final Key SETTINGS = Key.of("default", "rolled");

  /// Its rule says that a ConfigMap is never on its way: without one a progressive rollout would
  /// stop after its first clusters, as upstream's does.
  private static String set(int version) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: team}
    ---
    apiVersion: cluster.open-cluster-management.io/v1beta2
    kind: ManagedClusterSetBinding
    metadata: {name: default, namespace: team}
    spec: {clusterSet: default}
    ---
    apiVersion: cluster.open-cluster-management.io/v1beta1
    kind: Placement
    metadata: {name: all, namespace: team}
    spec:
      tolerations: [{operator: Exists}]
    ---
    apiVersion: work.open-cluster-management.io/v1alpha1
    kind: ManifestWorkReplicaSet
    metadata: {name: rolled, namespace: team}
    spec:
      cascadeDeletionPolicy: Background
      placementRefs:
        - name: all
          rolloutStrategy: {type: Progressive, progressive: {maxConcurrency: 1}}
      manifestWorkTemplate:
        workload:
          manifests:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: rolled, namespace: default}, data: {version: "%d"}}
        manifestConfigs:
          - resourceIdentifier: {group: "", resource: configmaps, namespace: default, name: rolled}
            conditionRules:
              - {type: CEL, condition: Progressing, celExpressions: ["!has(object.data)"]}
    """
        .formatted(version);
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 4)
  void aRolloutEndsWhoeverCrashes(long seed) {
    Telling.of(seed, RolloutChaosSimTest::run);
  }

  private static void run(SimWorld world) {
    var random = new SplittableRandom(world.seed());
    var fleet = Fleet.of(world, 3);
    fleet.join();
    fleet.apply(set(1));
    fleet.await("version 1 everywhere", () -> versions(fleet).equals(List.of("1", "1", "1")));
    var born = works(fleet);

    world.network().loss(0.02);
    world.network().doubles(0.1);
    for (var version = 2; version <= 3; version++) {
      fleet.apply(set(version));
      for (var step = 0; step < 6; step++) {
        trouble(world, fleet, random);
        world.run(Duration.ofMillis(random.nextInt(20_000)));
      }
    }
    world.network().loss(0);
    world.network().doubles(0);
    fleet.await("version 3 everywhere", () -> versions(fleet).equals(List.of("3", "3", "3")));
    world.run(Duration.ofMinutes(5));

    assertThat(works(fleet)).as("changed, not made anew").isEqualTo(born);
    for (var cluster : fleet.clusters()) {
      var history =
          cluster.history("ConfigMap", SETTINGS).stream()
              .map(RolloutChaosSimTest::version)
              .toList();
      assertThat(history).as("what %s ran, in order", cluster.name()).isSorted();
    }
    var summary = fleet.administrator().client().get(SET, Key.of("team", "rolled")).at("/status");
    assertThat(summary.at("/summary/total").asInt(0)).isEqualTo(3);
    assertThat(summary.at("/summary/applied").asInt(0)).isEqualTo(3);
  }

  private static void trouble(SimWorld world, Fleet fleet, SplittableRandom random) {
    var name = fleet.names().get(random.nextInt(3));
    var later = Duration.ofMillis(random.nextInt(20_000));
    switch (random.nextInt(4)) {
      case 0 -> {
        fleet.crashHub();
        world.at(later, fleet::restartHub);
      }
      case 1, 2 -> {
        fleet.crashAgent(name);
        world.at(later, () -> fleet.restartAgent(name));
      }
      default -> {
        fleet.partition(name);
        world.at(later, () -> fleet.heal(name));
      }
    }
  }

  private static String version(ApiObject settings) {
    return settings.at("/data/version").asString("");
  }

  /// Of each cluster, in their order.
  private static List<String> versions(Fleet fleet) {
    return fleet.clusters().stream()
        .map(cluster ->
            cluster
                .find(CONFIG_MAP, SETTINGS.namespace(), SETTINGS.name())
                .map(RolloutChaosSimTest::version)
                .orElse(""))
        .toList();
  }

  /// The uid of every work, by its cluster.
  private static TreeMap<String, String> works(Fleet fleet) {
    var works = new TreeMap<String, String>();
    for (var work : fleet.administrator().client().list(WORK, "", Selection.all()).items()) {
      assertThat(works.put(work.namespace(), work.uid())).as("one work each").isNull();
    }
    return works;
  }
}
