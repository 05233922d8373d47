package io.nave.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Where tests leave what their programs printed and kept; stays after a run, to look at.
final class Folders {
  private Folders() {}

  /// An empty folder for a test class.
  static Path fresh(Class<?> test) {
    var folder = Path.of("target", "e2e", test.getSimpleName()).toAbsolutePath();
    try {
      if (Files.exists(folder)) {
        try (var files = Files.walk(folder)) {
          for (var each : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(each);
          }
        }
      }
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear " + folder, e);
    }
  }
}
