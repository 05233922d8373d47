package io.nave.registration.hub;

import io.nave.api.ApiError;
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
import java.time.Instant;
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
  private static final int TRIES_MAX = 10;
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Logger LOG = LoggerFactory.getLogger(HubImportWorld.class);

  static Cache<ApiObject> providers(Host host, ApiClient client) {
    var labelled = new Selection(LabelSelector.parse(ImportReconciler.PROVIDER_LABEL), Map.of());
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
  public Instant now() {
    return host.now();
  }

  /// Others write to a cluster that was just accepted. A refusal here would have the agent
  /// installed once more.
  ///
  /// @param last whether a refusal is to be thrown
  private boolean told(Key cluster, Condition condition, boolean last) {
    try {
      client
          .find(CLUSTER, cluster)
          .ifPresent(
              now -> HubWrites.commit(client, ClusterStatus.condition(now, condition, host.now())));
      return true;
    } catch (ApiError e) {
      if (last || !e.is(ApiError.Reason.CONFLICT)) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public void report(Key cluster, Condition condition) {
    for (var tries = 1; !told(cluster, condition, tries == TRIES_MAX); tries++) {
      LOG.atDebug().addKeyValue("cluster", cluster.name()).log("others wrote in between");
    }
    LOG.atInfo()
        .addKeyValue("cluster", cluster.name())
        .addKeyValue("reason", condition.reason())
        .addKeyValue("message", condition.message())
        .log("cluster of a provider imported");
  }
}
