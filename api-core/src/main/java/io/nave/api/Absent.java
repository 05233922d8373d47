package io.nave.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What compact constructors of API records do with a field the JSON lacks. Copies keep the order
/// of the JSON, so that behaviour never depends on hash order.
public final class Absent {
  private Absent() {}

  /// An unmodifiable copy, empty for null; null elements are dropped.
  public static <T> List<T> toEmpty(@Nullable List<T> list) {
    if (list == null || list.isEmpty()) {
      return List.of();
    }
    var copy = new ArrayList<T>(list);
    copy.removeIf(Objects::isNull);
    return Collections.unmodifiableList(copy);
  }

  /// An unmodifiable copy in the same order, empty for null; null values are dropped.
  public static <V> Map<String, V> toEmpty(@Nullable Map<String, V> map) {
    if (map == null || map.isEmpty()) {
      return Map.of();
    }
    var copy = new LinkedHashMap<String, V>(map);
    copy.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(copy);
  }

  /// An unmodifiable copy sorted by key, empty for null; for maps whose order means nothing.
  public static Map<String, String> sorted(@Nullable Map<String, String> map) {
    if (map == null || map.isEmpty()) {
      return Map.of();
    }
    var copy = new TreeMap<String, String>(map);
    copy.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(copy);
  }

  /// The text, or the empty one.
  public static String toEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /// The value, or `otherwise`.
  public static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
