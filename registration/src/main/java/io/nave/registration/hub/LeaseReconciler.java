package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Watches over the sign of life of a cluster's agent (spec §4.4): makes its lease, and says
/// Unknown when it was not renewed for five times its duration. Saying that all is well again is
/// the agent's to do. How long that is tells [Renewals], not the times that agents write.
///
/// - Reads: `ManagedCluster` (primary), its lease.
/// - Writes: creates the lease; the condition `ManagedClusterConditionAvailable`.
/// - Safe to repeat: a condition that stands is not written again.
public final class LeaseReconciler implements Reconciler {
  /// Renewals missed before a cluster counts as silent.
  static final int GRACE_LEASES = 5;

  static final Condition STOPPED =
      Condition.of(
          ManagedCluster.AVAILABLE,
          "Unknown",
          "ManagedClusterLeaseUpdateStopped",
          "Registration agent stopped updating its lease.");

  /// The little this reconciler needs; `HubLeaseWorld` serves it from caches and the client.
  interface World {
    Optional<ManagedCluster> cluster(Key key);

    Optional<ApiObject> lease(String cluster);

    /// The lease as the API has it at this moment; the other one may lag.
    Optional<ApiObject> freshLease(String cluster);

    void createLease(String cluster);

    void report(Key cluster, Condition condition);

    /// How long this hub has waited for the next renewal of a lease.
    Duration silence(ApiObject lease);
  }

  /// What is to be done.
  sealed interface Decision {
    record Nothing() implements Decision {}

    record Create(Duration grace) implements Decision {}

    record Wait(Duration left) implements Decision {}

    record Report() implements Decision {}
  }

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final World world;

  LeaseReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var cluster = world.cluster(key).orElse(null);
    var lease = world.lease(key.name()).orElse(null);
    return switch (decide(cluster, lease, silence(lease))) {
      case Decision.Nothing() -> new Outcome.Settled();
      case Decision.Create(var grace) -> {
        world.createLease(key.name());
        yield new Outcome.CheckAfter(grace);
      }
      case Decision.Wait(var left) -> new Outcome.CheckAfter(left);
      case Decision.Report() -> report(key, cluster);
    };
  }

  /// A cluster that has just come back may be seen before its renewed lease is.
  private Outcome report(Key key, @Nullable ManagedCluster cluster) {
    var lease = world.freshLease(key.name()).orElse(null);
    if (decide(cluster, lease, silence(lease)) instanceof Decision.Wait(var left)) {
      return new Outcome.CheckAfter(left);
    }
    world.report(key, STOPPED);
    return new Outcome.Settled();
  }

  private Duration silence(@Nullable ApiObject lease) {
    return lease == null ? Duration.ZERO : world.silence(lease);
  }

  /// A cluster's lease as the hub makes it, renewed now.
  static ApiObject lease(String cluster, Instant now) {
    return ApiObject.named(HubKinds.LEASE, cluster, HubKinds.LEASE_NAME)
        .edit(tree -> {
          tree.withObjectProperty("metadata")
              .putObject("labels")
              .put(ManagedCluster.NAME_LABEL, cluster);
          tree.putObject("spec")
              .put("holderIdentity", HubKinds.LEASE_NAME)
              .put("renewTime", MICRO_TIME.format(now.truncatedTo(ChronoUnit.MICROS)));
        });
  }

  /// Pure: every branch is one row of `AvailabilityDecisionTest`.
  static Decision decide(
      @Nullable ManagedCluster cluster, @Nullable ApiObject lease, Duration silence) {
    if (cluster == null
        || cluster.metadata().deleting()
        || Condition.find(cluster.status().conditions(), ManagedCluster.ACCEPTED).isEmpty()) {
      return new Decision.Nothing();
    }
    var grace = cluster.spec().leaseDuration().multipliedBy(GRACE_LEASES);
    if (lease == null) {
      return new Decision.Create(grace);
    }
    var left = grace.minus(silence);
    if (left.isPositive()) {
      return new Decision.Wait(left);
    }
    var availability = Condition.find(cluster.status().conditions(), ManagedCluster.AVAILABLE);
    // The next renewal brings no event here; while a cluster is silent its lease is looked at
    // again when the agent says that it is available.
    return availability.filter(c -> c.status().equals("Unknown")).isPresent()
        ? new Decision.Nothing()
        : new Decision.Report();
  }
}
