package io.nave.placement.schedule;

import io.nave.registration.api.ManagedClusterSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Which pools a change can touch: by the labels and claims they ask for, and by their sets.
final class Pools {
  /// From so many silent clusters on, and so large a share of the candidates, silence is taken for
  /// a fault of the hub's own network: the rule of Kubernetes' zones (more than 2, and 55 %).
  static final int SILENT_MIN = 3;

  static final int SILENT_PERCENT = 55;

  private final Estate estate;
  private final Map<Pool.Of, Pool> pools = new LinkedHashMap<>();
  private final Map<List<String>, Pool.Membership> memberships = new LinkedHashMap<>();
  private final Map<String, Map<Integer, Pool>> byKey = new TreeMap<>();
  private final Map<Integer, Pool> withExpressions = new TreeMap<>();
  private final TreeMap<String, ManagedClusterSet> sets = new TreeMap<>();
  private int nextSerial;

  Pools(Estate estate) {
    this.estate = estate;
  }

  /// Makes these what those are, but without Placements: [#rejoin] adds them.
  void copyFrom(Pools other) {
    sets.putAll(other.sets);
    for (var theirs : other.memberships.values()) {
      var mine = new Pool.Membership(theirs.sets);
      mine.candidates = theirs.candidates.clone();
      mine.silence = theirs.silence;
      memberships.put(mine.sets, mine);
    }
    for (var theirs : other.pools.values()) {
      enter(theirs.copy(known(theirs.membership.sets)));
    }
    nextSerial = other.nextSerial;
  }

  private Pool.Membership known(List<String> names) {
    var membership = memberships.get(names);
    if (membership == null) {
      throw new IllegalStateException("no membership of " + names);
    }
    return membership;
  }

  /// Gives an entry the pool that is like the one of another entry.
  void rejoin(Entry entry, Entry other) {
    var pool = other.pool == null ? null : pools.get(other.pool.of);
    entry.pool = pool;
    if (pool != null) {
      pool.entries.put(entry.serial, entry);
    }
  }

  Map<String, ManagedClusterSet> sets() {
    return sets;
  }

  Collection<Pool> all() {
    return pools.values();
  }

  Collection<Pool.Membership> memberships() {
    return memberships.values();
  }

  Collection<Pool> withExpressions() {
    return withExpressions.values();
  }

  /// Pools that ask for any of these labels and claims.
  List<Pool> asking(Set<String> keys) {
    var found = new ArrayList<Pool>();
    for (var key : keys) {
      found.addAll(byKey.getOrDefault(key, Map.of()).values());
    }
    return found;
  }

  /// The pool of a Placement, made if there is none yet.
  Pool join(Entry entry) {
    var of = new Pool.Of(entry.eligible, entry.placement.spec().predicates());
    var pool = pools.get(of);
    if (pool == null) {
      pool = new Pool(of, nextSerial++, membership(entry.eligible), entry.known().clauses());
      enter(pool);
      pool.rebuild(estate);
    }
    pool.entries.put(entry.serial, entry);
    return pool;
  }

  private void enter(Pool pool) {
    pool.membership.pools.add(pool);
    pools.put(pool.of, pool);
    for (var key : pool.keys) {
      byKey.computeIfAbsent(key, _ -> new TreeMap<>()).put(pool.serial, pool);
    }
    if (pool.usesExpressions()) {
      withExpressions.put(pool.serial, pool);
    }
  }

  void leave(Entry entry) {
    var pool = entry.pool;
    entry.pool = null;
    if (pool == null || pool.entries.remove(entry.serial) == null || !pool.entries.isEmpty()) {
      return;
    }
    pools.remove(pool.of);
    withExpressions.remove(pool.serial);
    for (var key : pool.keys) {
      byKey.getOrDefault(key, Map.of()).remove(pool.serial);
      byKey.computeIfPresent(key, (_, left) -> left.isEmpty() ? null : left);
    }
    pool.membership.pools.remove(pool);
    if (pool.membership.pools.isEmpty()) {
      memberships.remove(pool.membership.sets);
    }
  }

  private Pool.Membership membership(List<String> names) {
    return memberships.computeIfAbsent(
        names,
        _ -> {
          var fresh = new Pool.Membership(names);
          refill(fresh);
          return fresh;
        });
  }

  /// Computes the members of a choice of sets anew.
  void refill(Pool.Membership membership) {
    membership.candidates = usable(membership.sets);
    membership.silence = silence(membership);
  }

  /// The clusters of these sets that are not on their way out.
  RoaringBitmap usable(List<String> names) {
    return Filters.candidates(
        estate.fleet(), names.stream().filter(sets::containsKey).map(sets::get).toList());
  }

  /// Looks at one cluster again.
  ///
  /// @return whether its membership changed
  boolean refresh(Pool.Membership membership, int cluster, @Nullable ClusterRow row) {
    var is = row != null && !row.deleting() && inAny(membership.sets, row);
    var was = membership.candidates.contains(cluster);
    if (is && !was) {
      membership.candidates.add(cluster);
    } else if (was && !is) {
      membership.candidates.remove(cluster);
    }
    return is != was;
  }

  private boolean inAny(List<String> names, ClusterRow row) {
    for (var name : names) {
      var set = sets.get(name);
      if (set != null && set.contains(row.labels())) {
        return true;
      }
    }
    return false;
  }

  /// Whether too many of the candidates are silent at once.
  boolean silence(Pool.Membership membership) {
    var silent = RoaringBitmap.andCardinality(membership.candidates, estate.fleet().unreachable());
    return silent >= SILENT_MIN
        && 100L * silent >= (long) SILENT_PERCENT * membership.candidates.getCardinality();
  }
}
