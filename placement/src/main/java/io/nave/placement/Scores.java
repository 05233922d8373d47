package io.nave.placement;

import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// How much each cluster is wanted: integers of −100..100 for each prioritizer (spec §5.3).
final class Scores {
  private static final String BALANCE = "Balance";
  private static final String STEADY = "Steady";
  private static final Set<String> BUILT_IN =
      Set.of(BALANCE, STEADY, "ResourceAllocatableCPU", "ResourceAllocatableMemory");

  private Scores() {}

  /// The prioritizers that count, by name, with their weights.
  static Map<String, Integer> weights(Placement placement) {
    var asked = placement.spec().prioritizerPolicy();
    JsonNode policy = asked == null ? MissingNode.getInstance() : asked;
    var weights = new TreeMap<String, Integer>();
    switch (policy.path("mode").asString("")) {
      case "", "Additive" -> {
        weights.put(BALANCE, 1);
        weights.put(STEADY, 1);
      }
      case "Exact" -> {}
      case String other ->
          throw new Misconfigured("", "incorrect prioritizer policy mode: " + other);
    }
    for (var configuration : policy.path("configurations")) {
      add(weights, configuration);
    }
    weights.values().removeIf(weight -> weight == 0);
    return weights;
  }

  private static void add(Map<String, Integer> weights, JsonNode configuration) {
    var coordinate = configuration.path("scoreCoordinate");
    if (!coordinate.isObject()) {
      throw new Misconfigured("", "scoreCoordinate field is required");
    }
    var weight = configuration.path("weight").asInt(1);
    var name = coordinate.path("builtIn").asString("");
    if (coordinate.path("type").asString("BuiltIn").equals("AddOn")) {
      if (!coordinate.path("addOn").isObject()) {
        throw new Misconfigured("", "addOn should not be empty");
      }
      throw new Misconfigured(
          "", "spec.prioritizerPolicy: this hub does not read add-on scores yet; use a built-in");
    }
    if (weight != 0 && !BUILT_IN.contains(name)) {
      throw new Misconfigured("", "incorrect builtin prioritizer: " + name);
    }
    weights.put(name, weight);
  }

  /// The score of every candidate by one prioritizer.
  static Map<String, Integer> score(
      String prioritizer,
      List<ManagedCluster> clusters,
      Set<String> current,
      Map<String, Integer> counts) {
    return switch (prioritizer) {
      case BALANCE -> balance(clusters, counts);
      case STEADY -> steady(clusters, current);
      case "ResourceAllocatableCPU" -> allocatable(clusters, "cpu");
      case "ResourceAllocatableMemory" -> allocatable(clusters, "memory");
      default -> throw new Misconfigured("", "incorrect builtin prioritizer: " + prioritizer);
    };
  }

  private static Map<String, Integer> balance(
      List<ManagedCluster> clusters, Map<String, Integer> counts) {
    var largest = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    var scores = new LinkedHashMap<String, Integer>();
    for (var cluster : clusters) {
      var name = cluster.metadata().name();
      int count = counts.getOrDefault(name, 0);
      scores.put(name, count == 0 ? 100 : 2 * (int) (100 * (0.5 - (double) count / largest)));
    }
    return scores;
  }

  private static Map<String, Integer> steady(List<ManagedCluster> clusters, Set<String> current) {
    var scores = new LinkedHashMap<String, Integer>();
    for (var cluster : clusters) {
      var name = cluster.metadata().name();
      scores.put(name, current.contains(name) ? 100 : 0);
    }
    return scores;
  }

  private static Map<String, Integer> allocatable(List<ManagedCluster> clusters, String resource) {
    var amounts = new LinkedHashMap<String, Double>();
    for (var cluster : clusters) {
      var amount = cluster.status().allocatable().get(resource);
      if (amount != null && cluster.status().capacity().containsKey(resource)) {
        amounts.put(cluster.metadata().name(), Quantity.parse(amount));
      }
    }
    var least = amounts.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    var most = amounts.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    var scores = new LinkedHashMap<String, Integer>();
    for (var cluster : clusters) {
      var name = cluster.metadata().name();
      var amount = amounts.get(name);
      scores.put(
          name,
          amount == null
              ? 0
              : most == least
                  ? 100
                  : (int) (((amount - least) / (most - least) - 0.5) * 2.0 * 100.0));
    }
    return scores;
  }
}
