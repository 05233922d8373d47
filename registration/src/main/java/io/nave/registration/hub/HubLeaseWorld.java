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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the reconcilers of availability from caches and one client.
record HubLeaseWorld(
    Host host,
    ApiClient client,
    Cache<ManagedCluster> clusters,
    Cache<ApiObject> leases,
    Renewals renewals)
    implements LeaseReconciler.World, TaintReconciler.World, ClockReconciler.World {
  private static final Logger LOG = LoggerFactory.getLogger(HubLeaseWorld.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

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
    var lease = LeaseReconciler.lease(cluster, now());
    HubWrites.commit(client, List.of(new Write.Create(HubKinds.LEASE, lease)));
  }

  @Override
  public void report(Key cluster, Condition condition) {
    var object = clusters.object(cluster).orElse(null);
    if (object == null) {
      return;
    }
    var writes = new ArrayList<>(ClusterStatus.condition(object, condition, now()));
    if (!writes.isEmpty()) {
      writes.addAll(addOns(cluster.name(), condition));
      if (client.find(HubKinds.NAMESPACE, cluster).filter(n -> !n.deleting()).isPresent()) {
        writes.add(
            HubEvents.of(
                CLUSTER,
                object,
                cluster.name(),
                "AvailableUnknown",
                "The managed cluster (%s) cannot connect to the hub cluster."
                    .formatted(cluster.name()),
                now()));
      }
    }
    HubWrites.commit(client, writes);
    LOG.atWarn()
        .addKeyValue("cluster", cluster.name())
        .addKeyValue("reason", condition.reason())
        .log("cluster is silent");
  }

  /// What is not known of a cluster is not known of its add-ons either (spec §4.4).
  private List<Write> addOns(String cluster, Condition silent) {
    var writes = new ArrayList<Write>();
    for (var addOn : HubWrites.listIfServed(client, HubKinds.ADD_ON, cluster)) {
      var unknown = Condition.of("Available", silent.status(), silent.reason(), silent.message());
      writes.addAll(ClusterStatus.condition(HubKinds.ADD_ON, addOn, unknown, now()));
    }
    return writes;
  }

  @Override
  public void patch(Key cluster, Patch patch) {
    client.patch(CLUSTER, cluster, "", patch);
  }

  @Override
  public Duration silence(ApiObject lease) {
    return renewals.silence(lease);
  }

  @Override
  public @Nullable Duration ahead(String cluster) {
    return lease(cluster).map(renewals::ahead).orElse(null);
  }

  /// Whether a renewal changes what is said of the agent's clock; asked of each, so it is cheap.
  boolean clockChanged(ApiObject lease) {
    var cluster = clusters.get(Key.of(lease.namespace())).orElse(null);
    return cluster != null && ClockReconciler.decide(cluster, renewals.ahead(lease)) != null;
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
