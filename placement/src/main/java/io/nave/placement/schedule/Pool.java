package io.nave.placement.schedule;

import io.nave.placement.api.Placement.Predicate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The clusters that one choice of sets and predicates leaves, for all Placements that make it.
final class Pool {
  /// The fault is about no cluster, or about all of them together.
  private static final int NOBODY = -1;

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
  private int offender = NOBODY; // the cluster the fault is about
  private final Map<Integer, Long> costs = new HashMap<>(); // of expressions, by cluster
  private long spent; // their sum

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

  /// The same without Placements, for another engine.
  Pool copy(Membership other) {
    var copy = new Pool(of, serial, other, clauses);
    copy.matched = matched.clone();
    copy.fault = fault;
    copy.offender = offender;
    copy.costs.putAll(costs);
    copy.spent = spent;
    return copy;
  }

  boolean usesExpressions() {
    return clauses.stream().anyMatch(clause -> !clause.expressions().isEmpty());
  }

  /// Computes it anew.
  void rebuild(Estate estate) {
    fault = null;
    offender = NOBODY;
    costs.clear();
    spent = 0;
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
      return mend(estate, cluster);
    }
    var was = matched.contains(cluster);
    test(estate, cluster);
    return fault != null || was != matched.contains(cluster);
  }

  /// With a fault nothing is known until what caused it changes.
  private boolean mend(Estate estate, int cluster) {
    if (offender == cluster) {
      rebuild(estate);
      return true;
    }
    if (offender != NOBODY || !costs.containsKey(cluster)) {
      return false;
    }
    test(estate, cluster);
    if (spent <= Expressions.TOTAL_COST_MAX && offender == NOBODY) {
      rebuild(estate);
    }
    return true;
  }

  private void test(Estate estate, int cluster) {
    try {
      var before = costs.remove(cluster);
      spent -= before == null ? 0 : before;
      var row = estate.fleet().row(cluster);
      if (row == null || !membership.candidates.contains(cluster)) {
        matched.remove(cluster);
        return;
      }
      var verdict = Filters.matches(estate, row, clauses);
      if (verdict.holds()) {
        matched.add(cluster);
      } else {
        matched.remove(cluster);
      }
      charge(cluster, verdict.cost());
    } catch (Misconfigured e) {
      fault = String.valueOf(e.getMessage());
      offender = cluster;
    }
  }

  private void charge(int cluster, long cost) {
    if (usesExpressions()) {
      costs.put(cluster, cost);
      spent += cost;
      if (spent > Expressions.TOTAL_COST_MAX) {
        fault =
            "%s:%s.celExpressions: expected to cost at most %d on all clusters together, found more"
                .formatted(
                    Filters.PREDICATE,
                    clauses.stream()
                        .filter(clause -> !clause.expressions().isEmpty())
                        .findFirst()
                        .map(Program.Clause::path)
                        .orElse(""),
                    Expressions.TOTAL_COST_MAX);
      }
    }
  }
}
