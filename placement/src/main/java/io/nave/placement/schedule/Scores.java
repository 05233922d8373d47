package io.nave.placement.schedule;

import io.nave.placement.schedule.Program.Prioritizer;
import java.time.Instant;
import java.util.List;

/// How much each cluster is wanted: integers of −100..100 for each prioritizer (spec §5.3).
///
/// @param others the decisions of all Placements but the one that is scheduled
record Scores(Estate estate, Ledger.Others others, Instant now) {

  /// The scores of these clusters by one prioritizer, in their order.
  int[] of(Prioritizer prioritizer, int[] clusters) {
    return switch (prioritizer.source()) {
      case CPU -> allocatable(clusters, false);
      case MEMORY -> allocatable(clusters, true);
      case BALANCE, STEADY, ADD_ON -> {
        var scores = new int[clusters.length];
        for (var i = 0; i < clusters.length; i++) {
          scores[i] = one(prioritizer, clusters[i]);
        }
        yield scores;
      }
    };
  }

  /// The score of one cluster by a prioritizer that does not compare clusters.
  private int one(Prioritizer prioritizer, int cluster) {
    return switch (prioritizer.source()) {
      case BALANCE -> balance(cluster);
      case STEADY -> others.has(cluster) ? 100 : 0;
      case ADD_ON -> addOn(prioritizer, cluster);
      case CPU, MEMORY -> throw new IllegalStateException(prioritizer.name() + " is relative");
    };
  }

  /// The weighted sum for one cluster; no prioritizer may compare clusters.
  int total(List<Prioritizer> prioritizers, int cluster) {
    var sum = 0;
    for (var prioritizer : prioritizers) {
      sum += prioritizer.weight() * one(prioritizer, cluster);
    }
    return sum;
  }

  private int balance(int cluster) {
    var count = others.count(cluster);
    return count == 0 ? 100 : 2 * (int) (100 * (0.5 - (double) count / others.largest()));
  }

  private int addOn(Prioritizer prioritizer, int cluster) {
    var page =
        estate.scores().page(prioritizer.resource(), estate.fleet().ordinals().name(cluster));
    return page == null || page.expired(now)
        ? 0
        : page.scores().getOrDefault(prioritizer.score(), 0);
  }

  private int[] allocatable(int[] clusters, boolean memory) {
    var amounts = new double[clusters.length];
    var least = Double.POSITIVE_INFINITY;
    var most = Double.NEGATIVE_INFINITY;
    for (var i = 0; i < clusters.length; i++) {
      var row = estate.fleet().known(clusters[i]);
      amounts[i] = memory ? row.memory() : row.cpu();
      if (!Double.isNaN(amounts[i])) {
        least = Math.min(least, amounts[i]);
        most = Math.max(most, amounts[i]);
      }
    }
    var scores = new int[clusters.length];
    for (var i = 0; i < clusters.length; i++) {
      scores[i] =
          Double.isNaN(amounts[i])
              ? 0
              : most == least
                  ? 100
                  : (int) (((amounts[i] - least) / (most - least) - 0.5) * 2.0 * 100.0);
    }
    return scores;
  }
}
