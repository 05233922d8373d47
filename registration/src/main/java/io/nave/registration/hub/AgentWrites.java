package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.ManagedCluster;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What agents and the bearers of bootstrap tokens may write about their cluster: upstream's agents
/// write no more (spec §3.3), and labels and taints decide where things run, which is not theirs to
/// decide once a person has let them in.
final class AgentWrites {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final String AGENT_PREFIX = "agent.open-cluster-management.io/";

  /// Who made the cluster known, where that was by a token that lets in one only.
  static final String ASKED_BY = "nave.io/asked-by";

  private AgentWrites() {}

  /// @throws ApiError Forbidden, naming what is not theirs to write
  static void check(@Nullable ApiObject old, ApiObject next, ClusterAdmission.Rights rights) {
    if (AgentIdentity.bootstraps(rights.user(), rights.groups())) {
      checkBootstrap(old, next, rights);
    } else if (AgentIdentity.looksLikeAgent(rights.user())
        || rights.groups().contains(AgentIdentity.ALL_AGENTS)) {
      checkAgent(old, next);
    }
  }

  private static void checkBootstrap(
      @Nullable ApiObject old, ApiObject next, ClusterAdmission.Rights rights) {
    if (BootstrapGroups.forbid(rights.groups(), next.name())) {
      throw refusal(
          next,
          "this bootstrap token is for cluster %s only"
              .formatted(BootstrapGroups.onlyCluster(rights.groups()).orElse("")));
    }
    if (old != null) {
      return;
    }
    for (var label : next.labels().keySet()) {
      if (reserved(label) && !label.equals(ManagedCluster.SET_LABEL)) {
        throw refusal(next, "metadata.labels: " + label + " is not for a cluster to choose");
      }
    }
    for (var annotation : next.annotations().keySet()) {
      if (!annotation.startsWith(AGENT_PREFIX) && !annotation.equals(AgentKey.ANNOTATION)) {
        throw refusal(
            next,
            "metadata.annotations: a cluster may bring those that begin with %s, not %s"
                .formatted(AGENT_PREFIX, annotation));
      }
    }
    checkOnce(next, rights);
  }

  private static void checkOnce(ApiObject next, ClusterAdmission.Rights rights) {
    if (!rights.groups().contains(BootstrapGroups.ONCE)) {
      return;
    }
    for (var other : rights.clusters()) {
      if (rights.user().equals(other.annotations().get(ASKED_BY))
          && !other.name().equals(next.name())) {
        throw refusal(
            next,
            "this bootstrap token lets one cluster in, and %s used it".formatted(other.name()));
      }
    }
  }

  /// The object with a note of who asked, where one token may ask once.
  static ApiObject noted(@Nullable ApiObject old, ApiObject next, ClusterAdmission.Rights rights) {
    return old == null && rights.groups().contains(BootstrapGroups.ONCE)
        ? next.editMeta(meta -> meta.withObjectProperty("annotations").put(ASKED_BY, rights.user()))
        : next;
  }

  private static void checkAgent(@Nullable ApiObject old, ApiObject next) {
    if (old != null && !Json.same(rest(old), rest(next))) {
      throw refusal(
          next,
          "an agent may change spec.managedClusterClientConfigs and the annotations that begin with "
              + AGENT_PREFIX
              + ", and nothing else of its ManagedCluster");
    }
  }

  /// All of it that is not the agent's.
  private static ObjectNode rest(ApiObject cluster) {
    var rest = Json.object();
    if (cluster.spec() instanceof ObjectNode spec) {
      rest.set("spec", spec.deepCopy().without("managedClusterClientConfigs"));
    }
    cluster.labels().forEach(rest.putObject("labels")::put);
    var annotations = rest.putObject("annotations");
    cluster
        .annotations()
        .forEach((name, value) -> {
          if (!name.startsWith(AGENT_PREFIX)) {
            annotations.put(name, value);
          }
        });
    new TreeSet<>(cluster.finalizers()).forEach(rest.putArray("finalizers")::add);
    return rest;
  }

  private static boolean reserved(String name) {
    var slash = name.indexOf('/');
    var domain = slash < 0 ? "" : name.substring(0, slash);
    return domain.equals("open-cluster-management.io")
        || domain.endsWith(".open-cluster-management.io")
        || domain.equals("nave.io");
  }

  private static ApiError refusal(ApiObject cluster, String text) {
    return ApiError.forbidden(CLUSTER, cluster.name(), text);
  }
}
