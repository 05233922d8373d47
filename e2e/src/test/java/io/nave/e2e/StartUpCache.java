package io.nave.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The JDK's ahead-of-time cache for the programs the tests start, as `./nave` has one: a hub then
/// starts with little more than half the processor time, and these tests start dozens.
///
/// Made once for a class path, by the first test that starts a program; who comes while it is being
/// made, or runs where it cannot be made (an IDE, whose class path has folders), goes without.
final class StartUpCache {
  private static final long MAKING_MAX_SECONDS = 120;

  private final List<String> java;
  private final String classPath;
  private final Path file;

  /// @param java the program with its options
  StartUpCache(List<String> java) {
    this.java = List.copyOf(java);
    var jars = jars();
    this.classPath = String.join(File.pathSeparator, jars);
    this.file =
        Path.of("target", "start-up-" + Integer.toHexString(mark(jars)) + ".aot").toAbsolutePath();
  }

  /// The command that starts Nave, to be followed by its words.
  List<String> command() {
    var whole = System.getProperty("java.class.path");
    if (!hasNave() || !there()) {
      return started(List.of(), whole);
    }
    return started(
        List.of("-XX:AOTCache=" + file, "-Xlog:disable", "-Xlog:all=error:stderr"), classPath);
  }

  private List<String> started(List<String> options, String path) {
    var command = new ArrayList<>(java);
    command.addAll(options);
    command.addAll(List.of("-cp", path, "io.nave.cli.Nave"));
    return List.copyOf(command);
  }

  /// Folders cannot be in a cache; those of this module hold tests only.
  private static List<String> jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(each -> each.endsWith(".jar"))
        .toList();
  }

  private boolean hasNave() {
    return Arrays.stream(classPath.split(File.pathSeparator, -1))
        .anyMatch(each -> new File(each).getName().startsWith("cli-"));
  }

  /// Changes with every build.
  private static int mark(List<String> jars) {
    var mark = 17;
    for (var jar : jars) {
      var it = new File(jar);
      mark =
          31 * (31 * (31 * mark + jar.hashCode()) + Long.hashCode(it.length()))
              + Long.hashCode(it.lastModified());
    }
    return mark;
  }

  private boolean there() {
    if (Files.exists(file)) {
      return true;
    }
    var lockFile = Path.of(file + ".lock");
    try (var channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      return lock != null && (Files.exists(file) || make());
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process
    } catch (IOException e) {
      throw new UncheckedIOException("no lock for the start-up cache", e);
    }
  }

  /// By the demo, which runs hub, agents and clusters. Without a cache all works, slower.
  private boolean make() throws IOException {
    var made = Path.of(file + ".new");
    var command = started(List.of("-XX:AOTCacheOutput=" + made), classPath);
    var words = new ArrayList<>(command);
    words.addAll(List.of("demo", "--once", "-o", "json"));
    var log = Path.of(file + ".log").toFile();
    var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log);
    builder.environment().putAll(Map.of("NAVE_HOME", file + ".home"));
    var training = builder.start();
    try {
      if (!training.waitFor(MAKING_MAX_SECONDS, TimeUnit.SECONDS)) {
        training.destroyForcibly();
        return false;
      }
    } catch (InterruptedException e) {
      training.destroyForcibly();
      Thread.currentThread().interrupt();
      return false;
    }
    if (training.exitValue() != 0 || !Files.exists(made)) {
      return false;
    }
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }
}
