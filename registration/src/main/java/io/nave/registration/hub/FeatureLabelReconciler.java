package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Shows a cluster's add-ons as labels of the cluster, so that placements can ask for them (spec
/// §4.10).
///
/// - Reads: `ManagedCluster` (primary), the add-ons in its namespace.
/// - Writes: its labels `feature.open-cluster-management.io/addon-…`, all of them and no others.
/// - Safe to repeat: labels that are right are not written again.
public final class FeatureLabelReconciler implements Reconciler {
  static final String PREFIX = "feature.open-cluster-management.io/addon-";

  private static final int LABEL_NAME_CHARS_MAX = 63; // of what follows the '/'
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  /// The little this reconciler needs; `HubFeatureWorld` serves it from caches and the client.
  interface World {
    Optional<ApiObject> cluster(Key key);

    List<ManagedClusterAddOn> addOns(String cluster);

    void write(List<Write> writes);
  }

  private final World world;

  FeatureLabelReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    world.cluster(key).ifPresent(cluster -> world.write(plan(cluster, world.addOns(key.name()))));
    return new Outcome.Settled();
  }

  /// Pure: every branch is one row of `FeatureLabelPlanTest`.
  static List<Write> plan(ApiObject cluster, List<ManagedClusterAddOn> addOns) {
    var wanted = wanted(addOns);
    var present = new TreeMap<>(cluster.labels());
    present.keySet().removeIf(label -> !label.startsWith(PREFIX));
    if (cluster.deleting() || wanted.equals(present)) {
      return List.of();
    }
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", cluster.uid()).put("resourceVersion", cluster.resourceVersion());
          var labels = meta.putObject("labels");
          present.keySet().forEach(labels::putNull);
          wanted.forEach(labels::put);
        });
    return List.of(new Write.Change(CLUSTER, cluster.key(), "", patch));
  }

  private static Map<String, String> wanted(List<ManagedClusterAddOn> addOns) {
    var wanted = new TreeMap<String, String>();
    for (var addOn : addOns) {
      var label = PREFIX + addOn.metadata().name();
      // A longer name cannot be a label; its add-on goes without.
      var fits = label.length() - label.indexOf('/') - 1 <= LABEL_NAME_CHARS_MAX;
      if (fits && !addOn.metadata().deleting()) {
        wanted.put(label, health(addOn));
      }
    }
    return wanted;
  }

  private static String health(ManagedClusterAddOn addOn) {
    return switch (Condition.find(addOn.status().conditions(), "Available")
        .map(Condition::status)
        .orElse("Unknown")) {
      case "True" -> "available";
      case "False" -> "unhealthy";
      default -> "unreachable";
    };
  }
}
