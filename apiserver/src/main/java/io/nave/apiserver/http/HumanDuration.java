package io.nave.apiserver.http;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Ages as `kubectl get` prints them: two units at most, the finer one only while it matters.
final class HumanDuration {
  private static final long DAYS_OF_YEAR = 365;

  private HumanDuration() {}

  static String since(@Nullable Instant then, Instant now) {
    return then == null ? "<unknown>" : of(Duration.between(then, now));
  }

  static String of(Duration time) {
    // Two clocks that differ by a second are no reason to alarm anyone.
    if (time.toMillis() <= -2_000) {
      return "<invalid>";
    }
    if (time.isNegative()) {
      return "0s";
    }
    var minutes = time.toMinutes();
    var hours = time.toHours();
    if (minutes < 2) {
      return time.toSeconds() + "s";
    }
    if (minutes < 10) {
      return two(minutes, "m", time.toSecondsPart(), "s");
    }
    if (hours < 3) {
      return minutes + "m";
    }
    if (hours < 8) {
      return two(hours, "h", time.toMinutesPart(), "m");
    }
    return hours < 48 ? hours + "h" : days(hours);
  }

  private static String days(long hours) {
    var days = hours / 24;
    if (days < 8) {
      return two(days, "d", hours % 24, "h");
    }
    if (days < 2 * DAYS_OF_YEAR) {
      return days + "d";
    }
    var years = days / DAYS_OF_YEAR;
    return years < 8 ? two(years, "y", days % DAYS_OF_YEAR, "d") : years + "y";
  }

  private static String two(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
