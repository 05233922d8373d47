package io.nave.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The Kubernetes programs on this machine, in the layout that controller-runtime's envtest uses.
final class KubeAssets {
  static final String VARIABLE = "KUBEBUILDER_ASSETS";

  /// `kube-controller-manager` is used where it is there.
  private static final List<String> NEEDED = List.of("kube-apiserver", "etcd", "kubectl");

  private static final String KUBECTL = "kubectl";

  private KubeAssets() {}

  /// Why tests that need them cannot run here, or empty when they can.
  static Optional<String> missing() {
    var folder = System.getenv(VARIABLE);
    if (folder == null || folder.isBlank()) {
      return Optional.of(
          VARIABLE + " is not set: name the folder that holds " + String.join(", ", NEEDED));
    }
    return NEEDED.stream().flatMap(each -> missing(each).stream()).findFirst();
  }

  /// Why a program cannot be run from the assets, or empty when it can.
  static Optional<String> missing(String program) {
    return has(program)
        ? Optional.empty()
        : Optional.of(
            VARIABLE + " is " + System.getenv(VARIABLE) + ", which holds no program " + program);
  }

  /// Why tests cannot create custom resources on the API server here, or empty when they can.
  ///
  /// A kube-apiserver before 1.23 that was built by Go 1.18 or newer dies on the first one, unless
  /// it was built as `.ci/kube-assets` does, which leaves the file `custom-resources` beside it.
  static Optional<String> customResourcesMissing() {
    return missing()
        .or(() ->
            Files.exists(program("custom-resources")) || !version().contains("v1.20.")
                ? Optional.empty()
                : Optional.of(
                    "the kube-apiserver in "
                        + VARIABLE
                        + " may die on custom resources: build it with .ci/kube-assets"));
  }

  private static String version() {
    try {
      var process =
          new ProcessBuilder(program("kube-apiserver").toString(), "--version")
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Why tests cannot use `kubectl` here, or empty when they can.
  static Optional<String> kubectlMissing() {
    return kubectls().findFirst().isPresent()
        ? Optional.empty()
        : Optional.of("there is no program kubectl in " + VARIABLE + " or on the PATH");
  }

  /// The one of the assets, else the first on the PATH.
  static Path kubectl() {
    return kubectls().findFirst().orElseThrow();
  }

  private static Stream<Path> kubectls() {
    var path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(
            Stream.ofNullable(System.getenv(VARIABLE)), Stream.of(path.split(File.pathSeparator)))
        .filter(each -> !each.isBlank())
        .map(each -> Path.of(each, KUBECTL))
        .filter(Files::isExecutable);
  }

  static Path program(String name) {
    return Path.of(System.getenv(VARIABLE), name);
  }

  static boolean has(String name) {
    return Files.isExecutable(program(name));
  }
}
