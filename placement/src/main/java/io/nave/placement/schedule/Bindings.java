package io.nave.placement.schedule;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which sets each namespace may use, and what that leaves each of its Placements.
final class Bindings {
  private final Pools pools;
  private final Map<String, TreeSet<String>> sets = new TreeMap<>(); // by namespace

  Bindings(Pools pools) {
    this.pools = pools;
  }

  /// @return whether that is new
  boolean bind(String namespace, String set) {
    return sets.computeIfAbsent(namespace, _ -> new TreeSet<>()).add(set);
  }

  /// @return whether it was bound
  boolean unbind(String namespace, String set) {
    var names = sets.get(namespace);
    if (names == null || !names.remove(set)) {
      return false;
    }
    if (names.isEmpty()) {
      sets.remove(namespace);
    }
    return true;
  }

  /// The namespaces that may use a set, sorted.
  List<String> namespaces(String set) {
    return sets.entrySet().stream()
        .filter(each -> each.getValue().contains(set))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Gives a Placement its sets and its pool.
  void assign(Entry entry) {
    var names = sets.get(entry.key.namespace());
    var wanted = entry.placement.spec().clusterSets();
    entry.bound =
        names == null ? List.of() : names.stream().filter(pools.sets()::containsKey).toList();
    entry.eligible =
        wanted.isEmpty() ? entry.bound : entry.bound.stream().filter(wanted::contains).toList();
    if (entry.pool != null && !entry.pool.of.sets().equals(entry.eligible)) {
      pools.leave(entry);
    }
    if (entry.pool == null && entry.program != null && !entry.eligible.isEmpty()) {
      entry.pool = pools.join(entry);
    }
  }

  /// Makes these what those are.
  void copyFrom(Bindings other) {
    other.sets.forEach((namespace, names) -> sets.put(namespace, new TreeSet<>(names)));
  }
}
