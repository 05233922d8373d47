package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says of a set whether it has members (spec §4.5).
///
/// - Reads: `ManagedClusterSet` (primary), the labels of all clusters.
/// - Writes: its condition `ClusterSetEmpty`.
public final class ClusterSetReconciler implements Reconciler {
  private static final String EMPTY = "ClusterSetEmpty";
  private static final ResourceType SET = ResourceType.of(ManagedClusterSet.class);

  /// The little this reconciler needs; `HubSetWorld` serves it from caches and the client.
  interface World {
    Optional<ApiObject> set(Key key);

    /// How many clusters are members.
    long members(Key set);

    void write(List<Write> writes);

    Instant now();
  }

  private final World world;

  ClusterSetReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var set = world.set(key).orElse(null);
    if (set != null && !set.deleting()) {
      var condition = decide(world.members(key));
      world.write(ClusterStatus.condition(SET, set, condition, world.now()));
    }
    return new Outcome.Settled();
  }

  static Condition decide(long members) {
    return members == 0
        ? Condition.of(EMPTY, true, "NoClusterMatched", "No ManagedCluster selected")
        : Condition.of(EMPTY, false, "ClustersSelected", members + " ManagedClusters selected");
  }
}
