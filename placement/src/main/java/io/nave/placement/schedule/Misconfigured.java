package io.nave.placement.schedule;

/// A Placement that cannot be scheduled as written; the message names the field and the fault.
final class Misconfigured extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param plugin `Predicate`, `TaintToleration`, or empty for the rest
  Misconfigured(String plugin, String message) {
    super(plugin + ":" + message, null, false, false);
  }
}
