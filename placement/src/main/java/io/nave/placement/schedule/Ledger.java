package io.nave.placement.schedule;

import io.nave.api.Key;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// How often each cluster is chosen, over all decisions of the hub: what Balance looks at.
///
/// A holding is what one Placement has chosen; taking it out while that Placement is scheduled
/// leaves the decisions of the others.
final class Ledger {
  private static final int[] NONE = new int[0];

  private final Fleet fleet;
  private final Map<Key, int[]> holdings = new HashMap<>(); // iterated for a copy only
  private int[] counts = new int[64]; // by cluster number
  private int[] clustersWith = new int[64]; // how many clusters have this count
  private int largest;

  Ledger(Fleet fleet) {
    this.fleet = fleet;
  }

  /// The cluster numbers a Placement holds; not to be changed.
  int[] holding(Key placement) {
    return holdings.getOrDefault(placement, NONE);
  }

  /// Makes this the holding of a Placement.
  void hold(Key placement, int[] clusters) {
    var before = holdings.getOrDefault(placement, NONE);
    add(clusters, 1);
    add(before, -1);
    if (clusters.length == 0) {
      holdings.remove(placement);
    } else {
      holdings.put(placement, clusters);
    }
    for (var cluster : before) {
      if (counts[cluster] == 0 && fleet.ordinals().used(cluster)) {
        fleet.release(cluster);
      }
    }
  }

  /// Counts without the holding of a Placement, until [#putBack].
  void takeOut(Key placement) {
    add(holding(placement), -1);
  }

  void putBack(Key placement) {
    add(holding(placement), 1);
  }

  /// Writes the same holdings into another ledger.
  void copyTo(Ledger other, Ordinals numbers) {
    var theirs = other.fleet.ordinals();
    holdings.forEach((key, clusters) ->
        other.hold(
            key, Arrays.stream(clusters).map(each -> theirs.of(numbers.name(each))).toArray()));
  }

  int count(int cluster) {
    return cluster < counts.length ? counts[cluster] : 0;
  }

  /// The largest count of any cluster.
  int largest() {
    return largest;
  }

  private void add(int[] clusters, int step) {
    for (var cluster : clusters) {
      if (cluster >= counts.length) {
        counts = Arrays.copyOf(counts, Math.max(cluster + 1, 2 * counts.length));
      }
      var before = counts[cluster];
      var after = before + step;
      counts[cluster] = after;
      if (after >= clustersWith.length) {
        clustersWith = Arrays.copyOf(clustersWith, 2 * after);
      }
      clustersWith[before]--;
      clustersWith[after]++;
      largest = Math.max(largest, after);
    }
    while (largest > 0 && clustersWith[largest] == 0) {
      largest--;
    }
  }
}
