package io.nave.placement.schedule;

import io.nave.api.Key;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// How often each cluster is chosen, over all decisions of the hub: what Balance looks at; and what
/// divided replicas take of each.
///
/// A holding is what one Placement has chosen; it is scheduled by the decisions of the others.
final class Ledger {
  /// What one Placement has.
  ///
  /// @param clusters their numbers; not to be changed
  /// @param replicas of each; empty when none are divided
  record Holding(int[] clusters, int[] replicas) {
    static final Holding NONE = new Holding(new int[0], new int[0]);

    /// The replicas by cluster, for look-ups.
    Map<Integer, Integer> byCluster() {
      var found = new HashMap<Integer, Integer>();
      for (var i = 0; i < replicas.length; i++) {
        found.put(clusters[i], replicas[i]);
      }
      return found;
    }

    int sum() {
      return Arrays.stream(replicas).sum();
    }
  }

  /// What Balance looks at while one Placement is scheduled: the decisions of all others.
  final class Others {
    /// Up to so many clusters are looked through faster than a bitmap is made of them.
    private static final int SCANNED_MAX = 16;

    private final int[] own;
    private final @Nullable RoaringBitmap ownSet; // null: so few that they are scanned
    private final int most;

    private Others(int[] own) {
      this.own = own;
      this.ownSet = own.length > SCANNED_MAX ? RoaringBitmap.bitmapOf(own) : null;
      this.most = most();
    }

    /// Whether the Placement itself has the cluster.
    boolean has(int cluster) {
      if (ownSet != null) {
        return ownSet.contains(cluster);
      }
      for (var each : own) {
        if (each == cluster) {
          return true;
        }
      }
      return false;
    }

    int count(int cluster) {
      return Ledger.this.count(cluster) - (has(cluster) ? 1 : 0);
    }

    /// The largest count of any cluster.
    int largest() {
      return most;
    }

    /// One less than with it, when it has all that are chosen most often.
    private int most() {
      var ownOfLargest = 0;
      for (var cluster : own) {
        ownOfLargest += counts[cluster] == largest ? 1 : 0;
      }
      return largest > 0 && ownOfLargest == clustersWith[largest] ? largest - 1 : largest;
    }
  }

  private final Fleet fleet;
  private final Map<Key, Holding> holdings = new HashMap<>(); // never iterated but for a copy
  private final Map<Key, Demand> demands = new HashMap<>(); // as well; only those that need some
  private int[] counts = new int[64]; // by cluster number
  private int[] clustersWith = new int[64]; // how many clusters have this count
  private long[] cpu = new long[64]; // taken of each cluster by replicas, in thousandths
  private long[] memory = new long[64]; // in bytes
  private int largest;

  Ledger(Fleet fleet) {
    this.fleet = fleet;
  }

  /// The cluster numbers a Placement holds; not to be changed.
  int[] holding(Key placement) {
    return held(placement).clusters();
  }

  Holding held(Key placement) {
    return holdings.getOrDefault(placement, Holding.NONE);
  }

  /// Makes this the holding of a Placement, without replicas.
  void hold(Key placement, int[] clusters) {
    hold(placement, clusters, Holding.NONE.replicas());
  }

  /// Makes this the holding of a Placement.
  ///
  /// @param replicas of each cluster, or none
  void hold(Key placement, int[] clusters, int[] replicas) {
    var before = held(placement);
    var demand = demands.getOrDefault(placement, Demand.NONE);
    var after = new Holding(clusters, replicas);
    add(clusters, 1);
    take(after, demand, 1);
    add(before.clusters(), -1);
    take(before, demand, -1);
    if (clusters.length == 0) {
      holdings.remove(placement);
    } else {
      holdings.put(placement, after);
    }
    for (var cluster : before.clusters()) {
      if (counts[cluster] == 0 && fleet.ordinals().used(cluster)) {
        fleet.release(cluster);
      }
    }
  }

  /// Leaves a Placement only these of its clusters, with the replicas they have.
  void keep(Key placement, int[] clusters) {
    var before = held(placement);
    var replicas = before.byCluster();
    hold(
        placement,
        clusters,
        replicas.isEmpty()
            ? before.replicas()
            : Arrays.stream(clusters).map(each -> replicas.getOrDefault(each, 0)).toArray());
  }

  /// What each replica of a Placement needs.
  void demand(Key placement, Demand demand) {
    var before = demand.none() ? demands.remove(placement) : demands.put(placement, demand);
    if (!demand.equals(before == null ? Demand.NONE : before)) {
      take(held(placement), before == null ? Demand.NONE : before, -1);
      take(held(placement), demand, 1);
    }
  }

  /// What the replicas of all Placements but one take of each of these clusters.
  List<Demand> takenByOthers(Key placement, int[] clusters) {
    var own = demands.getOrDefault(placement, Demand.NONE);
    var replicas = own.none() ? Map.<Integer, Integer>of() : held(placement).byCluster();
    var taken = new ArrayList<Demand>(clusters.length);
    for (var cluster : clusters) {
      if (cluster >= cpu.length) {
        taken.add(Demand.NONE);
      } else {
        long mine = replicas.getOrDefault(cluster, 0);
        taken.add(
            new Demand(cpu[cluster] - mine * own.cpu(), memory[cluster] - mine * own.memory()));
      }
    }
    return taken;
  }

  /// The counts as they are without the holding of one Placement. Good until any holding changes.
  Others without(Key placement) {
    return new Others(held(placement).clusters());
  }

  /// The same over another fleet of the same cluster numbers.
  Ledger copy(Fleet other) {
    var copy = new Ledger(other);
    copy.holdings.putAll(holdings);
    copy.demands.putAll(demands);
    copy.counts = counts.clone();
    copy.clustersWith = clustersWith.clone();
    copy.cpu = cpu.clone();
    copy.memory = memory.clone();
    copy.largest = largest;
    return copy;
  }

  int count(int cluster) {
    return cluster < counts.length ? counts[cluster] : 0;
  }

  /// The largest count of any cluster.
  int largest() {
    return largest;
  }

  private void take(Holding holding, Demand demand, int sign) {
    if (demand.none()) {
      return;
    }
    for (var i = 0; i < holding.replicas().length; i++) {
      var cluster = holding.clusters()[i];
      if (cluster >= cpu.length) {
        cpu = Arrays.copyOf(cpu, Math.max(cluster + 1, 2 * cpu.length));
        memory = Arrays.copyOf(memory, cpu.length);
      }
      var replicas = (long) sign * holding.replicas()[i];
      cpu[cluster] += replicas * demand.cpu();
      memory[cluster] += replicas * demand.memory();
    }
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
