package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster.Claim;
import io.nave.registration.api.ManagedCluster.NodeSummary;
import io.nave.runtime.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Looks at the agent's own cluster: does it answer, what is it, how big is it (spec §3.7).
final class ClusterReader {
  private static final String SPOKE_ONLY = "open-cluster-management.io/spoke-only";
  private static final int VALUE_CHARS_MAX = 1024;

  /// Every Kubernetes since 1.20 has it in each namespace.
  private static final Key AUTHORITY = Key.of("default", "kube-root-ca.crt");

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
  /// @param nodes null when there are none to be seen
  /// @param claimsLeftOut how many claims were too many to report
  record Facts(
      String version,
      Map<String, String> capacity,
      Map<String, String> allocatable,
      @Nullable NodeSummary nodes,
      List<Claim> claims,
      int claimsLeftOut) {}

  private record Claims(List<Claim> all, int leftOut) {}

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
  private final AgentSettings settings;

  ClusterReader(ApiClient cluster, Supplier<String> version, AgentSettings settings) {
    this.cluster = cluster;
    this.version = version;
    this.settings = settings;
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

  /// The certificates by which the cluster's API is known, PEM; empty where it does not publish
  /// them.
  String authority() {
    try {
      return cluster
          .find(HubKinds.CONFIG_MAP, AUTHORITY)
          .map(map -> map.at("/data/ca.crt").asString(""))
          .orElse("");
    } catch (ApiError | Transport.Unreachable e) {
      return "";
    }
  }

  private Facts facts() {
    var found = version.get();
    var capacity = new TreeMap<String, String>();
    var allocatable = new TreeMap<String, String>();
    var nodes = listIfServed(HubKinds.NODE);
    for (var node : nodes) {
      Quantities.add(capacity, quantities(node.status().path("capacity")));
      if (schedulable(node)) {
        Quantities.add(allocatable, quantities(node.status().path("allocatable")));
      }
    }
    var claims = claims();
    return new Facts(found, capacity, allocatable, summary(nodes), claims.all(), claims.leftOut());
  }

  /// How the nodes are, in a few words whatever their number.
  static @Nullable NodeSummary summary(List<ApiObject> nodes) {
    if (nodes.isEmpty()) {
      return null;
    }
    var notReady =
        nodes.stream().filter(node -> !ready(node)).map(ApiObject::name).sorted().toList();
    return new NodeSummary(
        nodes.size(),
        nodes.size() - notReady.size(),
        (int) nodes.stream().filter(ClusterReader::schedulable).count(),
        notReady.stream().limit(NodeSummary.NAMES_MAX).toList());
  }

  private static boolean schedulable(ApiObject node) {
    return !node.spec().path("unschedulable").asBoolean(false);
  }

  private static boolean ready(ApiObject node) {
    return node.status()
        .path("conditions")
        .valueStream()
        .anyMatch(each ->
            each.path("type").asString("").equals("Ready")
                && each.path("status").asString("").equals("True"));
  }

  /// Reserved ones always, then as many others as are allowed, by name. What SIG-Multicluster calls
  /// a property wins over a claim of the same name.
  private Claims claims() {
    var values = new TreeMap<>(settings.claims());
    for (var kind : List.of(HubKinds.CLUSTER_CLAIM, HubKinds.CLUSTER_PROPERTY)) {
      for (var claim : listIfServed(kind)) {
        if (!claim.labels().containsKey(SPOKE_ONLY)) {
          values.put(claim.name(), cut(claim.spec().path("value").asString("")));
        }
      }
    }
    values.values().removeIf(String::isEmpty);
    var claims = new ArrayList<Claim>();
    var reserved = new TreeMap<>(values);
    reserved.keySet().removeIf(name -> !isReserved(name));
    values.keySet().removeAll(reserved.keySet());
    reserved.forEach((name, value) -> claims.add(new Claim(name, value)));
    var most = settings.portrait().claimsMax();
    values.entrySet().stream()
        .limit(most)
        .forEach(entry -> claims.add(new Claim(entry.getKey(), entry.getValue())));
    return new Claims(List.copyOf(claims), Math.max(0, values.size() - most));
  }

  private boolean isReserved(String name) {
    return RESERVED.contains(name)
        || settings.portrait().reservedSuffixes().stream().anyMatch(name::endsWith);
  }

  /// A longer value would have the hub refuse the whole status.
  private static String cut(String value) {
    return value.codePointCount(0, value.length()) > VALUE_CHARS_MAX
        ? value.substring(0, value.offsetByCodePoints(0, VALUE_CHARS_MAX))
        : value;
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
