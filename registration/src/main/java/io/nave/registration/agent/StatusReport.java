package io.nave.registration.agent;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.certs.Credential;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The status an agent wants its ManagedCluster to have. Pure; what the agent does not own stays.
final class StatusReport {
  private static final Condition JOINED =
      Condition.of(ManagedCluster.JOINED, true, "ManagedClusterJoined", "Managed cluster joined");
  private static final Condition AVAILABLE =
      Condition.of(
          ManagedCluster.AVAILABLE,
          true,
          "ManagedClusterAvailable",
          "Managed cluster is available");

  private StatusReport() {}

  /// The status while the cluster's API answers.
  ///
  /// @param certificate what is to be said of the agent's certificate
  static ObjectNode healthy(
      ApiObject object,
      ManagedCluster cluster,
      ClusterReader.Facts facts,
      Condition certificate,
      Instant now) {
    var status = withConditions(object, cluster, AVAILABLE, certificate, now);
    if (!facts.version().isEmpty()) {
      status.withObjectProperty("version").put("kubernetes", facts.version());
    }
    if (facts.nodes() != null) {
      status.set("nodeSummary", Json.tree(facts.nodes()));
    }
    put(status, "capacity", cluster.status().capacity(), facts.capacity());
    put(status, "allocatable", cluster.status().allocatable(), facts.allocatable());
    if (!facts.claims().isEmpty() || !cluster.status().clusterClaims().isEmpty()) {
      status.set("clusterClaims", Json.tree(facts.claims()));
    }
    return status;
  }

  /// As upstream's agents say it (spec §3.4): from when to when the present certificate is good.
  static Condition rotated(Credential credential) {
    var leaf = credential.certificate();
    return Condition.of(
        ManagedCluster.ROTATED,
        true,
        "ClientCertificateUpdated",
        "client certificate rotated starting from %s to %s"
            .formatted(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()));
  }

  /// The status when the cluster's API has not answered for a while.
  ///
  /// @param code HTTP status of its answer; 0 when there was none
  static ObjectNode unavailable(
      ApiObject object, ManagedCluster cluster, int code, String error, Instant now) {
    var message = "The kube-apiserver is not ok, status code: %d, %s".formatted(code, error);
    var condition =
        Condition.of(
            ManagedCluster.AVAILABLE, false, "ManagedClusterKubeAPIServerUnavailable", message);
    return withConditions(object, cluster, condition, null, now);
  }

  private static ObjectNode withConditions(
      ApiObject object,
      ManagedCluster cluster,
      Condition availability,
      @Nullable Condition more,
      Instant now) {
    var conditions = Condition.merge(cluster.status().conditions(), JOINED, now);
    conditions = Condition.merge(conditions, availability, now);
    conditions = more == null ? conditions : Condition.merge(conditions, more, now);
    var status = object.status() instanceof ObjectNode present ? present.deepCopy() : Json.object();
    status.set("conditions", Json.tree(conditions));
    return status;
  }

  /// Resources that were there and that no node reports any more are kept, as upstream does.
  private static void put(
      ObjectNode status, String field, Map<String, String> before, Map<String, String> found) {
    if (found.isEmpty()) {
      return;
    }
    var all = new TreeMap<>(before);
    all.putAll(found);
    var target = status.putObject(field);
    all.forEach(target::put);
  }
}
