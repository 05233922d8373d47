package io.nave.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A program that runs beside the test. Its output goes to two files. It is killed when it is
/// closed, and when this JVM ends without that.
final class Program implements AutoCloseable {
  /// How long it may take to tidy up. One that is only being closed is killed then.
  private static final Duration STOP_WAIT_MAX = Duration.ofSeconds(60);

  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(10);
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "e2e-reaper"));
  }

  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;

  private Program(String name, Process process, Path out, Path err) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// Starts it.
  ///
  /// @param folder for `name.out` and `name.err`, which are begun anew
  /// @param environment beside that of this process
  static Program start(
      String name, Path folder, Map<String, String> environment, List<String> command) {
    var out = folder.resolve(name + ".out");
    var err = folder.resolve(name + ".err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(folder);
      var process = builder.start();
      RUNNING.add(process);
      return new Program(name, process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start", e);
    }
  }

  /// What it has printed to standard output so far.
  String out() {
    return read(out);
  }

  /// What it has printed to standard error so far.
  String err() {
    return read(err);
  }

  /// Waits for a whole line on standard output that starts so.
  ///
  /// @return the line without its end
  /// @throws AssertionError when it ends before, or does not print it in time
  String awaitLine(String start) {
    return Until.present(
        name + " to print \"" + start + "\"",
        Until.AT_MOST,
        () -> {
          var running = process.isAlive(); // before the look: its last words count
          var line = lineStarting(start);
          if (line.isEmpty() && !running) {
            throw new AssertionError(
                name
                    + " ended with "
                    + process.exitValue()
                    + " before it printed \""
                    + start
                    + "\""
                    + words());
          }
          return line;
        },
        this::words);
  }

  /// Waits until it ends by itself.
  ///
  /// @return its exit code
  int awaitExit() {
    return Until.present(
        name + " to end",
        Until.AT_MOST,
        () -> process.isAlive() ? Optional.empty() : Optional.of(process.exitValue()),
        this::words);
  }

  long pid() {
    return process.pid();
  }

  boolean running() {
    return process.isAlive();
  }

  /// As `kill -9`: it gets no chance to tidy up.
  void kill() {
    process.destroyForcibly();
    await();
  }

  /// As `kill`: asks it to end.
  ///
  /// @return its exit code
  int stop() {
    process.destroy();
    await();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(CLOSE_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(process);
  }

  private void await() {
    try {
      if (!process.waitFor(STOP_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " does not end" + words());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + name, e);
    }
  }

  private Optional<String> lineStarting(String start) {
    var text = out();
    var lines = new ArrayList<>(List.of(text.split("\n", -1)));
    lines.removeLast(); // not ended yet, or empty
    return lines.stream().filter(each -> each.startsWith(start)).findFirst();
  }

  /// The end of what it said, and where the rest is.
  private String words() {
    var text = out() + err();
    return "; it said ("
        + out
        + ", "
        + err
        + "):\n"
        + text.substring(Math.max(0, text.length() - 2000));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
