package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves the reconcilers of rights from caches and one client.
///
/// @param owned caches of namespaces and of the RBAC kinds, by plural
record HubRightsWorld(
    Host host,
    ApiClient client,
    Cache<ManagedCluster> clusters,
    Map<String, Cache<ApiObject>> owned)
    implements AcceptanceReconciler.World, DepartureReconciler.World, SharedRightsReconciler.World {
  @Override
  public Optional<ApiObject> cluster(Key key) {
    return clusters.object(key);
  }

  @Override
  public boolean anyCluster() {
    return !clusters.list().isEmpty();
  }

  @Override
  public Optional<ApiObject> find(ResourceType type, Key key) {
    var cache = owned.get(type.plural());
    if (cache == null) {
      throw new IllegalArgumentException("no cache of " + type);
    }
    return cache.get(key);
  }

  @Override
  public int works(String namespace) {
    return list(HubKinds.WORK, namespace).size();
  }

  @Override
  public List<ApiObject> list(ResourceType type, String namespace) {
    return HubWrites.listIfServed(client, type, namespace);
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
