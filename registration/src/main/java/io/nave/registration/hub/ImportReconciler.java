package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Installs the agent into accepted clusters whose provider keeps a kubeconfig on the hub, once
/// (spec §4.9). Providers are those that keep it as Cluster API does: in the Secret
/// `NAME/NAME-kubeconfig`, labelled `cluster.x-k8s.io/cluster-name`.
///
/// - Reads: `ManagedCluster` (primary), that Secret.
/// - Writes: the agent's objects in the cluster; the condition `ManagedClusterImportSucceeded`.
/// - Safe to repeat: a cluster that was imported or has joined is left alone.
public final class ImportReconciler implements Reconciler {
  /// The label by which Cluster API's Secrets are known.
  static final String PROVIDER_LABEL = "cluster.x-k8s.io/cluster-name";

  static final Duration RETRY = Duration.ofMinutes(1);

  /// The little this reconciler needs; `HubImportWorld` serves it from caches and the client.
  interface World {
    Optional<ManagedCluster> cluster(Key key);

    /// What the provider keeps of the cluster; empty when it keeps none.
    Optional<ApiObject> kubeconfig(String cluster);

    /// As [AgentInstaller#install].
    void install(String cluster, String kubeconfig);

    void report(Key cluster, Condition condition);

    Instant now();
  }

  private final World world;
  // Looked up by cluster only: when one that failed is tried again. One worker writes it.
  private final Map<String, Instant> again = new ConcurrentHashMap<>();

  ImportReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var secret = world.kubeconfig(key.name()).orElse(null);
    if (!isWanted(world.cluster(key).orElse(null)) || secret == null) {
      again.remove(key.name());
      return new Outcome.Settled(); // accepting it, or the Secret, wakes this key
    }
    var left = Duration.between(world.now(), again.getOrDefault(key.name(), Instant.EPOCH));
    if (left.isPositive()) {
      return new Outcome.CheckAfter(left); // what was said of the last try woke this key
    }
    try {
      world.install(key.name(), InstalledAgent.kubeconfig(secret));
    } catch (ApiError | Transport.Unreachable | Kubeconfig.Unusable e) {
      var why = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
      again.put(key.name(), world.now().plus(RETRY));
      world.report(key, imported(false, "ClusterImportFailed", why));
      return new Outcome.CheckAfter(RETRY);
    }
    world.report(
        key, imported(true, "ClusterImported", "the agent was installed into the cluster"));
    return new Outcome.Settled();
  }

  /// Pure: every branch is one row of `ImportDecisionTest`.
  static boolean isWanted(@Nullable ManagedCluster cluster) {
    if (cluster == null || cluster.metadata().deleting() || !cluster.accepted()) {
      return false;
    }
    var conditions = cluster.status().conditions();
    return !Condition.isTrue(conditions, ManagedCluster.IMPORTED)
        && !Condition.isTrue(conditions, ManagedCluster.JOINED);
  }

  private static Condition imported(boolean done, String reason, String message) {
    return Condition.of(ManagedCluster.IMPORTED, done, reason, message);
  }
}
