package io.nave.placement.schedule;

import io.nave.placement.schedule.Program.Prioritizer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Whether a change of clusters touches a Placement: see the list at [Engine]. Keeps what the entry
/// refuses and the time it is due.
final class Touch {
  /// One cluster, before and after; null: not there.
  record Change(int cluster, @Nullable ClusterRow before, @Nullable ClusterRow after) {
    /// Whether what it can bear differs.
    boolean resources() {
      return before != null
          && after != null
          && (Double.compare(before.cpu(), after.cpu()) != 0
              || Double.compare(before.memory(), after.memory()) != 0);
    }

    boolean taints() {
      return before != null && after != null && !before.taints().equals(after.taints());
    }

    /// Whether it came, or went, or is on its way out.
    boolean life() {
      return before == null || after == null || before.deleting() != after.deleting();
    }

    /// The labels and claims that differ.
    Set<String> keys() {
      return before == null || after == null ? Set.of() : Keys.changed(before, after);
    }
  }

  private final Estate estate;

  Touch(Estate estate) {
    this.estate = estate;
  }

  /// After one cluster changed.
  ///
  /// @param matched whether it was in the entry's pool before
  boolean byCluster(Entry entry, Change change, boolean matched, Instant now) {
    var cluster = change.cluster();
    var after = change.after();
    var pool = entry.pool;
    var was = matched && !entry.refused.contains(cluster);
    var may = pool != null && pool.matched.contains(cluster);
    var is = may && after != null && bears(entry, cluster, after, now);
    entry.refuse(cluster, may && !is);
    if (is && !was) {
      return wanted(entry, now, weakest -> weakest.loses(cluster));
    }
    if (was && !is) {
      return missed(entry, each -> each == cluster);
    }
    return is && matters(entry, change);
  }

  /// After anything may have changed.
  ///
  /// @param matched what was in the entry's pool before
  boolean byAny(Entry entry, RoaringBitmap matched, Instant now) {
    var pool = entry.pool;
    if (pool == null) {
      return true;
    }
    var before = RoaringBitmap.andNot(matched, entry.refused);
    entry.due = entry.scoresDue;
    testTainted(entry, pool, now);
    var after = RoaringBitmap.andNot(pool.matched, entry.refused);
    var fresh = RoaringBitmap.andNot(after, before);
    var lost = RoaringBitmap.andNot(before, after);
    return (!lost.isEmpty() && missed(entry, lost::contains))
        || (!fresh.isEmpty()
            && wanted(entry, now, weakest -> fresh.stream().anyMatch(weakest::loses)));
  }

  /// What a cluster is borne for can depend on whether it is chosen, which a decision changes.
  void afterDecision(Entry entry, Instant now) {
    var pool = entry.pool;
    if (pool != null && RoaringBitmap.intersects(pool.matched, estate.fleet().tainted())) {
      testTainted(entry, pool, now);
    }
  }

  private void testTainted(Entry entry, Pool pool, Instant now) {
    var refused = RoaringBitmap.and(pool.matched, estate.fleet().tainted());
    for (var cluster : refused.toArray()) {
      if (bears(entry, cluster, estate.fleet().known(cluster), now)) {
        refused.remove(cluster);
      }
    }
    entry.refuse(refused);
  }

  /// Whether it tolerates the taints of a cluster of its pool.
  private boolean bears(Entry entry, int cluster, ClusterRow row, Instant now) {
    var pool = entry.pool;
    if (row.taints().isEmpty() || pool == null) {
      return true;
    }
    var tolerance =
        Tolerance.of(entry.known(), row, holds(entry, cluster), pool.membership.silence, now);
    if (tolerance.tolerated()) {
      entry.due = Tolerance.earlier(entry.due, tolerance.until());
    }
    return tolerance.tolerated();
  }

  private boolean holds(Entry entry, int cluster) {
    return any(estate.ledger().holding(entry.key), each -> each == cluster);
  }

  private static boolean any(int[] clusters, IntPredicate wanted) {
    for (var each : clusters) { // ten thousand Placements are asked at each change: no stream
      if (wanted.test(each)) {
        return true;
      }
    }
    return false;
  }

  /// Whether losing these survivors changes anything.
  private boolean missed(Entry entry, IntPredicate lost) {
    return compares(entry.known()) || any(estate.ledger().holding(entry.key), lost);
  }

  /// Whether one more or less to choose from can change the choice among the others.
  private static boolean compares(Program program) {
    return !program.spread().isEmpty() || program.relative();
  }

  /// Whether any of these new survivors is chosen: there is room, or it beats the weakest.
  private boolean wanted(Entry entry, Instant now, Predicate<Weakest> beaten) {
    var held = estate.ledger().holding(entry.key);
    return !entry.full(held.length)
        || compares(entry.known())
        || beaten.test(new Weakest(entry, held, now));
  }

  /// The worst that a Placement has.
  private final class Weakest {
    private final List<Prioritizer> prioritizers;
    private final Scores scores;
    private final Ledger.Others others;
    private final int[] ranks = estate.fleet().ordinals().ranks();
    private final long place;

    Weakest(Entry entry, int[] held, Instant now) {
      this.prioritizers = entry.known().prioritizers();
      this.others = estate.ledger().without(entry.key);
      this.scores = new Scores(estate, others, now);
      var worst = Long.MIN_VALUE;
      for (var cluster : held) {
        worst = Math.max(worst, place(cluster));
      }
      this.place = worst;
    }

    /// Whether it gives way to this cluster. One that is chosen although it did not pass waits, or
    /// was kept: the choice is made anew for it.
    boolean loses(int cluster) {
      return others.has(cluster) || place(cluster) < place;
    }

    /// Sorts as a [Ranking] does.
    private long place(int cluster) {
      return ((long) -scores.total(prioritizers, cluster) << 32) | ranks[cluster];
    }
  }

  /// Whether what changed of a cluster that passes before and after is looked at.
  private boolean matters(Entry entry, Change change) {
    var before = change.before();
    var after = change.after();
    if (before == null || after == null) {
      return false;
    }
    var program = entry.known();
    if (change.resources() && program.relative()) {
      return true;
    }
    if (!program.spread().isEmpty()
        && !Spread.domains(program.spread(), before)
            .equals(Spread.domains(program.spread(), after))) {
      return true;
    }
    return holds(entry, change.cluster())
        && (program.grouping().named().stream().anyMatch(g -> g.has(before) != g.has(after))
            || (program.division() != null && program.division().differs(before, after)));
  }
}
