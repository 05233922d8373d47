package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the reconcilers of availability from caches and one client.
record HubLeaseWorld(
    Host host,
    ApiClient client,
    Cache<ManagedCluster> clusters,
    Cache<ApiObject> leases,
    Renewals renewals)
    implements LeaseReconciler.World, TaintReconciler.World {
  private static final Logger LOG = LoggerFactory.getLogger(HubLeaseWorld.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /// Serves from these caches, and begins to notice renewals; before they are started.
  static HubLeaseWorld of(
      Host host, ApiClient client, Cache<ManagedCluster> clusters, Cache<ApiObject> leases) {
    var renewals = new Renewals(host);
    leases.onChange(change -> {
      var after = change.after();
      if (after == null) {
        renewals.forget(change.key().namespace());
      } else {
        renewals.notice(after);
      }
    });
    return new HubLeaseWorld(host, client, clusters, leases, renewals);
  }

  @Override
  public Optional<ManagedCluster> cluster(Key key) {
    return clusters.get(key);
  }

  @Override
  public Optional<ApiObject> object(Key cluster) {
    return clusters.object(cluster);
  }

  @Override
  public Optional<ApiObject> lease(String cluster) {
    return leases.get(Key.of(cluster, HubKinds.LEASE_NAME));
  }

  @Override
  public Optional<ApiObject> freshLease(String cluster) {
    return client.find(HubKinds.LEASE, Key.of(cluster, HubKinds.LEASE_NAME));
  }

  @Override
  public void createLease(String cluster) {
    var lease =
        ApiObject.named(HubKinds.LEASE, cluster, HubKinds.LEASE_NAME)
            .edit(tree -> {
              tree.withObjectProperty("metadata")
                  .putObject("labels")
                  .put(ManagedCluster.NAME_LABEL, cluster);
              tree.putObject("spec")
                  .put("holderIdentity", HubKinds.LEASE_NAME)
                  .put("renewTime", MICRO_TIME.format(now().truncatedTo(ChronoUnit.MICROS)));
            });
    HubWrites.commit(client, List.of(new Write.Create(HubKinds.LEASE, lease)));
  }

  @Override
  public void report(Key cluster, Condition condition) {
    var object = clusters.object(cluster).orElse(null);
    if (object != null) {
      HubWrites.commit(client, ClusterStatus.condition(object, condition, now()));
      LOG.atWarn()
          .addKeyValue("cluster", cluster.name())
          .addKeyValue("reason", condition.reason())
          .log("cluster is silent");
    }
  }

  @Override
  public void patch(Key cluster, Patch patch) {
    client.patch(CLUSTER, cluster, "", patch);
  }

  @Override
  public Duration silence(ApiObject lease) {
    return renewals.silence(lease);
  }

  private Instant now() {
    return host.now();
  }
}
