package io.nave.placement.schedule;

import io.nave.placement.schedule.Program.Prioritizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Clusters, best first: by total score, then by name (spec §5.3).
record Ranking(int[] clusters, List<int[]> scores, int[] totals) {

  /// @param clusters in any order
  static Ranking of(int[] clusters, List<Prioritizer> prioritizers, Scores scores, int[] ranks) {
    var columns = new ArrayList<int[]>(prioritizers.size());
    var totals = new int[clusters.length];
    for (var prioritizer : prioritizers) {
      var column = scores.of(prioritizer, clusters);
      for (var i = 0; i < totals.length; i++) {
        totals[i] += prioritizer.weight() * column[i];
      }
      columns.add(column);
    }
    return sorted(clusters, columns, totals, ranks);
  }

  /// By name alone.
  static Ranking byName(int[] clusters, int[] ranks) {
    return sorted(clusters, List.of(), new int[clusters.length], ranks);
  }

  private static Ranking sorted(int[] clusters, List<int[]> columns, int[] totals, int[] ranks) {
    // Total and rank in one number, and the place in the low bits of a second pass: no boxing.
    var keys = new long[clusters.length];
    var placeOf = new int[ranks.length];
    for (var i = 0; i < clusters.length; i++) {
      var rank = ranks[clusters[i]];
      keys[i] = ((long) -totals[i] << 32) | rank;
      placeOf[rank] = i;
    }
    Arrays.sort(keys);
    var places = new int[keys.length];
    for (var i = 0; i < keys.length; i++) {
      places[i] = placeOf[(int) keys[i]];
    }
    return new Ranking(
        arranged(clusters, places),
        columns.stream().map(column -> arranged(column, places)).toList(),
        arranged(totals, places));
  }

  private static int[] arranged(int[] values, int[] places) {
    var arranged = new int[places.length];
    for (var i = 0; i < places.length; i++) {
      arranged[i] = values[places[i]];
    }
    return arranged;
  }
}
