package io.nave.applications;

import io.nave.api.Json;
import io.nave.applications.api.Application.Policy;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// KubeVela's old env-binding policy, in the terms of `topology` and `override` (spec §15). Pure.
final class EnvBinding {
  /// Both names it goes by.
  static final List<String> TYPES = List.of("env-binding", "envbinding");

  private EnvBinding() {}

  /// The names of a policy's environments, as far as they are written.
  static List<String> environments(Policies.Named policy) {
    var properties = policy.policy().properties();
    var names = new ArrayList<String>();
    if (properties != null) {
      properties.path("envs").forEach(env -> names.add(env.path("name").asString("")));
    }
    return names;
  }

  /// The policies that deliver to the environment that a `deploy2env` step names.
  ///
  /// @throws IllegalArgumentException when there is none, or it chooses in a way this hub has not
  static Policies of(Policies all, JsonNode parameter) {
    var wanted = parameter.path("env").asString("");
    var named = parameter.path("policy").asString("");
    var known = new ArrayList<String>();
    for (var type : TYPES) {
      for (var policy : all.ofType(type)) {
        if (!named.isEmpty() && !named.equals(policy.name())) {
          continue;
        }
        var envs = policy.policy().properties();
        for (var env : envs == null ? Json.array() : envs.path("envs")) {
          known.add(env.path("name").asString(""));
          if (wanted.equals(env.path("name").asString(""))) {
            return policies(policy, wanted, env);
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "env: no env-binding policy has an environment \"%s\"; they have %s"
            .formatted(wanted, known));
  }

  private static Policies policies(Policies.Named policy, String name, JsonNode env) {
    var placement = env.path("placement");
    var topology = Json.object();
    var cluster = placement.path("clusterSelector");
    if (cluster.hasNonNull("labels")) {
      topology.set("clusterLabelSelector", cluster.path("labels"));
    } else if (!cluster.path("name").asString("").isEmpty()) {
      topology.putArray("clusters").add(cluster.path("name").asString(""));
    }
    var namespace = placement.path("namespaceSelector");
    if (namespace.hasNonNull("labels")) {
      throw new IllegalArgumentException(
          "%s: environment \"%s\": placement.namespaceSelector.labels: the hub does not see the"
                  .formatted(policy.path(), name)
              + " namespaces of clusters; give placement.namespaceSelector.name");
    }
    topology.put("namespace", namespace.path("name").asString(""));
    var derived = new ArrayList<Policies.Named>();
    var path = policy.path() + ".properties.envs[" + name + "]";
    var base = policy.name() + "/" + name;
    derived.add(
        new Policies.Named(
            base, new Policy(base, "topology", topology), path + ".placement", name));
    var override = Json.object();
    if (!env.path("patch").path("components").isEmpty()) {
      override.set("components", env.path("patch").path("components"));
    }
    if (!env.path("selector").path("components").isEmpty()) {
      override.set("selector", env.path("selector").path("components"));
    }
    if (!override.isEmpty()) {
      derived.add(named(base + "/override", "override", override, path));
    }
    return new Policies(derived);
  }

  /// The policies that deliver to the clusters that a `deploy2runtime` step names; to all when it
  /// names none.
  static Policies runtime(JsonNode parameter) {
    var topology = Json.object();
    var clusters = parameter.path("clusters");
    if (clusters.isEmpty()) {
      topology.putObject("clusterLabelSelector");
    } else {
      topology.set("clusters", clusters);
    }
    return new Policies(List.of(named("deploy2runtime " + clusters, "topology", topology, "step")));
  }

  private static Policies.Named named(
      String name, String type, ObjectNode properties, String path) {
    return new Policies.Named(name, new Policy(name, type, properties), path);
  }
}
