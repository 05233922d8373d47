package io.nave.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `nave version`.
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    description = "Print the version of Nave and of the Java that runs it.")
final class VersionCommand implements Runnable {
  @Override
  public void run() {
    System.out.println("nave " + current() + ", Java " + System.getProperty("java.version"));
  }

  /// The version this was built as.
  static String current() {
    var properties = new Properties();
    try (var file = VersionCommand.class.getResourceAsStream("/nave-version.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  /// For `nave --version`.
  static final class Provider implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"nave " + current()};
    }
  }
}
