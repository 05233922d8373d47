package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Serves [FeatureLabelReconciler] from caches and one client.
record HubFeatureWorld(
    ApiClient client, Cache<ManagedCluster> clusters, Cache<ManagedClusterAddOn> addOns)
    implements FeatureLabelReconciler.World {
  @Override
  public Optional<ApiObject> cluster(Key key) {
    return clusters.object(key);
  }

  @Override
  public List<ManagedClusterAddOn> addOns(String cluster) {
    return addOns.list(cluster);
  }

  @Override
  public void write(List<Write> writes) {
    HubWrites.commit(client, writes);
  }

  /// Whether a change of a cluster may have made its labels wrong; most do not touch them.
  static List<Key> labelled(Cache.Change<ManagedCluster> change) {
    var before = change.before();
    var after = change.after();
    var untouched = before != null && after != null && ours(before).equals(ours(after));
    return untouched ? List.of() : List.of(change.key());
  }

  private static Map<String, String> ours(ManagedCluster cluster) {
    var labels = new TreeMap<>(cluster.metadata().labels());
    labels.keySet().removeIf(label -> !label.startsWith(FeatureLabelReconciler.PREFIX));
    return labels;
  }
}
