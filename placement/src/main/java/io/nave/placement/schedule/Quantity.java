package io.nave.placement.schedule;

import java.math.BigDecimal;
import java.util.Map;

/// A Kubernetes quantity such as `500m`, `4`, `16Gi`, as a number.
final class Quantity {
  private static final Map<String, Double> SUFFIXES =
      Map.ofEntries(
          Map.entry("n", 1e-9),
          Map.entry("u", 1e-6),
          Map.entry("m", 1e-3),
          Map.entry("", 1.0),
          Map.entry("k", 1e3),
          Map.entry("M", 1e6),
          Map.entry("G", 1e9),
          Map.entry("T", 1e12),
          Map.entry("P", 1e15),
          Map.entry("E", 1e18),
          Map.entry("Ki", 0x1p10),
          Map.entry("Mi", 0x1p20),
          Map.entry("Gi", 0x1p30),
          Map.entry("Ti", 0x1p40),
          Map.entry("Pi", 0x1p50),
          Map.entry("Ei", 0x1p60));

  private Quantity() {}

  /// The amount in base units; 0 for what is no quantity.
  static double parse(String text) {
    var end = text.length();
    while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
      end--;
    }
    var factor = SUFFIXES.get(text.substring(end));
    try {
      return factor == null
          ? new BigDecimal(text).doubleValue()
          : new BigDecimal(text.substring(0, end)).doubleValue() * factor;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
