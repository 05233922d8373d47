package io.nave.placement.schedule;

import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Whether a change of clusters touches a Placement: see the list at [Engine]. Keeps the entry's
/// survivors and the time it is due.
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
  boolean byCluster(Entry entry, Change change, Instant now) {
    var cluster = change.cluster();
    var after = change.after();
    var was = entry.survivors.contains(cluster);
    var is = after != null && passes(entry, cluster, after, now);
    if (is && !was) {
      entry.survivors.add(cluster);
      return wanted(entry, RoaringBitmap.bitmapOf(cluster), now);
    }
    if (was && !is) {
      entry.survivors.remove(cluster);
      return missed(entry, RoaringBitmap.bitmapOf(cluster));
    }
    return is && matters(entry, change);
  }

  /// After anything may have changed.
  boolean byAny(Entry entry, Instant now) {
    var pool = entry.pool;
    if (pool == null) {
      return true;
    }
    var before = entry.survivors;
    entry.due = entry.scoresDue;
    entry.survivors = pool.matched.clone();
    testTainted(entry, pool, now);
    var fresh = RoaringBitmap.andNot(entry.survivors, before);
    var lost = RoaringBitmap.andNot(before, entry.survivors);
    return (!lost.isEmpty() && missed(entry, lost))
        || (!fresh.isEmpty() && wanted(entry, fresh, now));
  }

  /// What a cluster is borne for can depend on whether it is chosen, which a decision changes.
  void afterDecision(Entry entry, Instant now) {
    var pool = entry.pool;
    if (pool != null && RoaringBitmap.intersects(pool.matched, estate.fleet().tainted())) {
      testTainted(entry, pool, now);
    }
  }

  private void testTainted(Entry entry, Pool pool, Instant now) {
    for (var cluster : RoaringBitmap.and(pool.matched, estate.fleet().tainted()).toArray()) {
      if (passes(entry, cluster, estate.fleet().known(cluster), now)) {
        entry.survivors.add(cluster);
      } else {
        entry.survivors.remove(cluster);
      }
    }
  }

  private boolean passes(Entry entry, int cluster, ClusterRow row, Instant now) {
    var pool = entry.pool;
    if (pool == null || !pool.matched.contains(cluster)) {
      return false;
    }
    if (row.taints().isEmpty()) {
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
    return contains(estate.ledger().holding(entry.key), cluster);
  }

  private static boolean contains(int[] clusters, int cluster) {
    for (var each : clusters) {
      if (each == cluster) {
        return true;
      }
    }
    return false;
  }

  /// Whether losing these survivors changes anything.
  private boolean missed(Entry entry, RoaringBitmap lost) {
    var program = entry.known();
    if (program.relative() || !program.spread().isEmpty()) {
      return true;
    }
    return Arrays.stream(estate.ledger().holding(entry.key)).anyMatch(lost::contains);
  }

  /// Whether any of these new survivors is chosen: there is room, or it beats the weakest.
  private boolean wanted(Entry entry, RoaringBitmap fresh, Instant now) {
    var program = entry.known();
    var held = estate.ledger().holding(entry.key);
    if (!entry.full(held.length) || program.relative() || !program.spread().isEmpty()) {
      return true;
    }
    estate.ledger().takeOut(entry.key);
    try {
      return beats(entry, fresh, held, now);
    } finally {
      estate.ledger().putBack(entry.key);
    }
  }

  private boolean beats(Entry entry, RoaringBitmap fresh, int[] held, Instant now) {
    var prioritizers = entry.known().prioritizers();
    var scores = new Scores(estate, RoaringBitmap.bitmapOf(held), now);
    var ranks = estate.fleet().ordinals().ranks();
    var weakest = Long.MIN_VALUE;
    for (var cluster : held) {
      if (fresh.contains(cluster)) {
        return true; // chosen although it did not pass: it waits, or was kept
      }
      weakest = Math.max(weakest, place(scores.total(prioritizers, cluster), ranks[cluster]));
    }
    var each = fresh.getIntIterator();
    while (each.hasNext()) {
      var cluster = each.next();
      if (place(scores.total(prioritizers, cluster), ranks[cluster]) < weakest) {
        return true;
      }
    }
    return false;
  }

  /// Sorts as a [Ranking] does.
  private static long place(int total, int rank) {
    return ((long) -total << 32) | rank;
  }

  /// Whether what changed of a cluster that passes before and after is looked at.
  private boolean matters(Entry entry, Change change) {
    var before = change.before();
    var after = change.after();
    if (before == null || after == null) {
      return false;
    }
    var program = entry.known();
    if (program.relative() && change.resources()) {
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
