package io.nave.e2e;

import io.nave.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// The real `kubectl`, for one kubeconfig. It keeps its caches below `folder`, so that what it
/// learned of another server on the same port does not confuse it.
final class Kubectl {
  private static final long SECONDS_MAX = 240;
  private static final AtomicInteger CALLS = new AtomicInteger();

  private final Path folder;
  private final Path kubeconfig;
  private final String editor;

  Kubectl(Path folder, Path kubeconfig) {
    this(folder, kubeconfig, "false");
  }

  private Kubectl(Path folder, Path kubeconfig, String editor) {
    this.folder = folder;
    this.kubeconfig = kubeconfig;
    this.editor = editor;
  }

  /// The same with an editor for `kubectl edit`: a `sed` expression on the file.
  Kubectl editingBy(String expression) {
    return new Kubectl(folder, kubeconfig, "sed -i " + expression);
  }

  /// Runs it.
  ///
  /// @return what it printed
  /// @throws AssertionError when it fails
  String ok(String... arguments) {
    return run("", arguments).ok();
  }

  /// Runs it with `-o json`.
  JsonNode json(String... arguments) {
    var command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("-o", "json"));
    return Json.parse(ok(command.toArray(String[]::new)).getBytes(StandardCharsets.UTF_8));
  }

  /// `kubectl apply -f -`.
  String apply(String manifests) {
    return run(manifests, "apply", "-f", "-").ok();
  }

  /// Runs it to its end.
  ///
  /// @param input for its standard input
  Output run(String input, String... arguments) {
    var call = folder.resolve("kubectl");
    var number = CALLS.incrementAndGet();
    var in = call.resolve(number + ".in");
    var out = call.resolve(number + ".out");
    var err = call.resolve(number + ".err");
    try {
      Files.createDirectories(call);
      Files.writeString(in, input);
      var builder = new ProcessBuilder(command(arguments));
      builder.environment().putAll(environment());
      var process =
          builder
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("kubectl " + List.of(arguments) + " does not end; see " + err);
      }
      return new Output(
          "kubectl " + String.join(" ", arguments),
          process.exitValue(),
          Files.readString(out),
          Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException("kubectl cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Starts it, to run until it is closed, as `get -w` does.
  Program start(String name, String... arguments) {
    return Program.start(name, folder, environment(), command(arguments));
  }

  private List<String> command(String... arguments) {
    var command = new ArrayList<>(List.of(KubeAssets.kubectl().toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private Map<String, String> environment() {
    var cache = folder.resolve("kubectl-" + kubeconfig.getFileName());
    return Map.of(
        "HOME",
        cache.toString(),
        "KUBECACHEDIR",
        cache.toString(),
        "KUBECONFIG",
        "",
        "KUBE_EDITOR",
        editor);
  }
}
