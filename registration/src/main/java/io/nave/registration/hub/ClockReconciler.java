package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedCluster;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says whether the clock of a cluster's agent agrees with the hub's (spec §4.4): the time an agent
/// writes into its lease must lie within five lease durations of the time it came.
///
/// - Reads: `ManagedCluster` (primary), what came last in its lease.
/// - Writes: the condition `ManagedClusterConditionClockSynced`.
/// - Safe to repeat: a condition that stands is not written again.
public final class ClockReconciler implements Reconciler {
  static final Condition SYNCED =
      Condition.of(
          ManagedCluster.CLOCK_SYNCED,
          true,
          "ManagedClusterClockSynced",
          "The clock of the managed cluster is synced with the hub.");
  static final Condition OUT_OF_SYNC =
      Condition.of(
          ManagedCluster.CLOCK_SYNCED,
          false,
          "ManagedClusterClockOutOfSync",
          "The clock of hub and agent is out of sync. This may cause the Unknown status and affect"
              + " agent functionalities.");

  /// The little this reconciler needs; `HubLeaseWorld` serves it from caches and the client.
  interface World {
    Optional<ManagedCluster> cluster(Key key);

    Optional<ApiObject> object(Key key);

    /// How far the agent's clock was ahead of the hub's at its last renewal; negative: behind; null
    /// when it has renewed nothing yet.
    @Nullable Duration ahead(String cluster);

    void write(List<Write> writes);

    Instant now();
  }

  private final World world;

  ClockReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var object = world.object(key).orElse(null);
    var next = world.cluster(key).map(c -> decide(c, world.ahead(key.name()))).orElse(null);
    if (object != null && next != null) {
      world.write(ClusterStatus.condition(object, next, world.now()));
    }
    return new Outcome.Settled();
  }

  /// Pure: every branch is one row of `ClockDecisionTest`.
  ///
  /// @return the condition to write; null when it stands already or is not to be judged
  static @Nullable Condition decide(ManagedCluster cluster, @Nullable Duration ahead) {
    if (ahead == null
        || cluster.metadata().deleting()
        || "true".equals(cluster.metadata().annotations().get(ManagedCluster.SKIP_CLOCK))) {
      return null;
    }
    var bound = cluster.spec().leaseDuration().multipliedBy(LeaseReconciler.GRACE_LEASES);
    var next = ahead.abs().compareTo(bound) < 0 ? SYNCED : OUT_OF_SYNC;
    return Condition.find(cluster.status().conditions(), ManagedCluster.CLOCK_SYNCED)
            .filter(present -> present.reason().equals(next.reason()))
            .isPresent()
        ? null
        : next;
  }

  /// How far a renewal's time was ahead of the moment it came; null when it holds none.
  static @Nullable Duration ahead(String renewTime, Instant came) {
    try {
      return renewTime.isEmpty() ? null : Duration.between(came, Instant.parse(renewTime));
    } catch (DateTimeException e) {
      return null; // the API server let it pass, so it is one of a form we do not know
    }
  }
}
