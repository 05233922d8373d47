package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedCluster;
import java.util.Optional;

/// Keeps placements away from clusters that are silent or unwell, by taints (spec §4.4).
///
/// - Reads: `ManagedCluster` (primary).
/// - Writes: its taints `unreachable` and `unavailable`; others stay as they are.
public final class TaintReconciler implements Reconciler {
  static final String UNREACHABLE = "cluster.open-cluster-management.io/unreachable";
  static final String UNAVAILABLE = "cluster.open-cluster-management.io/unavailable";

  /// The little this reconciler needs; `HubLeaseWorld` serves it from caches and the client.
  interface World {
    Optional<ApiObject> object(Key cluster);

    void patch(Key cluster, Patch patch);
  }

  private final World world;

  TaintReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    world.object(key).flatMap(TaintReconciler::plan).ifPresent(patch -> world.patch(key, patch));
    return new Outcome.Settled();
  }

  /// Pure: what to merge; empty when the taints are right.
  static Optional<Patch> plan(ApiObject object) {
    if (object.deleting()) {
      return Optional.empty();
    }
    var wanted = wanted(Codec.decode(object, ManagedCluster.class));
    var taints = Json.object().putArray("taints");
    var changed = false;
    var found = false;
    for (var taint : object.spec().path("taints")) {
      var key = taint.path("key").asString("");
      if (key.equals(wanted)) {
        found = true;
      } else if (key.equals(UNREACHABLE) || key.equals(UNAVAILABLE)) {
        changed = true;
        continue;
      }
      taints.add(taint.deepCopy());
    }
    if (!wanted.isEmpty() && !found) {
      taints.addObject().put("key", wanted).put("effect", "NoSelect");
      changed = true;
    }
    if (!changed) {
      return Optional.empty();
    }
    return Optional.of(
        Patch.merge(body -> {
          body.putObject("metadata")
              .put("uid", object.uid())
              .put("resourceVersion", object.resourceVersion());
          body.putObject("spec").set("taints", taints);
        }));
  }

  private static String wanted(ManagedCluster cluster) {
    return switch (Condition.find(cluster.status().conditions(), ManagedCluster.AVAILABLE)
        .map(Condition::status)
        .orElse("Unknown")) {
      case "True" -> "";
      case "False" -> UNAVAILABLE;
      default -> UNREACHABLE;
    };
  }
}
