package io.nave.placement.schedule;

import io.nave.api.LabelSelector.Requirement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Which clusters carry which key and value: labels, or claims. A selector is answered by set
/// algebra on these, in time that hardly depends on how many clusters there are.
///
/// A value that one cluster has (an id, say) costs one number, not a bitmap. Looked up by key only,
/// never iterated.
final class Postings {
  private static final class Keyed {
    final RoaringBitmap carriers = new RoaringBitmap();
    final Map<String, Object> values = new HashMap<>(4); // Integer, or RoaringBitmap of several
  }

  private final Map<String, Keyed> keys = new HashMap<>();

  void add(int cluster, Map<String, String> pairs) {
    pairs.forEach((key, value) -> {
      var keyed = keys.computeIfAbsent(key, _ -> new Keyed());
      keyed.carriers.add(cluster);
      keyed.values.merge(
          value,
          cluster,
          (old, _) -> {
            var several =
                old instanceof RoaringBitmap many ? many : RoaringBitmap.bitmapOf((int) old);
            several.add(cluster);
            return several;
          });
    });
  }

  void remove(int cluster, Map<String, String> pairs) {
    pairs.forEach((key, value) -> {
      var keyed = keys.get(key);
      if (keyed != null) {
        keyed.carriers.remove(cluster);
        keyed.values.computeIfPresent(value, (_, old) -> without(old, cluster));
        if (keyed.carriers.isEmpty()) {
          keys.remove(key);
        }
      }
    });
  }

  private static @Nullable Object without(Object old, int cluster) {
    if (old instanceof RoaringBitmap many) {
      many.remove(cluster);
      return many.isEmpty() ? null : many;
    }
    return old.equals(cluster) ? null : old;
  }

  /// Makes these what those are.
  void copyFrom(Postings other) {
    other.keys.forEach((key, theirs) -> {
      var mine = new Keyed();
      mine.carriers.or(theirs.carriers);
      theirs.values.forEach((value, who) ->
          mine.values.put(value, who instanceof RoaringBitmap many ? many.clone() : who));
      keys.put(key, mine);
    });
  }

  /// Leaves in `left` the clusters of which all this is true.
  void retain(RoaringBitmap left, Map<String, String> equal, List<Requirement> requirements) {
    equal.forEach((key, value) -> left.and(anyOf(key, List.of(value))));
    for (var requirement : requirements) {
      switch (requirement.operator()) {
        case "In" -> left.and(anyOf(requirement.key(), requirement.values()));
        case "NotIn" -> left.andNot(anyOf(requirement.key(), requirement.values()));
        case "Exists" -> left.and(carriers(requirement.key()));
        case "DoesNotExist" -> left.andNot(carriers(requirement.key()));
        default -> left.clear(); // refused when the Placement was compiled
      }
    }
  }

  private RoaringBitmap carriers(String key) {
    var keyed = keys.get(key);
    return keyed == null ? new RoaringBitmap() : keyed.carriers;
  }

  private RoaringBitmap anyOf(String key, List<String> values) {
    var keyed = keys.get(key);
    var found = new RoaringBitmap();
    if (keyed == null) {
      return found;
    }
    for (var value : values) {
      switch (keyed.values.get(value)) {
        case RoaringBitmap many when values.size() == 1 -> {
          return many;
        }
        case RoaringBitmap many -> found.or(many);
        case Integer one -> found.add((int) one);
        case null, default -> {}
      }
    }
    return found;
  }
}
