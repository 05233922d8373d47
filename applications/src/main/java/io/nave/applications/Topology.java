package io.nave.applications;

import io.nave.api.Key;
import io.nave.api.LabelSelector;
import io.nave.applications.api.Application;
import io.nave.registration.api.ManagedCluster;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds where an Application runs, by its topology policies (spec §10.4).
final class Topology {
  /// Most clusters a message names.
  private static final int NAMED_MAX = 10;

  /// Where an application goes that names no clusters: in KubeVela the hub itself, here a cluster
  /// that was joined by this name.
  static final String LOCAL = "local";

  private final PolicyProperties properties;
  private final Fleet fleet;

  Topology(PolicyProperties properties, Fleet fleet) {
    this.properties = properties;
    this.fleet = fleet;
  }

  /// All targets, sorted, each once.
  ///
  /// @throws Refusal naming the policy, what it asks for, and what to do
  List<Target> targets(Application application, Policies policies) {
    var topologies = policies.ofType("topology");
    if (topologies.isEmpty()) {
      if (fleet.cluster(LOCAL).filter(Topology::usable).isPresent()) {
        return List.of(new Target(LOCAL, application.metadata().namespace(), false));
      }
      throw new Refusal(
          Stage.POLICY,
          "spec.policies: no topology policy says where to run, and this hub has no cluster"
              + " \"local\"; add one, such as {name: everywhere, type: topology, properties:"
              + " {clusterLabelSelector: {}}}");
    }
    var targets = new TreeSet<Target>();
    var surroundings = new Surroundings(application, fleet);
    for (var policy : topologies) {
      targets.addAll(
          Surroundings.named(policy).isEmpty()
              ? targets(application, policy)
              : targets(application, policy, surroundings));
    }
    return List.copyOf(targets);
  }

  private List<Target> targets(Application application, Policies.Named policy) {
    var parameter = properties.of(policy);
    var asked = parameter.path("namespace").asString("");
    var chosen = clusters(application, policy, parameter);
    return targets(application, policy, parameter, asked, chosen, policy.env());
  }

  /// The environment's namespace wins over none.
  private List<Target> targets(
      Application application, Policies.Named policy, Surroundings surroundings) {
    var parameter = properties.of(policy);
    var environment = surroundings.environment(policy);
    var own = environment.spec().namespace();
    var asked = parameter.path("namespace").asString("");
    return targets(
        application,
        policy,
        parameter,
        asked.isEmpty() && own != null ? own : asked,
        surroundings.clusters(policy, environment),
        environment.metadata().name());
  }

  private static List<Target> targets(
      Application application,
      Policies.Named policy,
      ObjectNode parameter,
      String asked,
      List<String> clusters,
      String env) {
    var namespace = asked.isEmpty() ? application.metadata().namespace() : asked;
    if (clusters.isEmpty() && !parameter.path("allowEmpty").asBoolean(false)) {
      throw refusal(
          policy,
          "no cluster matches, and what runs stays where it is; join or label a cluster, or set"
              + " allowEmpty: true if none is meant");
    }
    return clusters.stream().map(c -> new Target(c, namespace, !asked.isEmpty(), env)).toList();
  }

  private List<String> clusters(
      Application application, Policies.Named policy, ObjectNode parameter) {
    var named = parameter.hasNonNull("clusters") && !parameter.path("clusters").isEmpty();
    var labelled = parameter.hasNonNull("clusterLabelSelector");
    if (parameter.hasNonNull("placement")) {
      if (named || labelled) {
        throw refusal(policy, "give either placement, or clusters or clusterLabelSelector");
      }
      return placed(policy, placement(application, policy, parameter.path("placement")));
    }
    if (named) {
      return byName(policy, parameter.path("clusters"));
    }
    if (labelled) {
      return byLabels(parameter.path("clusterLabelSelector"));
    }
    if (fleet.cluster(LOCAL).filter(Topology::usable).isPresent()) {
      return List.of(LOCAL);
    }
    throw refusal(
        policy,
        "says nothing about clusters, and this hub has no cluster \"local\"; give clusters,"
            + " clusterLabelSelector or placement");
  }

  private List<String> byName(Policies.Named policy, JsonNode names) {
    var found = new ArrayList<String>();
    for (var node : names) {
      var name = node.asString("");
      var cluster = fleet.cluster(name).orElse(null);
      if (cluster == null) {
        throw refusal(
            policy, "cluster \"" + name + "\" does not exist; known clusters are " + known());
      }
      if (!cluster.accepted()) {
        throw refusal(
            policy,
            "cluster \"" + name + "\" is not accepted; accept it with: nave accept " + name);
      }
      if (cluster.metadata().deleting()) {
        throw refusal(policy, "cluster \"" + name + "\" is being removed");
      }
      found.add(name);
    }
    return found;
  }

  private String known() {
    var names = fleet.clusters().stream().map(c -> c.metadata().name()).toList();
    if (names.isEmpty()) {
      return "none";
    }
    return names.size() <= NAMED_MAX
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMED_MAX))
            + " and "
            + (names.size() - NAMED_MAX)
            + " more";
  }

  private List<String> byLabels(JsonNode labels) {
    Map<String, String> wanted = new LinkedHashMap<>();
    labels.properties().forEach(label -> wanted.put(label.getKey(), label.getValue().asString("")));
    var selector = LabelSelector.ofLabels(wanted);
    return fleet.clusters().stream()
        .filter(cluster -> usable(cluster) && selector.matches(cluster.metadata().labels()))
        .map(cluster -> cluster.metadata().name())
        .toList();
  }

  private List<String> placed(Policies.Named policy, Key placement) {
    var chosen =
        fleet
            .decisions(placement)
            .orElseThrow(() ->
                refusal(
                    policy,
                    "Placement "
                        + placement
                        + " has decided nothing yet; create it, or see its conditions"));
    return chosen.stream()
        .filter(name -> fleet.cluster(name).filter(Topology::usable).isPresent())
        .toList();
  }

  private static boolean usable(ManagedCluster cluster) {
    return cluster.accepted() && !cluster.metadata().deleting();
  }

  private static Key placement(Application application, Policies.Named policy, JsonNode given) {
    var own = application.metadata().namespace();
    if (given.isString() && !given.stringValue().isEmpty()) {
      return Key.of(own, given.stringValue());
    }
    var name = given.path("name").asString("");
    if (name.isEmpty()) {
      throw refusal(
          policy, "placement: expected a name, or {name: ..., namespace: ...}, found " + given);
    }
    var namespace = given.path("namespace").asString("");
    return Key.of(namespace.isEmpty() ? own : namespace, name);
  }

  /// The Placements an Application names; for what wakes it up. Never throws.
  static List<Key> placements(Application application) {
    var found = new ArrayList<Key>();
    for (var policy : Policies.of(application).all()) {
      var properties = policy.policy().properties();
      if (properties != null && properties.hasNonNull("placement")) {
        try {
          found.add(placement(application, policy, properties.path("placement")));
        } catch (Refusal e) {
          // Said in a condition when the application is looked at; names no Placement.
        }
      }
    }
    return found;
  }

  private static Refusal refusal(Policies.Named policy, String what) {
    return new Refusal(
        Stage.POLICY, policy.path() + ": topology \"" + policy.name() + "\": " + what);
  }
}
