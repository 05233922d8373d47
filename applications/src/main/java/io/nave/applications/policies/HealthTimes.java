package io.nave.applications.policies;

import java.time.Duration;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The `health` policy (spec §10.15).
///
/// @param interval how often health is judged although nothing was reported
/// @param timeout for how long a component may be unhealthy before the application is
public record HealthTimes(Duration interval, Duration timeout) {
  /// What KubeVela's own policy had.
  public static final HealthTimes USUAL =
      new HealthTimes(Duration.ofSeconds(30), Duration.ofSeconds(10));

  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");

  static HealthTimes of(JsonNode parameter) {
    return new HealthTimes(
        time(parameter, "interval", "probeInterval", USUAL.interval()),
        time(parameter, "timeout", "probeTimeout", USUAL.timeout()));
  }

  private static Duration time(JsonNode parameter, String field, String seconds, Duration usual) {
    if (parameter.hasNonNull(field)) {
      return duration(parameter.path(field).asString(""));
    }
    return parameter.hasNonNull(seconds)
        ? Duration.ofSeconds(parameter.path(seconds).asLong(0))
        : usual;
  }

  /// Reads what the schema admits, such as `1m30s`.
  private static Duration duration(String text) {
    var millis = 0.0;
    var parts = PART.matcher(text);
    while (parts.find()) {
      millis += Double.parseDouble(parts.group(1)) * millisOf(parts.group(2));
    }
    return Duration.ofMillis(Math.round(millis));
  }

  private static long millisOf(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      default -> 3_600_000;
    };
  }
}
