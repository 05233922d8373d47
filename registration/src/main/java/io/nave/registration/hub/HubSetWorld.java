package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Host;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Serves the reconcilers of sets from caches and one client.
///
/// @param bindings with the index [#BY_SET]
record HubSetWorld(
    Host host,
    ApiClient client,
    Cache<ManagedCluster> clusters,
    Cache<ManagedClusterSet> sets,
    Cache<ManagedClusterSetBinding> bindings)
    implements DefaultSetReconciler.World, ClusterSetReconciler.World, SetBindingReconciler.World {
  /// Index of bindings by the set they name.
  static final String BY_SET = "set";

  @Override
  public Optional<ApiObject> set(Key key) {
    return sets.object(key);
  }

  @Override
  public long members(Key set) {
    return sets.get(set).map(s -> ClusterSetReconciler.count(s, clusters.list())).orElse(0L);
  }

  @Override
  public Optional<ApiObject> binding(Key key) {
    return bindings.object(key);
  }

  @Override
  public boolean setExists(String name) {
    return sets.get(Key.of(name)).isPresent();
  }

  @Override
  public void write(List<Write> writes) {
    HubWrites.commit(client, writes);
  }

  @Override
  public Instant now() {
    return host.now();
  }
}
