package io.nave.agent.program;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.nave.api.ApiError;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Disk;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.runtime.SmallHeap;
import io.nave.runtime.Stop;
import io.nave.runtime.Transport;
import java.nio.file.Path;
import java.util.List;

/// `nave join` as a process of its own. It answers no metrics: an agent that shall (`--listen`) is
/// started by the whole program.
public final class AgentMain {
  private AgentMain() {}

  /// @param words those after `nave join`
  public static void main(String[] words) {
    System.exit(run(List.of(words)));
  }

  /// Runs until the process is asked to stop.
  ///
  /// @return the exit code
  static int run(List<String> words) {
    try {
      var options = AgentOptions.parse(words);
      follow(options);
      return 0;
    } catch (AgentFault
        | ApiError
        | Kubeconfig.Unusable
        | Disk.DiskFailure
        | Transport.Unreachable
        | IllegalArgumentException e) {
      System.err.println("nave: " + e.getMessage());
      return 1;
    }
  }

  private static void follow(AgentOptions options) {
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("agent"));
      var stop = parts.open(Stop.on(host));
      var hubs = options.hubs(host);
      var home = home();
      var cluster = parts.open(options.cluster(host));
      BootstrapFollower.Start agent =
          (life, present) ->
              AgentWiring.start(
                  life,
                  host,
                  options.config(present.getFirst(), home),
                  present,
                  cluster,
                  new CompositeMeterRegistry(), // nobody reads them
                  state -> System.out.println(state.line()));
      parts.open(BootstrapFollower.start(host, () -> options.hubs(host), hubs, agent));
      SmallHeap.keep(host);
      stop.await();
    }
  }

  private static Path home() {
    var home = System.getenv("NAVE_HOME");
    return home == null ? Path.of(System.getProperty("user.home"), ".nave") : Path.of(home);
  }
}
