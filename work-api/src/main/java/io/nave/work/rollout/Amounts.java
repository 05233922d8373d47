package io.nave.work.rollout;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Numbers, percentages and durations as rollout strategies hold them. What cannot be read counts
/// as absent: the schema refused it at the door, and an old object must not stop a controller.
final class Amounts {
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|h|m|s)");
  private static final Pattern DURATION = Pattern.compile("((\\d+)(ms|h|m|s))+");

  private Amounts() {}

  /// A number as it is, or a percentage of `total` rounded up.
  ///
  /// @return `otherwise` when there is none
  static int of(@Nullable JsonNode amount, int total, int otherwise) {
    if (amount == null || amount.isNull() || amount.isMissingNode()) {
      return otherwise;
    }
    if (amount.isIntegralNumber()) {
      return amount.asInt(otherwise);
    }
    var text = amount.asString("").strip();
    try {
      if (text.endsWith("%")) {
        var percent = Integer.parseInt(text.substring(0, text.length() - 1));
        return (int) ((long) percent * total + 99) / 100;
      }
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /// A Go duration such as `1h30m`; zero when absent.
  static Duration duration(@Nullable String text) {
    if (text == null || !DURATION.matcher(text).matches()) {
      return Duration.ZERO;
    }
    var sum = Duration.ZERO;
    var parts = PART.matcher(text);
    while (parts.find()) {
      var count = Long.parseLong(parts.group(1));
      sum =
          sum.plus(
              switch (parts.group(2)) {
                case "h" -> Duration.ofHours(count);
                case "m" -> Duration.ofMinutes(count);
                case "s" -> Duration.ofSeconds(count);
                default -> Duration.ofMillis(count);
              });
    }
    return sum;
  }

  /// A deadline; null for `None` and for what is absent: never.
  static @Nullable Duration deadline(@Nullable String text) {
    return text == null || !DURATION.matcher(text).matches() ? null : duration(text);
  }
}
