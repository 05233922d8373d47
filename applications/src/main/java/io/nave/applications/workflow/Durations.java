package io.nave.applications.workflow;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Durations as Go programs write them: `1h30m`, `90s`, `500ms`, `1.5h`.
public final class Durations {
  private static final Pattern WHOLE =
      Pattern.compile("(\\d{1,9}(\\.\\d{1,9})?(ns|us|µs|ms|h|m|s))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|h|m|s)");

  private Durations() {}

  /// The duration, or empty for what is none.
  public static Optional<Duration> parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    var millis = 0.0;
    var parts = PART.matcher(text);
    while (parts.find()) {
      millis += Double.parseDouble(parts.group(1)) * millis(parts.group(2));
    }
    return Optional.of(Duration.ofMillis(Math.round(millis)));
  }

  private static double millis(String unit) {
    return switch (unit) {
      case "ns" -> 1e-6;
      case "us", "µs" -> 1e-3;
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      default -> 3_600_000;
    };
  }
}
