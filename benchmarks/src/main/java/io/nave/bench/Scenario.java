package io.nave.bench;

import java.util.Map;

/// One kind of load.
interface Scenario {
  String name();

  /// One line for people.
  String purpose();

  /// Its sizes with their defaults, by the names of the options.
  Map<String, Long> sizes();

  /// Does it, and leaves the figures in `run`.
  void run(Run run);
}
