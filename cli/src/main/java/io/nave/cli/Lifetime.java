package io.nave.cli;

import io.nave.agent.program.Lifetimes;
import java.time.Duration;
import picocli.CommandLine;

/// Reads a duration as Kubernetes tools write it: `30m`, `1h`, `36h`, `90s`, `2d`.
final class Lifetime implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return Lifetimes.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
