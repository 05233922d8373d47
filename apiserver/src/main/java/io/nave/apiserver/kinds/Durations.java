package io.nave.apiserver.kinds;

/// Times as kubectl writes them: two units at most, the second only where it tells something.
final class Durations {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  private Durations() {}

  static String human(long seconds) {
    if (seconds < 2 * MINUTE) {
      return seconds + "s";
    }
    if (seconds < 3 * HOUR) {
      return two(seconds, MINUTE, "m", 10, 1, "s");
    }
    if (seconds < 2 * DAY) {
      return two(seconds, HOUR, "h", 8, MINUTE, "m");
    }
    if (seconds < 2 * YEAR) {
      return two(seconds, DAY, "d", 8, HOUR, "h");
    }
    return two(seconds, YEAR, "y", 8, DAY, "d");
  }

  private static String two(
      long seconds, long unit, String letter, long below, long smaller, String smallerLetter) {
    var rest = seconds % unit / smaller;
    var text = seconds / unit + letter;
    return seconds / unit < below && rest > 0 ? text + rest + smallerLetter : text;
  }
}
