package io.nave.cli;

import java.time.Duration;
import picocli.CommandLine;

/// Reads a duration as Kubernetes tools write it: `30m`, `1h`, `36h`, `90s`, `2d`.
final class Lifetime implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
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
      if (duration.isPositive() && duration.compareTo(Duration.ofDays(365)) <= 0) {
        return duration;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // said below
    }
    throw new CommandLine.TypeConversionException(
        "expected a time such as 30m, 1h or 7d, at most 365d, was \"" + text + "\"");
  }
}
