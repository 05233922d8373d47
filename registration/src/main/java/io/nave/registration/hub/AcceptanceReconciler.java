package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ClusterNames;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Gives an accepted cluster its namespace and its rights, and takes the rights when it is denied
/// (spec §4.3).
///
/// - Reads: `ManagedCluster` (primary), the objects of [ClusterRights].
/// - Writes: those objects, the cluster's finalizer, the condition `HubAcceptedManagedCluster`.
/// - Safe to repeat: what is as it should be is not written; what was edited is put back.
public final class AcceptanceReconciler implements Reconciler {
  static final String FINALIZER = "cluster.open-cluster-management.io/api-resource-cleanup";

  /// What holds an accepted cluster until it was cleaned up; see [DepartureReconciler].
  static final List<String> FINALIZERS = List.of(FINALIZER, DepartureReconciler.CLEANUP_FINALIZER);

  static final Duration WORKS_RECHECK = Duration.ofSeconds(5);

  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Condition ACCEPTED =
      Condition.of(
          ManagedCluster.ACCEPTED,
          true,
          "HubClusterAdminAccepted",
          "Accepted by hub cluster admin");
  private static final Condition DENIED =
      Condition.of(
          ManagedCluster.ACCEPTED, false, "HubClusterAdminDenied", "Denied by hub cluster admin");

  /// The present state of objects by type and key.
  interface Present {
    Optional<ApiObject> find(ResourceType type, Key key);
  }

  /// The little this reconciler needs; `HubRightsWorld` serves it from caches and the client.
  interface World extends Present {
    Optional<ApiObject> cluster(Key key);

    /// How many ManifestWorks there are in a namespace; asked of the API.
    int works(String namespace);

    /// All or none.
    void write(List<Write> writes);

    Instant now();
  }

  /// What is to be done. The condition is written when nothing else has to be on the cluster.
  record Plan(List<Write> writes, Outcome outcome) {
    static final Plan NOTHING = new Plan(List.of(), new Outcome.Settled());
  }

  private final World world;
  private final boolean autoAccept;

  /// @param autoAccept every new cluster is accepted, once
  AcceptanceReconciler(World world, boolean autoAccept) {
    this.world = world;
    this.autoAccept = autoAccept;
  }

