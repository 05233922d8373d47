package io.nave.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `nave` as a process of its own: the class path of this test, without the script's search for a
/// JDK and its build.
final class NaveProgram {
  private static final StartUpCache JAVA =
      new StartUpCache(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Xmx512m",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow"));

  private final Path folder;

  /// @param folder for what the programs print, and for what they keep when they are not told where
  NaveProgram(Path folder) {
    this.folder = folder;
  }

  /// Starts a command that runs until it is stopped.
  Program start(String name, String... arguments) {
    var command = new ArrayList<>(JAVA.command());
    command.addAll(List.of(arguments));
    return Program.start(
        name, folder, Map.of("NAVE_HOME", folder.resolve("home").toString()), command);
  }

  /// Runs a command to its end.
  Output run(String... arguments) {
    try (var program = start("nave-" + arguments[0], arguments)) {
      var exit = program.awaitExit();
      return new Output("nave " + String.join(" ", arguments), exit, program.out(), program.err());
    }
  }
}
