package io.nave.placement.schedule;

import io.nave.placement.api.Placement.Predicate;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The clusters that one choice of sets and predicates leaves, for all Placements that make it.
final class Pool {
  /// What makes two Placements share a pool.
  ///
  /// @param sets names of the eligible sets, sorted
  record Of(List<String> sets, List<Predicate> predicates) {}

  /// The members of one choice of sets, for all pools on it.
  static final class Membership {
    final List<String> sets;
    final TreeSet<Pool> pools = new TreeSet<>((a, b) -> Integer.compare(a.serial, b.serial));
    RoaringBitmap candidates = new RoaringBitmap();
    boolean silence;

    Membership(List<String> sets) {
      this.sets = sets;
    }
  }

  final Of of;
  final int serial;
  final Membership membership;
  final List<Program.Clause> clauses;
  final Set<String> keys = new TreeSet<>();
  final TreeMap<Integer, Entry> entries = new TreeMap<>(); // by serial
  RoaringBitmap matched = new RoaringBitmap();
  @Nullable String fault; // why it cannot be computed
  int offender = -1; // the cluster the fault is about

  Pool(Of of, int serial, Membership membership, List<Program.Clause> clauses) {
    this.of = of;
    this.serial = serial;
    this.membership = membership;
    this.clauses = clauses;
    for (var clause : clauses) {
      Keys.ofLabels(keys, clause.labels());
      Keys.ofClaims(keys, clause.claims());
    }
  }

  boolean usesExpressions() {
    return clauses.stream().anyMatch(clause -> !clause.expressions().isEmpty());
  }

  /// Computes it anew.
  void rebuild(Estate estate) {
    fault = null;
    offender = -1;
    if (!usesExpressions()) {
      matched = Filters.matched(estate, membership.candidates, clauses);
      return;
    }
    matched = new RoaringBitmap();
    for (var cluster : membership.candidates.toArray()) {
      if (fault == null) {
        test(estate, cluster);
      }
    }
  }

  /// Looks at one cluster again.
  ///
  /// @return whether anything about the pool changed
  boolean refresh(Estate estate, int cluster) {
    if (fault != null) {
      if (offender != cluster) {
        return false; // until the cluster at fault changes nothing is known anyway
      }
      rebuild(estate);
      return true;
    }
    var was = matched.contains(cluster);
    test(estate, cluster);
    return fault != null || was != matched.contains(cluster);
  }

  private void test(Estate estate, int cluster) {
    try {
      var row = estate.fleet().row(cluster);
      if (row != null
          && membership.candidates.contains(cluster)
          && Filters.matches(estate, row, clauses)) {
        matched.add(cluster);
      } else {
        matched.remove(cluster);
      }
    } catch (Misconfigured e) {
      fault = String.valueOf(e.getMessage());
      offender = cluster;
    }
  }
}
