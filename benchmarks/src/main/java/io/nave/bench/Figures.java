package io.nave.bench;

import io.nave.api.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What was measured, flat, by names that end in a base unit. Used by one task.
final class Figures {
  private static final MathContext DIGITS = new MathContext(5);

  private final Map<String, Number> all = new LinkedHashMap<>();

  void put(String name, long value) {
    all.put(name, value);
  }

  /// Rounded to five digits.
  void put(String name, double value) {
    all.put(
        name,
        Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).stripTrailingZeros() : 0);
  }

  void putPercentiles(String prefix, Latencies latencies) {
    put(prefix.isEmpty() ? "p50Seconds" : prefix + "P50Seconds", latencies.at(50));
    put(prefix.isEmpty() ? "p90Seconds" : prefix + "P90Seconds", latencies.at(90));
    put(prefix.isEmpty() ? "p99Seconds" : prefix + "P99Seconds", latencies.at(99));
  }

  double get(String name) {
    var value = all.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no figure " + name + " among " + all.keySet());
    }
    return value.doubleValue();
  }

  ObjectNode json() {
    var json = Json.object();
    all.forEach((name, value) -> {
      switch (value) {
        case Long whole -> json.put(name, whole);
        case BigDecimal decimal -> json.put(name, new BigDecimal(decimal.toPlainString()));
        default -> json.put(name, value.doubleValue());
      }
    });
    return json;
  }
}
