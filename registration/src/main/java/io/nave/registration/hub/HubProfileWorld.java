package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Serves [ProfileReconciler] from caches and one client.
///
/// @param bindings with the index [HubSetWorld#BY_SET]
record HubProfileWorld(
    Host host,
    ApiClient client,
    Cache<ManagedCluster> clusters,
    Cache<ManagedClusterSet> sets,
    Cache<ManagedClusterSetBinding> bindings,
    Cache<ApiObject> profiles)
    implements ProfileReconciler.World {

  @Override
  public List<ManagedCluster> clusters(String namespace) {
    var found = new TreeMap<String, ManagedCluster>();
    for (var set : boundSets(namespace)) {
      for (var cluster : clusters.list()) {
        if (!cluster.metadata().deleting() && set.contains(cluster.metadata().labels())) {
          found.put(cluster.metadata().name(), cluster);
        }
      }
    }
    return List.copyOf(found.values());
  }

  private List<ManagedClusterSet> boundSets(String namespace) {
    var found = new ArrayList<ManagedClusterSet>();
    for (var binding : bindings.list()) {
      if (binding.metadata().namespace().equals(namespace)
          && Condition.isTrue(binding.status().conditions(), SetBindingReconciler.BOUND)) {
        sets.get(Key.of(binding.spec().clusterSet())).ifPresent(found::add);
      }
    }
    return found;
  }

  @Override
  public List<ApiObject> profiles(String namespace) {
    return profiles.list().stream().filter(p -> p.namespace().equals(namespace)).toList();
  }

  @Override
  public Optional<ApiObject> profile(Key key) {
    return profiles.get(key);
  }

  @Override
  public void write(List<Write> writes) {
    HubWrites.commit(client, writes);
  }

  @Override
  public Instant now() {
    return host.now();
  }

  /// The namespaces a set is bound to.
  List<Key> namespacesOf(String set) {
    return bindings.keysByIndex(HubSetWorld.BY_SET, set).stream()
        .map(key -> Key.of(key.namespace()))
        .distinct()
        .toList();
  }

  /// The namespaces whose profiles a change of a cluster may concern; mostly there is none.
  List<Key> namespacesOf(Cache.Change<ManagedCluster> change) {
    if (bindings.list().isEmpty() || same(change.before(), change.after())) {
      return List.of();
    }
    var found = new TreeSet<String>();
    for (var set : sets.list()) {
      if (in(set, change.before()) || in(set, change.after())) {
        namespacesOf(set.metadata().name()).forEach(key -> found.add(key.name()));
      }
    }
    return found.stream().map(Key::of).toList();
  }

  private static boolean same(@Nullable ManagedCluster before, @Nullable ManagedCluster after) {
    return before != null
        && after != null
        && before.metadata().deleting() == after.metadata().deleting()
        && before.metadata().labels().equals(after.metadata().labels())
        && before.status().equals(after.status());
  }

  private static boolean in(ManagedClusterSet set, @Nullable ManagedCluster cluster) {
    return cluster != null && set.contains(cluster.metadata().labels());
  }
}
