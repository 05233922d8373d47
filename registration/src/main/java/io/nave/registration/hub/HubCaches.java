package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Cache.Scope;
import io.nave.registration.api.ClusterProfile;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.registration.api.SigningRequest;
import io.nave.runtime.Host;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What registration on the hub reads, kept up to date.
///
/// @param owned namespaces and the RBAC kinds, by plural, in the order they are started
record HubCaches(
    Cache<ManagedCluster> clusters,
    Cache<SigningRequest> requests,
    Cache<ApiObject> leases,
    Cache<ManagedClusterSet> sets,
    Cache<ManagedClusterSetBinding> bindings,
    Cache<ApiObject> profiles,
    Cache<ApiObject> trust,
    Cache<ManagedClusterAddOn> addOns,
    Map<String, Cache<ApiObject>> owned) {
  static final List<ResourceType> OWNED =
      List.of(
          HubKinds.NAMESPACE,
          HubKinds.CLUSTER_ROLE,
          HubKinds.CLUSTER_ROLE_BINDING,
          HubKinds.ROLE_BINDING);

  static HubCaches of(Host host, ApiClient client) {
    var requests =
        new Cache<>(host, client, Scope.all(HubKinds.SIGNING_REQUEST), SigningRequest::new)
            .index(HubRequestWorld.BY_CLUSTER, request -> List.of(request.cluster()));
    var bindings =
        Cache.of(host, client, ManagedClusterSetBinding.class)
            .index(HubSetWorld.BY_SET, binding -> List.of(binding.spec().clusterSet()));
    var owned = new LinkedHashMap<String, Cache<ApiObject>>();
    for (var type : OWNED) {
      owned.put(type.plural(), Cache.of(host, client, Scope.all(type)));
    }
    var clusters =
        Cache.of(host, client, ManagedCluster.class).index(HubSetWorld.BY_SET, HubCaches::sets);
    return new HubCaches(
        clusters,
        requests,
        Cache.of(host, client, agentLeases()),
        Cache.of(host, client, ManagedClusterSet.class),
        bindings,
        Cache.of(
            host,
            client,
            new Scope(
                ResourceType.of(ClusterProfile.class),
                "",
                Selection.labelled(ClusterProfile.MANAGER_LABEL, ClusterProfile.MANAGER))),
        Cache.of(host, client, Scope.in(HubKinds.CONFIG_MAP, HubTrust.KEY.namespace())),
        Cache.of(host, client, ManagedClusterAddOn.class),
        owned);
  }

  private static List<String> sets(ManagedCluster cluster) {
    var set = cluster.metadata().labels().get(ManagedCluster.SET_LABEL);
    return set == null ? List.of() : List.of(set);
  }

  /// Only those of agents: a hub may hold other leases that change every second.
  private static Scope agentLeases() {
    return new Scope(HubKinds.LEASE, "", Selection.named(HubKinds.LEASE_NAME));
  }

  Cache<ApiObject> owned(ResourceType type) {
    var cache = owned.get(type.plural());
    if (cache == null) {
      throw new IllegalArgumentException("no cache of " + type);
    }
    return cache;
  }

  /// All of them, in the order they are started.
  List<Cache<?>> all() {
    var all = new ArrayList<Cache<?>>(owned.values());
    all.add(sets);
    all.add(bindings);
    all.add(profiles);
    all.add(trust);
    all.add(addOns);
    all.add(leases);
    all.add(requests);
    all.add(clusters);
    return List.copyOf(all);
  }
}
