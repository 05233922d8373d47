package io.nave.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Upstream's own programs on this machine, as `.ci/ocm-assets` builds them.
final class OcmAssets {
  static final String VARIABLE = "OCM_ASSETS";

  /// `crds` beside them holds the kinds.
  private static final List<String> NEEDED = List.of("registration", "work", "placement");

  private OcmAssets() {}

  /// Why tests that need them cannot run here, or empty when they can.
  static Optional<String> missing() {
    var folder = System.getenv(VARIABLE);
    if (folder == null || folder.isBlank()) {
      return Optional.of(
          VARIABLE
              + " is not set: name the folder that .ci/ocm-assets prints, which builds upstream's programs from a checkout");
    }
    if (!Files.isDirectory(Path.of(folder, "crds"))) {
      return Optional.of(VARIABLE + " is " + folder + ", which holds no folder crds");
    }
    return NEEDED.stream()
        .filter(each -> !Files.isExecutable(Path.of(folder, each)))
        .findFirst()
        .map(each -> VARIABLE + " is " + folder + ", which holds no program " + each);
  }

  static Path program(String name) {
    return Path.of(System.getenv(VARIABLE), name);
  }

  /// The definitions of upstream's kinds.
  static List<Path> definitions() {
    try (var files = Files.list(program("crds"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the kinds of upstream", e);
    }
  }
}
