package io.nave.placement.schedule;

import io.nave.placement.schedule.Apportionment.Part;
import java.util.ArrayList;
import java.util.List;

/// How a Placement divides replicas over its chosen clusters (`spec.replicaDivision`).
///
/// @param weights the first that matches a cluster counts
record Division(int replicas, Rule rule, List<Weight> weights, Demand demand) {
  /// What a cluster's share depends on.
  enum Rule {
    EQUAL,
    WEIGHT,
    FREE_CAPACITY
  }

  /// The weight of clusters a selector matches.
  record Weight(Program.NamedGroup clusters, int weight) {}

  /// Whether a chosen cluster's share can be another after this change.
  boolean differs(ClusterRow before, ClusterRow after) {
    return switch (rule) {
      case EQUAL -> false;
      case WEIGHT -> weight(before) != weight(after);
      case FREE_CAPACITY ->
          Double.compare(before.cpu(), after.cpu()) != 0
              || Double.compare(before.memory(), after.memory()) != 0;
    };
  }

  /// The replicas of each cluster.
  ///
  /// @param held what the Placement has so far
  /// @param clusters in the order of their names
  /// @param others what the replicas of other Placements take of each
  int[] over(Fleet fleet, Ledger.Holding held, int[] clusters, List<Demand> others) {
    var parts = new ArrayList<Part>(clusters.length);
    var before = held.byCluster();
    for (var i = 0; i < clusters.length; i++) {
      var row = fleet.row(clusters[i]);
      parts.add(
          row == null
              ? new Part(0, 0, 0)
              : part(row, before.getOrDefault(clusters[i], 0), others.get(i)));
    }
    return Apportionment.divide(replicas, parts);
  }

  private Part part(ClusterRow row, int held, Demand others) {
    return switch (rule) {
      case EQUAL -> new Part(1, replicas, held);
      case WEIGHT -> new Part(weight(row), replicas, held);
      case FREE_CAPACITY -> {
        var fit = Math.min(demand.fit(row.cpu(), row.memory(), others), 1L << 40);
        yield new Part(fit, fit, held);
      }
    };
  }

  /// 1 where no selector matches.
  private int weight(ClusterRow row) {
    for (var each : weights) {
      if (each.clusters().has(row)) {
        return each.weight();
      }
    }
    return 1;
  }

  /// Why replicas can be left over.
  String shortage() {
    return switch (rule) {
      case EQUAL -> "no cluster is chosen";
      case WEIGHT -> "no chosen cluster has a weight above 0";
      case FREE_CAPACITY -> "the free capacity of the chosen clusters is too small";
    };
  }
}
