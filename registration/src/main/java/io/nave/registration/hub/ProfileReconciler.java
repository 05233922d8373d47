package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.controllers.Statuses;
import io.nave.registration.api.ClusterProfile;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Keeps a ClusterProfile for each cluster that a namespace may use (spec §4.8). Its key is the
/// namespace.
///
/// - Reads: the namespace's `ManagedClusterSetBinding`s, their sets, the clusters of those.
/// - Writes: the `ClusterProfile`s of the namespace that carry this hub's manager label.
/// - Safe to repeat: a profile that says what it should is not written.
public final class ProfileReconciler implements Reconciler {
  private static final ResourceType PROFILE = ResourceType.of(ClusterProfile.class);
  private static final String HEALTHY = "ControlPlaneHealthy";
  private static final String JOINED = "Joined";

  /// The little this reconciler needs; `HubProfileWorld` serves it from caches and the client.
  interface World {
    /// The clusters of all sets bound to the namespace, without those that leave, by name.
    List<ManagedCluster> clusters(String namespace);

    /// The profiles of the namespace that are this hub's.
    List<ApiObject> profiles(String namespace);

    Optional<ApiObject> profile(Key key);

    /// All or none.
    void write(List<Write> writes);

    Instant now();
  }

  private final World world;

  ProfileReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var namespace = key.name();
    var wanted = world.clusters(namespace);
    world.write(plan(namespace, wanted, world.profiles(namespace), world.now()));
    return new Outcome.Settled();
  }

  /// Pure: every branch is one row of `ProfilePlanTest`.
  static List<Write> plan(
      String namespace, List<ManagedCluster> wanted, List<ApiObject> present, Instant now) {
    var writes = new ArrayList<Write>();
    var names = new TreeSet<String>();
    for (var cluster : wanted) {
      var name = cluster.metadata().name();
      names.add(name);
      var profile = present.stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
      if (profile == null) {
        writes.add(new Write.Create(PROFILE, profile(namespace, cluster)));
      } else if (!profile.deleting()) {
        writes.addAll(update(profile, cluster, now));
      }
    }
    for (var profile : present) {
      if (!names.contains(profile.name())) {
        Wanted.remove(PROFILE, profile).ifPresent(writes::add);
      }
    }
    return writes;
  }

  private static ApiObject profile(String namespace, ManagedCluster cluster) {
    var name = cluster.metadata().name();
    return ApiObject.named(PROFILE, namespace, name)
        .edit(tree -> {
          tree.withObjectProperty("metadata")
              .putObject("labels")
              .put(ClusterProfile.MANAGER_LABEL, ClusterProfile.MANAGER)
              .put(ManagedCluster.NAME_LABEL, name);
          tree.putObject("spec")
              .put("displayName", name)
              .putObject("clusterManager")
              .put("name", ClusterProfile.MANAGER);
        });
  }

  /// The status first; the label of the set in the pass that the status wakes, as upstream does:
  /// one commit never holds two changes of one object.
  private static List<Write> update(ApiObject profile, ManagedCluster cluster, Instant now) {
    var status = Statuses.plan(profile, status(profile, cluster, now)).orElse(null);
    if (status != null) {
      return List.of(new Write.Change(PROFILE, profile.key(), "status", status));
    }
    var set = cluster.metadata().labels().getOrDefault(ManagedCluster.SET_LABEL, "");
    if (set.equals(profile.labels().getOrDefault(ClusterProfile.SET_LABEL, ""))) {
      return List.of();
    }
    var body =
        Patch.merge(patch -> {
          var meta = patch.putObject("metadata");
          meta.put("uid", profile.uid()).put("resourceVersion", profile.resourceVersion());
          meta.putObject("labels").put(ClusterProfile.SET_LABEL, set);
        });
    return List.of(new Write.Change(PROFILE, profile.key(), "", body));
  }

  private static ObjectNode status(ApiObject profile, ManagedCluster cluster, Instant now) {
    var status = profile.status() instanceof ObjectNode there ? there.deepCopy() : Json.object();
    var version = cluster.status().version();
    if (version != null && version.kubernetes() != null) {
      status.putObject("version").put("kubernetes", version.kubernetes());
    }
    if (!cluster.status().clusterClaims().isEmpty() || status.has("properties")) {
      var properties = status.putArray("properties");
      for (var claim : cluster.status().clusterClaims()) {
        properties.addObject().put("name", claim.name()).put("value", claim.value());
      }
    }
    var conditions = ClusterStatus.conditions(profile);
    var from = cluster.status().conditions();
    for (var pair :
        List.of(
            List.of(ManagedCluster.AVAILABLE, HEALTHY), List.of(ManagedCluster.JOINED, JOINED))) {
      var found = Condition.find(from, pair.getFirst()).orElse(null);
      if (found != null) {
        var copy = Condition.of(pair.getLast(), found.status(), found.reason(), found.message());
        conditions = Condition.merge(conditions, copy, now);
      }
    }
    if (!conditions.isEmpty()) {
      status.set("conditions", Json.tree(conditions));
    }
    return status;
  }
}
