package io.nave.placement.schedule;

import io.nave.placement.api.Placement.ReplicaDivision;
import io.nave.placement.schedule.Division.Rule;
import io.nave.placement.schedule.Division.Weight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads `spec.replicaDivision`.
final class Divisions {
  private static final String PATH = "spec.replicaDivision.";

  /// Most replicas; the schema says so too.
  static final int REPLICAS_MAX = 1_000_000;

  private Divisions() {}

  /// @throws Misconfigured naming the field
  static @Nullable Division of(@Nullable ReplicaDivision asked) {
    if (asked == null) {
      return null;
    }
    if (asked.replicas() < 0 || asked.replicas() > REPLICAS_MAX) {
      throw wrong("replicas: expected 0 to " + REPLICAS_MAX + ", found " + asked.replicas());
    }
    var rule =
        switch (asked.by()) {
          case null -> Rule.EQUAL;
          case "Equal" -> Rule.EQUAL;
          case "Weight" -> Rule.WEIGHT;
          case "FreeCapacity" -> Rule.FREE_CAPACITY;
          case String other ->
              throw wrong("by: expected Equal, Weight or FreeCapacity, found \"" + other + "\"");
        };
    return new Division(asked.replicas(), rule, weights(asked), demand(asked, rule));
  }

  private static List<Weight> weights(ReplicaDivision asked) {
    var weights = new ArrayList<Weight>();
    for (var i = 0; i < asked.weights().size(); i++) {
      var each = asked.weights().get(i);
      var selector = each.clusterSelector();
      var at = PATH + "weights[" + i + "].clusterSelector";
      if (each.weight() < 0) {
        throw wrong("weights[" + i + "].weight: expected 0 or more, found " + each.weight());
      }
      weights.add(
          new Weight(
              new Program.NamedGroup(
                  "",
                  Compiler.labels(
                      "",
                      selector == null ? null : selector.labelSelector(),
                      at + ".labelSelector"),
                  Compiler.claims(
                      "",
                      selector == null ? null : selector.claimSelector(),
                      at + ".claimSelector")),
              each.weight()));
    }
    return List.copyOf(weights);
  }

  private static Demand demand(ReplicaDivision asked, Rule rule) {
    var each = asked.perReplica();
    var demand =
        each == null
            ? Demand.NONE
            : new Demand(
                amount(each.cpu(), 1000, "perReplica.cpu"),
                amount(each.memory(), 1, "perReplica.memory"));
    if (rule == Rule.FREE_CAPACITY && demand.none()) {
      throw wrong("perReplica: expected what one replica needs of cpu or memory, found none");
    }
    return demand;
  }

  /// Rounded up, so that what is counted as taken is never too little.
  private static long amount(@Nullable JsonNode given, int units, String field) {
    if (given == null || given.isNull()) {
      return 0;
    }
    var text = given.asString("");
    var amount = Math.ceil(Quantity.parse(text) * units - 1e-6);
    if (amount <= 0 || amount > 1L << 40) {
      throw wrong(
          field + ": expected an amount above 0 such as 500m or 1Gi, found \"" + text + "\"");
    }
    return (long) amount;
  }

  private static Misconfigured wrong(String message) {
    return new Misconfigured("", PATH + message);
  }
}
