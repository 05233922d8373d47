package io.nave.placement.schedule;

import io.nave.api.ApiObject;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedCluster.Taint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One cluster as scheduling sees it: what a decision can depend on, and nothing that only beats.
///
/// @param claims by name; of two claims with one name the last counts
/// @param cpu allocatable CPUs; NaN when allocatable or capacity does not say
/// @param memory allocatable bytes; NaN as above
/// @param document the whole object, for CEL; null where none is needed
public record ClusterRow(
    String name,
    Map<String, String> labels,
    Map<String, String> claims,
    List<Taint> taints,
    double cpu,
    double memory,
    boolean deleting,
    @Nullable ApiObject document) {

  static final String UNREACHABLE = "cluster.open-cluster-management.io/unreachable";

  /// @param document as the API holds it, or null when no CEL is to be evaluated on it
  public static ClusterRow of(ManagedCluster cluster, @Nullable ApiObject document) {
    return new ClusterRow(
        cluster.metadata().name(),
        cluster.metadata().labels(),
        claims(cluster),
        cluster.spec().taints(),
        amount(cluster, "cpu"),
        amount(cluster, "memory"),
        cluster.metadata().deleting(),
        document);
  }

  private static Map<String, String> claims(ManagedCluster cluster) {
    var claims = new LinkedHashMap<String, String>();
    for (var claim : cluster.status().clusterClaims()) {
      claims.put(claim.name(), claim.value());
    }
    return Collections.unmodifiableMap(claims);
  }

  private static double amount(ManagedCluster cluster, String resource) {
    var amount = cluster.status().allocatable().get(resource);
    return amount == null || !cluster.status().capacity().containsKey(resource)
        ? Double.NaN
        : Quantity.parse(amount);
  }

  /// Whether a taint can keep it from being chosen.
  boolean tainted() {
    return taints.stream().anyMatch(taint -> !taint.effect().equals("PreferNoSelect"));
  }

  /// Whether its lease ended.
  boolean unreachable() {
    return taints.stream().anyMatch(taint -> taint.key().equals(UNREACHABLE));
  }

  /// Whether nothing a decision depends on differs; documents are not compared.
  boolean decidesAs(ClusterRow other) {
    return deleting == other.deleting
        && Double.compare(cpu, other.cpu) == 0
        && Double.compare(memory, other.memory) == 0
        && labels.equals(other.labels)
        && claims.equals(other.claims)
        && taints.equals(other.taints);
  }
}
