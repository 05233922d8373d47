package io.nave.placement.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Small numbers for cluster names, so that sets of clusters are bitmaps and ties are broken by
/// comparing numbers. A number is free again when neither a cluster nor a decision uses it.
final class Ordinals {
  /// More new names than this at once are sorted in as a whole.
  private static final int INSERTS_MAX = 8;

  private final Map<String, Integer> byName = new HashMap<>();
  private final List<@Nullable String> names = new ArrayList<>();
  private final RoaringBitmap free = new RoaringBitmap();
  private final List<Integer> unranked = new ArrayList<>();
  private int[] ranks = new int[0];
  private int[] sorted = new int[0]; // ordinals in the order of their names

  /// The number of a name, given now if it has none.
  int of(String name) {
    var known = byName.get(name);
    if (known != null) {
      return known;
    }
    var fresh = free.isEmpty() ? names.size() : free.first();
    if (fresh == names.size()) {
      names.add(name);
    } else {
      free.remove(fresh);
      names.set(fresh, name);
    }
    byName.put(name, fresh);
    unranked.add(fresh);
    return fresh;
  }

  /// The same numbers for the same names.
  Ordinals copy() {
    var copy = new Ordinals();
    copy.byName.putAll(byName);
    copy.names.addAll(names);
    copy.free.or(free);
    copy.unranked.addAll(unranked);
    copy.ranks = ranks.clone();
    copy.sorted = sorted; // replaced, never changed
    return copy;
  }

  /// The number of a name, or -1.
  int find(String name) {
    return byName.getOrDefault(name, -1);
  }

  String name(int ordinal) {
    var name = names.get(ordinal);
    if (name == null) {
      throw new IllegalStateException("cluster number " + ordinal + " is not in use");
    }
    return name;
  }

  boolean used(int ordinal) {
    return ordinal < names.size() && names.get(ordinal) != null;
  }

  void release(int ordinal) {
    byName.remove(name(ordinal));
    names.set(ordinal, null);
    free.add(ordinal);
    if (!unranked.removeIf(each -> each == ordinal)) {
      sorted = Arrays.stream(sorted).filter(each -> each != ordinal).toArray();
    }
  }

  /// How many numbers there are, used or free.
  int size() {
    return names.size();
  }

  /// Numbers that sort as the names do, by ordinal; good until a name is added.
  int[] ranks() {
    if (!unranked.isEmpty()) {
      sortIn();
      if (ranks.length < names.size()) {
        ranks = new int[names.size() + names.size() / 4 + 16];
      }
      for (var i = 0; i < sorted.length; i++) {
        ranks[sorted[i]] = i;
      }
      unranked.clear();
    }
    return ranks;
  }

  /// The numbers in the order of their names; not to be changed.
  int[] sorted() {
    ranks();
    return sorted;
  }

  private void sortIn() {
    if (unranked.size() > INSERTS_MAX) {
      sorted =
          byName.entrySet().stream()
              .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
              .mapToInt(Map.Entry::getValue)
              .toArray();
      return;
    }
    for (var ordinal : unranked) {
      var at = place(name(ordinal));
      var next = Arrays.copyOf(sorted, sorted.length + 1);
      System.arraycopy(sorted, at, next, at + 1, sorted.length - at);
      next[at] = ordinal;
      sorted = next;
    }
  }

  private int place(String name) {
    var low = 0;
    var high = sorted.length;
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (name(sorted[middle]).compareTo(name) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
