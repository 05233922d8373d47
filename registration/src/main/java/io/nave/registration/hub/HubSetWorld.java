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
/// @param clusters with the index [#BY_SET]
/// @param bindings with the index [#BY_SET]
record HubSetWorld(
    Host host,
    ApiClient client,
    Cache<ManagedCluster> clusters,
    Cache<ManagedClusterSet> sets,
    Cache<ManagedClusterSetBinding> bindings)
    implements DefaultSetReconciler.World,
        ClusterSetReconciler.World,
        SetBindingReconciler.World,
        ManagedNamespacesReconciler.World {
  /// Index of bindings by the set they name, and of clusters by the set their label names.
  static final String BY_SET = "set";

  @Override
  public Optional<ApiObject> cluster(Key key) {
    return clusters.object(key);
  }

  @Override
  public List<ManagedClusterSet> allSets() {
    return sets.list();
  }

  /// Whether a set wants, or a cluster still has, namespaces; mostly there are none.
  boolean namespacesMatter(ManagedCluster cluster) {
    return !cluster.status().managedNamespaces().isEmpty()
        || sets.list().stream().anyMatch(set -> !set.spec().managedNamespaces().isEmpty());
  }

  /// The clusters whose namespaces a change of a set may concern.
  List<Key> clustersOf(Cache.Change<ManagedClusterSet> change) {
    var before = change.before();
    var after = change.after();
    var wanted = before != null && !before.spec().managedNamespaces().isEmpty();
    wanted |= after != null && !after.spec().managedNamespaces().isEmpty();
    if (!wanted || (before != null && after != null && before.spec().equals(after.spec()))) {
      return List.of();
    }
    return clusters.list().stream().map(each -> each.key()).toList();
  }

  @Override
  public Optional<ApiObject> set(Key key) {
    return sets.object(key);
  }

  @Override
  public long members(Key set) {
    return sets.get(set).map(this::members).orElse(0L);
  }

  /// Ten thousand clusters may come while this is asked for each of them.
  private long members(ManagedClusterSet set) {
    if (set.exclusive()) {
      return clusters.countByIndex(BY_SET, set.metadata().name());
    }
    return set.everything()
        ? clusters.size()
        : clusters.list().stream().filter(each -> set.contains(each.metadata().labels())).count();
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
