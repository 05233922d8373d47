package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Tells each cluster which namespaces its sets want in it (spec §4.5): the union over its sets, by
/// set and name. What the agent says of each stays.
///
/// - Reads: `ManagedCluster` (primary), all sets.
/// - Writes: its `status.managedNamespaces`.
public final class ManagedNamespacesReconciler implements Reconciler {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  /// The little this reconciler needs; `HubSetWorld` serves it from caches and the client.
  interface World {
    Optional<ApiObject> cluster(Key key);

    List<ManagedClusterSet> allSets();

    void write(List<Write> writes);
  }

  private final World world;

  ManagedNamespacesReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    world.cluster(key).ifPresent(cluster -> world.write(plan(cluster, world.allSets())));
    return new Outcome.Settled();
  }

  /// Pure: every branch is one row of `ManagedNamespacesPlanTest`.
  static List<Write> plan(ApiObject cluster, List<ManagedClusterSet> sets) {
    var present = cluster.status().path("managedNamespaces");
    var wanted = wanted(cluster, sets, present);
    if (cluster.deleting()
        || (wanted.isEmpty() && present.isEmpty())
        || Json.same(wanted, present)) {
      return List.of();
    }
    var patch =
        Patch.merge(body -> {
          body.putObject("metadata")
              .put("uid", cluster.uid())
              .put("resourceVersion", cluster.resourceVersion());
          body.putObject("status").set("managedNamespaces", wanted);
        });
    return List.of(new Write.Change(CLUSTER, cluster.key(), "status", patch));
  }

  private static JsonNode wanted(
      ApiObject cluster, List<ManagedClusterSet> sets, JsonNode present) {
    var before = new TreeMap<String, JsonNode>();
    present.forEach(each -> before.put(id(each.path("clusterSet").asString(""), each), each));
    var found = new TreeMap<String, JsonNode>();
    for (var set : sets) {
      if (set.contains(cluster.labels())) {
        for (var namespace : set.spec().managedNamespaces()) {
          var entry = Json.object();
          entry.put("clusterSet", set.metadata().name()).put("name", namespace.name());
          var id = id(set.metadata().name(), entry);
          found.put(id, before.getOrDefault(id, entry));
        }
      }
    }
    var all = Json.object().putArray("managedNamespaces");
    found.values().forEach(each -> all.add(each.deepCopy()));
    return all;
  }

  private static String id(String set, JsonNode entry) {
    return set + "/" + entry.path("name").asString("");
  }
}
