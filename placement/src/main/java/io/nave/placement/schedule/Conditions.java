package io.nave.placement.schedule;

import io.nave.api.Condition;
import java.util.List;
import java.util.Map;

/// The conditions of a Placement, word for word as upstream has them (spec §5.5), and Nave's own.
public final class Conditions {
  public static final String SATISFIED = "PlacementSatisfied";
  public static final String MISCONFIGURED = "PlacementMisconfigured";

  /// Nave's own: whether every set in `spec.clusterSets` is bound.
  public static final String SETS_BOUND = "ClusterSetsBound";

  /// Nave's own: whether clusters wait to be left because the budget of moves is spent.
  public static final String MOVES_PENDING = "MovesPending";

  /// Nave's own: whether silent clusters are kept because too many are silent at once.
  public static final String FAILOVER_HELD = "FailoverHeld";

  /// Nave's own: whether all replicas of spec.replicaDivision found a cluster.
  public static final String REPLICAS_DIVIDED = "ReplicasDivided";

  /// What Nave's own conditions say when there is nothing to say.
  private static final Map<String, Condition> CALM =
      Map.of(
          SETS_BOUND,
          Condition.of(SETS_BOUND, true, "AllSetsBound", "Every set named is bound"),
          MOVES_PENDING,
          Condition.of(MOVES_PENDING, false, "NothingWaits", "No cluster waits to be left"),
          FAILOVER_HELD,
          Condition.of(FAILOVER_HELD, false, "FewSilent", "Clusters that fall silent are left"),
          REPLICAS_DIVIDED,
          Condition.of(REPLICAS_DIVIDED, false, "NothingDivided", "No replicas are divided"));

  private Conditions() {}

  /// The condition that ends one of Nave's own; null for other types.
  public static Condition calm(String type) {
    return CALM.getOrDefault(type, Condition.of(type, false, "", ""));
  }

  /// Types of Nave's own conditions.
  public static List<String> own() {
    return List.of(SETS_BOUND, FAILOVER_HELD, MOVES_PENDING, REPLICAS_DIVIDED);
  }

  static Condition noBindings() {
    return unsatisfied(
        "NoManagedClusterSetBindings",
        "No valid ManagedClusterSetBindings found in placement namespace");
  }

  static Condition noIntersection(List<String> wanted) {
    return unsatisfied(
        "NoIntersection",
        "None of ManagedClusterSets [%s] is bound to placement namespace"
            .formatted(String.join(",", wanted)));
  }

  static Condition allEmpty(List<String> eligible) {
    return unsatisfied(
        "AllManagedClusterSetsEmpty",
        "All ManagedClusterSets [%s] have no member ManagedCluster"
            .formatted(String.join(",", eligible)));
  }

  /// @param wanted how many clusters are asked for
  static Condition outcome(int selected, int wanted) {
    if (selected == 0) {
      return unsatisfied(
          "NoManagedClusterMatched", "No ManagedCluster matches any of the cluster predicate");
    }
    return selected >= wanted
        ? Condition.of(SATISFIED, true, "AllDecisionsScheduled", "All cluster decisions scheduled")
        : unsatisfied(
            "NotAllDecisionsScheduled", (wanted - selected) + " cluster decisions unscheduled");
  }

  static Condition misconfigured(String message) {
    return Condition.of(MISCONFIGURED, true, "Misconfigured", message);
  }

  static Condition configured() {
    return Condition.of(
        MISCONFIGURED, false, "Succeedconfigured", "Placement configurations check pass");
  }

  /// @param index of the set in the list
  static Condition setNotBound(int index, String namespace, String set) {
    return Condition.of(
        SETS_BOUND,
        false,
        "SetNotBound",
        ("spec.clusterSets[%d]: expected a set bound to namespace %s, found \"%s\";"
                + " bind it with a ManagedClusterSetBinding of that name")
            .formatted(index, namespace, set));
  }

  /// @param given how many found a cluster
  static Condition replicas(int given, int wanted, int clusters, String why) {
    return given == wanted
        ? Condition.of(
            REPLICAS_DIVIDED,
            true,
            "AllReplicasDivided",
            given
                + (given == 1 ? " replica is" : " replicas are")
                + " divided over "
                + clusters
                + (clusters == 1 ? " cluster" : " clusters"))
        : Condition.of(
            REPLICAS_DIVIDED,
            false,
            "ReplicasLeftOver",
            "%d of %d replicas found no cluster: %s".formatted(wanted - given, wanted, why));
  }

  private static Condition unsatisfied(String reason, String message) {
    return Condition.of(SATISFIED, false, reason, message);
  }
}
