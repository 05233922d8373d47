package io.nave.cli;

import io.nave.controllers.ApiClient;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options by which a command finds the hub, and the hub's API as its administrator.
final class HubAccess {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "The hub's administrator kubeconfig. Default: $NAVE_KUBECONFIG, else the one that 'nave"
              + " hub' keeps in its data folder.")
  private @Nullable Path kubeconfig;

  /// For a command that names the hub's kubeconfig by an option of its own.
  ///
  /// @param kubeconfig null: where it usually is
  static HubAccess at(@Nullable Path kubeconfig) {
    var access = new HubAccess();
    access.kubeconfig = kubeconfig;
    return access;
  }

  /// The folder that `nave hub` uses when it is not told another.
  static Path defaultDataFolder() {
    return home().resolve("hub");
  }

  /// Where Nave keeps what a person did not place elsewhere.
  static Path home() {
    var home = System.getenv("NAVE_HOME");
    return home == null ? Path.of(System.getProperty("user.home"), ".nave") : Path.of(home);
  }

  /// Runs `action` with the hub's API and what its kubeconfig says.
  void use(Action action) {
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("nave"));
      var file = file();
      var config = Kubeconfig.read(read(host, file));
      var transport = parts.open(HttpsTransport.open(host, config));
      action.run(host, new RemoteClient(host, transport, "nave-cli"), config);
    }
  }

  /// What a command does with the hub.
  @FunctionalInterface
  interface Action {
    void run(Host host, ApiClient hub, Kubeconfig config);
  }

  private Path file() {
    var fromEnvironment = System.getenv("NAVE_KUBECONFIG");
    if (kubeconfig != null) {
      return kubeconfig;
    }
    return fromEnvironment == null
        ? defaultDataFolder().resolve("admin.kubeconfig")
        : Path.of(fromEnvironment);
  }

  /// A file that a person named.
  ///
  /// @throws CommandFault when it is not there
  static String text(Host host, Path file) {
    return host.disk()
        .read(file)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() -> new CommandFault("there is no file " + file));
  }

  /// The kubeconfig that a person named.
  ///
  /// @throws CommandFault when it is not there
  static String read(Host host, Path file) {
    return read(
        host,
        file,
        "name the hub's administrator kubeconfig with --kubeconfig, or start a hub: nave hub");
  }

  /// The same, for another sort of file.
  ///
  /// @param remedy what to do when it is not there
  static String read(Host host, Path file, String remedy) {
    return host.disk()
        .read(file)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() -> new CommandFault("there is no file " + file + "; " + remedy));
  }
}
