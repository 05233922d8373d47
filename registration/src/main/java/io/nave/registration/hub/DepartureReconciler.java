package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Lets a deleted cluster go in order (spec §4.7): first its works, which its agent takes off the
/// cluster, then its rights, last its finalizer. The namespace stays.
///
/// - Reads: `ManagedCluster` (primary), the ManifestWorks of its namespace, its rights.
/// - Writes: deletes those, the condition `Deleting`, the finalizer.
/// - Safe to repeat: each pass does what is left to do.
public final class DepartureReconciler implements Reconciler {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final String DELETING = "Deleting";

  /// The little this reconciler needs; `HubRightsWorld` serves it from caches and the client.
  interface World extends AcceptanceReconciler.Present {
    Optional<ApiObject> cluster(Key key);

    /// The ManifestWorks of a namespace, in order; asked of the API.
    List<ApiObject> listWorks(String namespace);

    /// All or none.
    void write(List<Write> writes);

    Instant now();
  }

  private final World world;

  DepartureReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var cluster = world.cluster(key).orElse(null);
    if (cluster == null || !cluster.deleting()) {
      return new Outcome.Settled();
    }
    var plan = plan(cluster, world, () -> world.listWorks(key.name()), world.now());
    world.write(plan.writes());
    return plan.outcome();
  }

  /// Pure: every branch is one row of `DeparturePlanTest`.
  ///
  /// @param works asked only while the finalizer is there
  static AcceptanceReconciler.Plan plan(
      ApiObject cluster,
      AcceptanceReconciler.Present present,
      Supplier<List<ApiObject>> works,
      Instant now) {
    if (!cluster.finalizers().contains(AcceptanceReconciler.FINALIZER)) {
      return AcceptanceReconciler.Plan.NOTHING;
    }
    var left = works.get();
    return left.isEmpty() ? release(cluster, present) : clear(cluster, left, now);
  }

  private static AcceptanceReconciler.Plan clear(
      ApiObject cluster, List<ApiObject> left, Instant now) {
    var writes = new ArrayList<Write>();
    for (var work : left) {
      Wanted.remove(HubKinds.WORK, work).ifPresent(writes::add);
    }
    var held = left.stream().filter(work -> !work.finalizers().isEmpty()).count();
    var message =
        "The resource %s is remaning, the remaining count is %d, the finalizer pending count is %d"
            .formatted(HubKinds.WORK.plural(), left.size(), held);
    var condition = Condition.of(DELETING, false, "ResourceRemaining", message);
    writes.addAll(ClusterStatus.condition(cluster, condition, now));
    return new AcceptanceReconciler.Plan(
        List.copyOf(writes), new Outcome.CheckAfter(AcceptanceReconciler.WORKS_RECHECK));
  }

  private static AcceptanceReconciler.Plan release(
      ApiObject cluster, AcceptanceReconciler.Present present) {
    var writes = new ArrayList<Write>();
    for (var wanted : ClusterRights.accepted(cluster.name())) {
      var found = present.find(wanted.type(), wanted.object().key()).orElse(null);
      if (found != null && !wanted.type().equals(HubKinds.NAMESPACE)) {
        Wanted.remove(wanted.type(), found).ifPresent(writes::addFirst);
        Wanted.release(wanted.type(), found, List.of(ClusterRights.WORK_FINALIZER))
            .ifPresent(writes::addFirst);
      }
    }
    Wanted.release(CLUSTER, cluster, List.of(AcceptanceReconciler.FINALIZER))
        .ifPresent(writes::add);
    return new AcceptanceReconciler.Plan(List.copyOf(writes), new Outcome.Settled());
  }
}
