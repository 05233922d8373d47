package io.nave.registration.hub;

import io.nave.api.ApiError;
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
import java.util.function.Function;

/// Lets a deleted cluster go in order (spec §4.7): first its add-ons, then its works, which its
/// agent takes off the cluster, each by `cleanup-priority`; then its rights, last its finalizers.
/// The namespace stays. What it waits for stands in the condition `Deleting`.
///
/// A cluster that is gone for good cannot take anything off: with the annotation
/// [ManagedCluster#FORCE_DETACH] the finalizers of its add-ons and works are taken off here.
///
/// - Reads: `ManagedCluster` (primary), the add-ons and ManifestWorks of its namespace, its rights.
/// - Writes: deletes those, the condition `Deleting`, the finalizers.
/// - Safe to repeat: each pass does what is left to do.
public final class DepartureReconciler implements Reconciler {
  static final String CLEANUP_FINALIZER = "cluster.open-cluster-management.io/resource-cleanup";

  /// In this order; the next kind starts only when none of the former is left.
  static final List<ResourceType> KINDS = List.of(HubKinds.ADD_ON, HubKinds.WORK);

  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final String PRIORITY = "open-cluster-management.io/cleanup-priority";
  private static final int PRIORITY_MAX = 100;
  private static final String DELETING = "Deleting";
  private static final Condition DONE =
      Condition.of(DELETING, true, "NoResource", "No cleaned resource in cluster ns.");

  /// The little this reconciler needs; `HubRightsWorld` serves it from caches and the client.
  interface World extends AcceptanceReconciler.Present {
    Optional<ApiObject> cluster(Key key);

    /// The objects of a namespace, in order; asked of the API.
    List<ApiObject> list(ResourceType type, String namespace);

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
    if (cluster != null && !cluster.deleting()) {
      return new Outcome.Settled();
    }
    try {
      Function<ResourceType, List<ApiObject>> left = type -> world.list(type, key.name());
      var plan =
          cluster == null
              ? afterwards(key.name(), world, left)
              : plan(cluster, world, left, world.now());
      world.write(plan.writes());
      return plan.outcome();
    } catch (ApiError e) {
      if (cluster != null && !e.is(ApiError.Reason.CONFLICT)) {
        var failed = Condition.of(DELETING, false, "DeletingError", String.valueOf(e.getMessage()));
        world.write(ClusterStatus.condition(cluster, failed, world.now()));
      }
      throw e;
    }
  }

  /// For a cluster that is gone before it was cleaned up, because someone took its finalizers off:
  /// the same in its namespace, with nobody left to tell. A namespace that was never given to a
  /// cluster is nobody's to clear.
  static AcceptanceReconciler.Plan afterwards(
      String name,
      AcceptanceReconciler.Present present,
      Function<ResourceType, List<ApiObject>> left) {
    var namespace = present.find(HubKinds.NAMESPACE, Key.of(name)).orElse(null);
    if (namespace == null || !name.equals(namespace.labels().get(ManagedCluster.NAME_LABEL))) {
      return AcceptanceReconciler.Plan.NOTHING;
    }
    for (var type : KINDS) {
      var objects = left.apply(type);
      if (!objects.isEmpty()) {
        return new AcceptanceReconciler.Plan(
            removals(type, objects, false),
            new Outcome.CheckAfter(AcceptanceReconciler.WORKS_RECHECK));
      }
    }
    return new AcceptanceReconciler.Plan(rights(name, present), new Outcome.Settled());
  }

  /// Pure: every branch is one row of `DeparturePlanTest`.
  ///
  /// @param left what is there of one kind; asked only while a finalizer of ours is there
  static AcceptanceReconciler.Plan plan(
      ApiObject cluster,
      AcceptanceReconciler.Present present,
      Function<ResourceType, List<ApiObject>> left,
      Instant now) {
    if (!cluster.finalizers().contains(AcceptanceReconciler.FINALIZER)
        && !cluster.finalizers().contains(CLEANUP_FINALIZER)) {
      return AcceptanceReconciler.Plan.NOTHING;
    }
    for (var type : KINDS) {
      var objects = left.apply(type);
      if (!objects.isEmpty()) {
        return clear(cluster, type, objects, now);
      }
    }
    return release(cluster, present, now);
  }

  private static AcceptanceReconciler.Plan clear(
      ApiObject cluster, ResourceType type, List<ApiObject> left, Instant now) {
    var force = cluster.annotations().containsKey(ManagedCluster.FORCE_DETACH);
    var writes = removals(type, left, force);
    var held = left.stream().filter(object -> !object.finalizers().isEmpty()).count();
    var message =
        "The resource %s is remaning, the remaining count is %d, the finalizer pending count is %d"
            .formatted(type.plural(), left.size(), held);
    var condition = Condition.of(DELETING, false, "ResourceRemaining", message);
    writes.addAll(ClusterStatus.condition(cluster, condition, now));
    return new AcceptanceReconciler.Plan(
        List.copyOf(writes), new Outcome.CheckAfter(AcceptanceReconciler.WORKS_RECHECK));
  }

  /// @param force whether nobody is waited for
  private static List<Write> removals(ResourceType type, List<ApiObject> left, boolean force) {
    var lowest = left.stream().mapToInt(DepartureReconciler::priority).min().orElse(0);
    var writes = new ArrayList<Write>();
    for (var object : left) {
      if (force) {
        Wanted.release(type, object, object.finalizers()).ifPresent(writes::add);
      }
      if (force || priority(object) == lowest) {
        Wanted.remove(type, object).ifPresent(writes::add);
      }
    }
    return writes;
  }

  /// Absent, unreadable or out of bounds counts as 0.
  static int priority(ApiObject object) {
    try {
      var priority = Integer.parseInt(object.annotations().getOrDefault(PRIORITY, "0"));
      return priority < 0 || priority > PRIORITY_MAX ? 0 : priority;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// First says that nothing is left; the change of the condition wakes the pass that lets go.
  private static AcceptanceReconciler.Plan release(
      ApiObject cluster, AcceptanceReconciler.Present present, Instant now) {
    var done = ClusterStatus.condition(cluster, DONE, now);
    if (!done.isEmpty()) {
      return new AcceptanceReconciler.Plan(done, new Outcome.Settled());
    }
    var writes = rights(cluster.name(), present);
    Wanted.release(CLUSTER, cluster, List.of(AcceptanceReconciler.FINALIZER, CLEANUP_FINALIZER))
        .ifPresent(writes::add);
    return new AcceptanceReconciler.Plan(List.copyOf(writes), new Outcome.Settled());
  }

  /// What takes its rights away, the last one made first.
  private static List<Write> rights(String cluster, AcceptanceReconciler.Present present) {
    var writes = new ArrayList<Write>();
    for (var wanted : ClusterRights.accepted(cluster)) {
      var found = present.find(wanted.type(), wanted.object().key()).orElse(null);
      if (found != null && !wanted.type().equals(HubKinds.NAMESPACE)) {
        Wanted.remove(wanted.type(), found).ifPresent(writes::addFirst);
        Wanted.release(wanted.type(), found, List.of(ClusterRights.WORK_FINALIZER))
            .ifPresent(writes::addFirst);
      }
    }
    return writes;
  }
}