  @Override
  public Outcome reconcile(Key key) {
    var cluster = world.cluster(key).orElse(null);
    if (cluster == null) {
      return new Outcome.Settled();
    }
    var plan =
        autoAccept && isNew(cluster)
            ? new Plan(letIn(cluster, world, world.now()), new Outcome.Settled())
            : plan(cluster, world, () -> world.works(key.name()), world.now());
    try {
      world.write(plan.writes());
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.CONFLICT)) {
        world.write(ClusterStatus.condition(cluster, failed(e.getMessage()), world.now()));
      }
      throw e;
    }
    return plan.outcome();
  }

  /// Whether it was never accepted by the hub itself; whoever was is not accepted a second time.
  static boolean isNew(ApiObject object) {
    return !object.deleting()
        && !object.annotations().containsKey(ManagedCluster.AUTO_ACCEPTED)
        && ClusterNames.fault(object.name()).isEmpty();
  }

  /// Accepts a cluster in the hub's own name, and says so.
  static List<Write> letIn(ApiObject object, Present present, Instant now) {
    var at = Instant.ofEpochSecond(now.getEpochSecond()).toString();
    var accept =
        new Write.Change(
            CLUSTER,
            object.key(),
            "",
            Patch.merge(body -> {
              var meta = body.putObject("metadata");
              meta.put("uid", object.uid()).put("resourceVersion", object.resourceVersion());
              meta.putObject("annotations").put(ManagedCluster.AUTO_ACCEPTED, at);
              body.putObject("spec").put("hubAcceptsClient", true);
            }));
    var note = "managed cluster %s is auto approved".formatted(object.name());
    var told =
        HubEvents.namespaceFor(object.name(), key -> present.find(HubKinds.NAMESPACE, key))
            .map(place ->
                HubEvents.of(CLUSTER, object, place, "ManagedClusterAutoApproved", note, now));
    return told.map(event -> List.of(accept, event)).orElse(List.of(accept));
  }

  /// Pure: every branch is one row of `AcceptancePlanTest`.
  ///
  /// @param works asked only where it matters
  static Plan plan(ApiObject object, Present present, IntSupplier works, Instant now) {
    if (object.deleting()) {
      return Plan.NOTHING;
    }
    var cluster = Codec.decode(object, ManagedCluster.class);
    if (cluster.accepted()) {
      return accept(object, present, now);
    }
    var name = object.name();
    var role = present.find(HubKinds.CLUSTER_ROLE, ClusterRights.role(name));
    var wasAccepted =
        Condition.isTrue(cluster.status().conditions(), ManagedCluster.ACCEPTED)
            || role.isPresent();
    return wasAccepted ? deny(object, present, works, now) : Plan.NOTHING;
  }

  private static Plan accept(ApiObject object, Present present, Instant now) {
    var name = object.name();
    var fault = ClusterNames.fault(name);
    if (fault.isPresent()) {
      return new Plan(
          ClusterStatus.condition(object, failed("the cluster's name " + fault.get()), now),
          new Outcome.Stalled("cluster name " + fault.get()));
    }
    if (present.find(HubKinds.NAMESPACE, Key.of(name)).filter(ApiObject::deleting).isPresent()) {
      var message = "namespace " + name + " is being terminated; waiting until it is gone";
      return new Plan(
          ClusterStatus.condition(object, failed(message), now),
          new Outcome.CheckAfter(WORKS_RECHECK));
    }
    var writes = new ArrayList<Write>();
    var held = object.finalizers().containsAll(FINALIZERS);
    if (!held) {
      writes.add(finalizers(object));
    }
    for (var wanted : ClusterRights.accepted(name)) {
      var found = present.find(wanted.type(), wanted.object().key()).orElse(null);
      wanted.toward(found).ifPresent(writes::add);
      if (found != null && found.deleting()) {
        // Held by its finalizer since a denial: let it go, so that it can be made anew.
        Wanted.release(wanted.type(), found, List.of(ClusterRights.WORK_FINALIZER))
            .ifPresent(writes::add);
      }
    }
    if (present.find(HubKinds.NAMESPACE, Key.of(name)).isEmpty()) {
      writes.add(new Write.Create(HubKinds.LEASE, LeaseReconciler.lease(name, now)));
    }
    // The finalizers and the condition are two writes of one revision: the second waits for a pass.
    // Usually the finalizers came with the acceptance (`ClusterAdmission`), and one pass is enough.
    if (held) {
      writes.addAll(condition(object, ACCEPTED, "ManagedClusterAccepted", "accepted", now));
    }
    return new Plan(List.copyOf(writes), new Outcome.Settled());
  }

  private static Plan deny(ApiObject object, Present present, IntSupplier works, Instant now) {
    var name = object.name();
    var writes = new ArrayList<Write>();
    var denied = ClusterRights.denied(name);
    present
        .find(denied.type(), denied.object().key())
        .flatMap(denied::toward)
        .ifPresent(writes::add);
    present
        .find(HubKinds.ROLE_BINDING, ClusterRights.registrationBinding(name))
        .flatMap(binding -> Wanted.remove(HubKinds.ROLE_BINDING, binding))
        .ifPresent(writes::add);
    var work = present.find(HubKinds.ROLE_BINDING, ClusterRights.workBinding(name)).orElse(null);
    if (work != null) {
      Wanted.remove(HubKinds.ROLE_BINDING, work).ifPresent(writes::add);
      if (works.getAsInt() > 0) {
        // The agent may still finish what is being deleted; until then the cluster counts as in.
        return new Plan(List.copyOf(writes), new Outcome.CheckAfter(WORKS_RECHECK));
      }
      Wanted.release(HubKinds.ROLE_BINDING, work, List.of(ClusterRights.WORK_FINALIZER))
          .ifPresent(release -> writes.addFirst(release));
    }
    if (present.find(HubKinds.NAMESPACE, Key.of(name)).filter(n -> !n.deleting()).isPresent()) {
      writes.addAll(condition(object, DENIED, "ManagedClusterDenied", "denied", now));
    } else {
      writes.addAll(ClusterStatus.condition(object, DENIED, now)); // and nowhere to tell of it
    }
    return new Plan(List.copyOf(writes), new Outcome.Settled());
  }

  private static Condition failed(@Nullable String message) {
    return Condition.of(
        ManagedCluster.ACCEPTED, false, "Error", message == null ? "unknown" : message);
  }

  /// The condition and, when it says something new, an event.
  private static List<Write> condition(
      ApiObject object, Condition next, String event, String what, Instant now) {
    var writes = new ArrayList<>(ClusterStatus.condition(object, next, now));
    if (!writes.isEmpty()) {
      var note = "managed cluster %s is %s by hub cluster admin".formatted(object.name(), what);
      writes.add(HubEvents.of(CLUSTER, object, object.name(), event, note, now));
    }
    return writes;
  }

  private static Write finalizers(ApiObject object) {
    return new Write.Change(
        CLUSTER,
        object.key(),
        "",
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", object.uid()).put("resourceVersion", object.resourceVersion());
          var all = new LinkedHashSet<>(object.finalizers());
          all.addAll(FINALIZERS);
          all.forEach(meta.putArray("finalizers")::add);
        }));
  }
}
