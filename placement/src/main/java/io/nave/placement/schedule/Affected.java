package io.nave.placement.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The Placements one change may touch, each once: some are decided anew whatever they say, some
/// are looked at first.
final class Affected {
  private final Roster roster;
  private final Decider decider;
  private final long change;
  private final TreeSet<Integer> forced = new TreeSet<>();
  private final List<Entry> asked = new ArrayList<>();
  private final Set<Pool> flipped = new HashSet<>();

  /// @param change a number no other change has
  Affected(Roster roster, Decider decider, long change) {
    this.roster = roster;
    this.decider = decider;
    this.change = change;
  }

  /// The cluster that changed came into this pool, or left it.
  void flipped(Pool pool) {
    flipped.add(pool);
  }

  /// Whether the cluster that changed was in the entry's pool before.
  boolean matched(Entry entry, int cluster) {
    var pool = entry.pool;
    return pool != null && pool.matched.contains(cluster) != flipped.contains(pool);
  }

  /// All of a pool, whatever they say.
  void whole(Pool pool) {
    forced.addAll(pool.entries.keySet());
  }

  void all(Pool pool, boolean force) {
    if (force) {
      whole(pool);
    } else {
      pool.entries.values().forEach(this::one);
    }
  }

  void some(Pool pool, Predicate<Entry> wanted) {
    for (var entry : pool.entries.values()) {
      if (wanted.test(entry)) {
        one(entry);
      }
    }
  }

  void one(Entry entry) {
    if (entry.mark != change) {
      entry.mark = change;
      asked.add(entry);
    }
  }

  /// Decides or looks at each, in the order of their arrival; those whose decisions a fault keeps
  /// are left to [Decider#refreshKeepers].
  void settle(Instant now, Consumer<Entry> look) {
    for (var serial : forced) {
      var entry = roster.at(serial);
      if (entry != null) {
        one(entry);
      }
    }
    asked.sort((a, b) -> Integer.compare(a.serial, b.serial));
    for (var entry : asked) {
      if (decider.keeps(entry)) {
        continue;
      }
      if (forced.contains(entry.serial)) {
        decider.decide(entry, now);
      } else {
        look.accept(entry);
      }
    }
  }
}
