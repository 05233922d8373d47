package io.nave.e2e;

import io.nave.testkit.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A running `nave hub` with a data folder of its own; it can be killed and started again.
final class HubProgram implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile(
          "hub ready at (https://127\\.0\\.0\\.1:(\\d+)), administrator kubeconfig (\\S+)");

  private final NaveProgram nave;
  private final Path folder;
  private final Path data;
  private final List<String> options;
  private final List<Program> agents = new ArrayList<>();
  private Program program;
  private String url = "";
  private int port;
  private Path administrator = Path.of("");

  private HubProgram(Path folder, List<String> options) {
    this.folder = folder;
    this.options = List.copyOf(options);
    this.nave = new NaveProgram(folder);
    this.data = folder.resolve("hub");
    this.program = launch("hub", FreePort.choose());
  }

  /// Starts a hub on a free port; it serves when this returns.
  ///
  /// @param folder for its data and for what all its programs print
  /// @param options of `nave hub`, beside those that say where it is
  static HubProgram start(Path folder, String... options) {
    return new HubProgram(folder, List.of(options));
  }

  /// As `kill -9`.
  void kill() {
    program.kill();
  }

  /// Starts it again after a kill, on the same data and port.
  void restart() {
    program.close();
    program = launch("hub-again", port);
  }

  /// A command line tool next to this hub.
  NaveProgram nave() {
    return nave;
  }

  String url() {
    return url;
  }

  int port() {
    return port;
  }

  Path dataFolder() {
    return data;
  }

  /// The administrator's kubeconfig.
  Path administrator() {
    return administrator;
  }

  /// Standard error of the running hub.
  String log() {
    return program.err();
  }

  /// Writes a fresh bootstrap kubeconfig.
  ///
  /// @param options such as `--ttl 2s`
  Path bootstrap(String name, String... options) {
    var command = new ArrayList<>(List.of("get", "token", "-o", "kubeconfig"));
    command.addAll(List.of("--kubeconfig", administrator.toString()));
    command.addAll(List.of(options));
    var text = nave.run(command.toArray(String[]::new)).ok();
    try {
      return Files.writeString(folder.resolve(name + ".bootstrap"), text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the bootstrap kubeconfig", e);
    }
  }

  /// Starts an agent with a data folder of its own.
  Program join(String cluster, Path bootstrap, Path kubeconfig, String... options) {
    return joinAs(cluster, cluster, bootstrap, kubeconfig, options);
  }

  /// As [#join], for agents that claim a name under which another one runs.
  ///
  /// @param agent names its data folder and its output
  Program joinAs(String agent, String cluster, Path bootstrap, Path kubeconfig, String... options) {
    var command = new ArrayList<>(List.of("join", "--name", cluster));
    command.addAll(List.of("--bootstrap", bootstrap.toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of("--data-dir", folder.resolve("agent-" + agent).toString()));
    command.addAll(List.of(options));
    var started = nave.start("agent-" + agent, command.toArray(String[]::new));
    agents.add(started);
    return started;
  }

  /// `nave accept`.
  void accept(String cluster) {
    nave.run("accept", cluster, "--kubeconfig", administrator.toString()).ok();
  }

  @Override
  public void close() {
    agents.forEach(Program::close);
    program.close();
  }

  private Program launch(String name, int wantedPort) {
    var command = new ArrayList<>(List.of("hub", "--data-dir", data.toString()));
    command.addAll(List.of("--listen", "127.0.0.1:" + wantedPort));
    command.addAll(options);
    var started = nave.start(name, command.toArray(String[]::new));
    var line = started.awaitLine("hub ready at ");
    var ready = READY.matcher(line);
    if (!ready.matches()) {
      started.close();
      throw new AssertionError("expected a line like " + READY + ", was " + line);
    }
    url = ready.group(1);
    port = Integer.parseInt(ready.group(2));
    administrator = Path.of(ready.group(3));
    return started;
  }
}
