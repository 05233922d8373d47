package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.LabelSelector;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves [ImportReconciler] from caches, one client and the installer.
///
/// @param secrets those of providers
record HubImportWorld(
    Host host,
    ApiClient client,
    AgentInstaller installer,
    Cache<ManagedCluster> clusters,
    Cache<ApiObject> secrets)
    implements ImportReconciler.World {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Logger LOG = LoggerFactory.getLogger(HubImportWorld.class);

  static Cache<ApiObject> providers(Host host, ApiClient client) {
    var labelled =
        new Selection(LabelSelector.parse(ImportReconciler.PROVIDER_LABEL), Map.of());
    return Cache.of(host, client, new Cache.Scope(HubKinds.SECRET, "", labelled));
  }

  @Override
  public Optional<ManagedCluster> cluster(Key key) {
    return clusters.get(key);
  }

  @Override
  public Optional<ApiObject> kubeconfig(String cluster) {
    return secrets
        .get(Key.of(cluster, cluster + "-kubeconfig"))
        .filter(s -> cluster.equals(s.labels().get(ImportReconciler.PROVIDER_LABEL)));
  }

  @Override
  public void install(String cluster, String kubeconfig) {
    installer.install(cluster, kubeconfig);
  }

  @Override
  public void report(Key cluster, Condition condition) {
    // As it is now: on old ground it would be refused, and the agent installed once more.
    client
        .find(CLUSTER, cluster)
        .ifPresent(now ->
            HubWrites.commit(client, ClusterStatus.condition(now, condition, host.now())));
    LOG.atInfo()
        .addKeyValue("cluster", cluster.name())
        .addKeyValue("reason", condition.reason())
        .addKeyValue("message", condition.message())
        .log("cluster of a provider imported");
  }
}
