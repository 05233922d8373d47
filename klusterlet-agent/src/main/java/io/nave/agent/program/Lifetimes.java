package io.nave.agent.program;

import java.time.Duration;

/// Durations as Kubernetes tools write them: `30m`, `1h`, `36h`, `90s`, `2d`.
public final class Lifetimes {
  private static final Duration MOST = Duration.ofDays(365);

  private Lifetimes() {}

  /// @throws IllegalArgumentException when it is none, or longer than a year
  public static Duration parse(String text) {
    var unit = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    try {
      var amount = Long.parseLong(text.substring(0, Math.max(0, text.length() - 1)));
      var duration =
          switch (unit) {
            case 's' -> Duration.ofSeconds(amount);
            case 'm' -> Duration.ofMinutes(amount);
            case 'h' -> Duration.ofHours(amount);
            case 'd' -> Duration.ofDays(amount);
            default -> Duration.ZERO;
          };
      if (duration.isPositive() && duration.compareTo(MOST) <= 0) {
        return duration;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "expected a time such as 30m, 1h or 7d, at most 365d, was \"" + text + "\"");
  }
}
