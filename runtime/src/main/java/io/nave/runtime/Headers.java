package io.nave.runtime;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Header maps in an order that is the same on every run; that of [Map#copyOf] is not.
final class Headers {
  private Headers() {}

  /// An unmodifiable copy, sorted by name.
  static Map<String, String> sorted(Map<String, String> headers) {
    return Collections.unmodifiableMap(new TreeMap<>(headers));
  }
}
