package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.applications.api.Environment;
import io.nave.controllers.Cache;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.util.List;
import java.util.Optional;

/// Where applications can run: clusters, and the environments and sets that lead to them.
interface Ground {
  Optional<ManagedCluster> cluster(String name);

  /// All of them, by name.
  List<ManagedCluster> clusters();

  Optional<Environment> environment(Key key);

  /// A set of clusters; empty when there is none, or it is not bound to the namespace.
  Optional<ManagedClusterSet> bound(String namespace, String clusterSet);

  /// As the controller knows it.
  record Cached(
      Cache<ManagedCluster> all,
      Cache<Environment> environments,
      Cache<ManagedClusterSet> sets,
      Cache<ManagedClusterSetBinding> bindings)
      implements Ground {
    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return all.get(Key.of(name));
    }

    @Override
    public List<ManagedCluster> clusters() {
      return all.list();
    }

    @Override
    public Optional<Environment> environment(Key key) {
      return environments.get(key);
    }

    @Override
    public Optional<ManagedClusterSet> bound(String namespace, String clusterSet) {
      var bound =
          bindings.list(namespace).stream()
              .anyMatch(binding -> binding.spec().clusterSet().equals(clusterSet));
      return bound ? sets.get(Key.of(clusterSet)) : Optional.empty();
    }
  }

  /// As it is stored.
  ///
  /// @param known spares decoding the clusters that did not change since
  record AsStored(Stored stored, Ground known) implements Ground {
    private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
    private static final ResourceType BINDING = ResourceType.of(ManagedClusterSetBinding.class);

    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return stored.find(CLUSTER, Key.of(name)).map(this::decoded);
    }

    @Override
    public List<ManagedCluster> clusters() {
      return stored.list(CLUSTER, "").stream().map(this::decoded).toList();
    }

    private ManagedCluster decoded(ApiObject cluster) {
      return known
          .cluster(cluster.name())
          .filter(same -> same.metadata().resourceVersion().equals(cluster.resourceVersion()))
          .orElseGet(() -> Codec.decode(cluster, ManagedCluster.class));
    }

    @Override
    public Optional<Environment> environment(Key key) {
      return stored.find(Environment.class, key);
    }

    @Override
    public Optional<ManagedClusterSet> bound(String namespace, String clusterSet) {
      var bound =
          stored.list(BINDING, namespace).stream()
              .map(object -> Codec.decode(object, ManagedClusterSetBinding.class))
              .anyMatch(binding -> binding.spec().clusterSet().equals(clusterSet));
      return bound ? stored.find(ManagedClusterSet.class, Key.of(clusterSet)) : Optional.empty();
    }
  }
}
