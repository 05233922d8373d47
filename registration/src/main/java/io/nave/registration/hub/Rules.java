package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Writes down an RBAC object, rule by rule. Used once.
final class Rules {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private final ResourceType type;
  private final ObjectNode tree;

  private Rules(ResourceType type, ObjectNode tree) {
    this.type = type;
    this.tree = tree;
  }

  /// @param cluster value of the cluster-name label; null: no label
  static Rules of(ResourceType type, String namespace, String name, @Nullable String cluster) {
    var tree = Json.object();
    tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    var meta = tree.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      meta.put("namespace", namespace);
    }
    if (cluster != null) {
      ClusterRights.labels(cluster).forEach(meta.putObject("labels")::put);
    }
    return new Rules(type, tree);
  }

  Rules rule(String group, List<String> resources, List<String> verbs, String... names) {
    return rule(List.of(group), resources, verbs, names);
  }

  Rules rule(List<String> groups, List<String> resources, List<String> verbs, String... names) {
    var rule = tree.withArrayProperty("rules").addObject();
    groups.forEach(rule.putArray("apiGroups")::add);
    resources.forEach(rule.putArray("resources")::add);
    if (names.length > 0) {
      List.of(names).forEach(rule.putArray("resourceNames")::add);
    }
    verbs.forEach(rule.putArray("verbs")::add);
    return this;
  }

  Rules roleRef(String clusterRole) {
    tree.putObject("roleRef")
        .put("apiGroup", GROUP)
        .put("kind", "ClusterRole")
        .put("name", clusterRole);
    return this;
  }

  Rules group(String name) {
    tree.withArrayProperty("subjects")
        .addObject()
        .put("apiGroup", GROUP)
        .put("kind", "Group")
        .put("name", name);
    return this;
  }

  Rules account(String namespace, String name) {
    tree.withArrayProperty("subjects")
        .addObject()
        .put("kind", "ServiceAccount")
        .put("name", name)
        .put("namespace", namespace);
    return this;
  }

  Rules finalizers(List<String> finalizers) {
    if (!finalizers.isEmpty()) {
      finalizers.forEach(tree.withObjectProperty("metadata").withArrayProperty("finalizers")::add);
    }
    return this;
  }

  Wanted wanted() {
    return new Wanted(type, ApiObject.of(tree));
  }
}
