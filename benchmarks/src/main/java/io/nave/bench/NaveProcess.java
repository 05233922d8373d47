package io.nave.bench;

import io.nave.runtime.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A command of Nave as a process of its own, which goes when the driver goes.
///
/// It is started by the launcher that started the driver (the system property `nave.launcher`,
/// which the `nave` script sets), so that it runs as it does for everyone; without one, by this
/// Java and class path.
final class NaveProcess implements AutoCloseable {
  private final Host host;
  private final Path log;
  private final Process process;
  private final Thread goesWithDriver; // a driver that is stopped leaves no process behind

  private NaveProcess(Host host, Path log, Process process) {
    this.host = host;
    this.log = log;
    this.process = process;
    this.goesWithDriver = new Thread(this::kill, "process-goes-with-driver");
    Runtime.getRuntime().addShutdownHook(goesWithDriver);
  }

  /// @param javaOptions more options for its Java
  /// @param log where all it says is added
  static NaveProcess start(Host host, String javaOptions, Path log, String... arguments) {
    var command = new ArrayList<>(launcher());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("NAVE_JAVA_OPTS", javaOptions);
    try {
      return new NaveProcess(host, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("it does not start: " + command, e);
    }
  }

  private static List<String> launcher() {
    var script = System.getProperty("nave.launcher", "");
    if (!script.isEmpty()) {
      return List.of(script);
    }
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(
        java,
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "io.nave.cli.Nave");
  }

  long pid() {
    return process.pid();
  }

  /// @throws IllegalStateException with the end of what it said, when it has ended
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException("it ended: " + said());
    }
  }

  /// The end of what it said.
  String said() {
    var text =
        host.disk().read(log).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse("");
    return text.substring(Math.max(0, text.length() - 2_000));
  }

  /// Ends it without a word.
  void kill() {
    process.destroyForcibly();
    waitForEnd();
  }

  /// Asks it to end, and waits.
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(goesWithDriver);
    } catch (IllegalStateException e) {
      return; // the driver is being stopped: the hook does it
    }
    process.destroy();
    waitForEnd();
  }

  private void waitForEnd() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
