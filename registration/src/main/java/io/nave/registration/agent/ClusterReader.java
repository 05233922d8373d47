package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster.Claim;
import io.nave.runtime.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Looks at the agent's own cluster: does it answer, what is it, how big is it (spec §3.7).
final class ClusterReader {
  private static final String SPOKE_ONLY = "open-cluster-management.io/spoke-only";
  private static final int CUSTOM_CLAIMS_MAX = 20;
  private static final List<String> RESERVED =
      List.of(
          "id.k8s.io",
          "kubeversion.open-cluster-management.io",
          "platform.open-cluster-management.io",
          "product.open-cluster-management.io");

  /// What a cluster says of itself.
  ///
  /// @param capacity of all nodes; empty when they cannot be read
  /// @param allocatable of the nodes that take new work
  record Facts(
      String version,
      Map<String, String> capacity,
      Map<String, String> allocatable,
      List<Claim> claims) {}

  /// The cluster's API did not answer as it should.
  static final class Unwell extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;

    private Unwell(int code, RuntimeException cause) {
      super(Setback.text(cause), cause);
      this.code = code;
    }

    /// HTTP status of the answer; 0 when there was none.
    int code() {
      return code;
    }
  }

  private final ApiClient cluster;
  private final Supplier<String> version;
  private final Map<String, String> ownClaims;

  ClusterReader(ApiClient cluster, Supplier<String> version, Map<String, String> ownClaims) {
    this.cluster = cluster;
    this.version = version;
    this.ownClaims = ownClaims;
  }

  /// @throws Unwell when the cluster does not answer, or not as it should
  Facts read() {
    try {
      return facts();
    } catch (ApiError e) {
      throw new Unwell(e.code(), e);
    } catch (Transport.Unreachable e) {
      throw new Unwell(0, e);
    }
  }

  private Facts facts() {
    var found = version.get();
    var capacity = new TreeMap<String, String>();
    var allocatable = new TreeMap<String, String>();
    for (var node : listIfServed(HubKinds.NODE)) {
      Quantities.add(capacity, quantities(node.status().path("capacity")));
      if (!node.spec().path("unschedulable").asBoolean(false)) {
        Quantities.add(allocatable, quantities(node.status().path("allocatable")));
      }
    }
    return new Facts(found, capacity, allocatable, claims());
  }

  private List<Claim> claims() {
    var values = new TreeMap<>(ownClaims);
    for (var claim : listIfServed(HubKinds.CLUSTER_CLAIM)) {
      if (!claim.labels().containsKey(SPOKE_ONLY)) {
        values.put(claim.name(), claim.spec().path("value").asString(""));
      }
    }
    values.values().removeIf(String::isEmpty);
    var claims = new ArrayList<Claim>();
    for (var name : RESERVED) {
      var value = values.remove(name);
      if (value != null) {
        claims.add(new Claim(name, value));
      }
    }
    values.entrySet().stream()
        .limit(CUSTOM_CLAIMS_MAX)
        .forEach(entry -> claims.add(new Claim(entry.getKey(), entry.getValue())));
    return List.copyOf(claims);
  }

  /// Nothing where the cluster has no such kind or does not let the agent see it.
  private List<ApiObject> listIfServed(ResourceType type) {
    try {
      return cluster.list(type, "", Selection.all()).items();
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND) || e.is(ApiError.Reason.FORBIDDEN)) {
        return List.of();
      }
      throw e;
    }
  }

  private static Map<String, String> quantities(JsonNode resources) {
    var found = new TreeMap<String, String>();
    for (var entry : resources.properties()) {
      found.put(entry.getKey(), entry.getValue().asString(""));
    }
    return found;
  }
}
