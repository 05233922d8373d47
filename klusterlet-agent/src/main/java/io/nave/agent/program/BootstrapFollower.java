package io.nave.agent.program;

import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Parts;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an agent and starts it anew when its bootstrap kubeconfigs say something else (spec §3.2):
/// another address, authority or token of the hub, as an administrator replaces them in the mounted
/// Secret. Credential, works and objects stay; a hub that does not take the credential is asked to
/// let the cluster in, with the new token.
///
/// Files that are gone or cannot be used change nothing: the agent goes on with what it has, and
/// one line of the log says so.
public final class BootstrapFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BootstrapFollower.class);

  /// A kubelet takes about a minute to bring a changed Secret into a pod.
  static final Duration LOOK = Duration.ofSeconds(30);

  /// Starts an agent.
  public interface Start {
    /// @param parts takes charge of it
    /// @param hubs at least one
    /// @return whether the hub answers
    BooleanSupplier agent(Parts parts, List<Kubeconfig> hubs);
  }

  private final Supplier<List<Kubeconfig>> files;
  private final Start start;
  private final Monitor monitor;
  private final Task task;

  private boolean closed; // under monitor
  private @Nullable String complaint; // of the task: what is wrong with the files, as told
  private List<Kubeconfig> hubs; // of the task: as the files say; empty: nothing could be started
  private List<Kubeconfig> running; // of the task: what the agent was started with
  private Parts parts; // of the task, once it runs
  private volatile BooleanSupplier connected;

  private BootstrapFollower(
      Host host, Supplier<List<Kubeconfig>> files, List<Kubeconfig> hubs, Start start) {
    this.files = files;
    this.hubs = hubs;
    this.running = hubs;
    this.start = start;
    this.monitor = host.monitor();
    this.parts = new Parts();
    this.connected = started(hubs);
    this.task = host.start("bootstrap-follower", this::follow);
  }

  /// Starts the agent, and then looks at the files every 30 s.
  ///
  /// @param files reads them; may throw as [AgentOptions#hubs] does
  /// @param hubs what they said just now
  /// @throws RuntimeException as `start` does for these
  public static BootstrapFollower start(
      Host host, Supplier<List<Kubeconfig>> files, List<Kubeconfig> hubs, Start start) {
    return new BootstrapFollower(host, files, List.copyOf(hubs), start);
  }

  /// Whether the hub answered the last call.
  public boolean connected() {
    return connected.getAsBoolean();
  }

  /// Stops the agent.
  @Override
  public void close() {
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
    task.join(Duration.ofSeconds(30));
  }

  private void follow() {
    try {
      while (pause()) {
        look();
      }
    } finally {
      parts.close();
    }
  }

  private boolean pause() {
    try (var _ = monitor.lock()) {
      if (!closed) {
        monitor.await(LOOK);
      }
      return !closed;
    }
  }

  private void look() {
    List<Kubeconfig> next;
    try {
      next = files.get();
      next.forEach(AgentWiring::token);
    } catch (AgentFault | Kubeconfig.Unusable | Disk.DiskFailure e) {
      complain(String.valueOf(e.getMessage()));
      return;
    }
    complaint = null;
    if (!next.equals(hubs)) {
      LOG.atInfo()
          .addKeyValue("hub", next.getFirst().server())
          .log("the bootstrap kubeconfig changed: starting the agent anew");
      restart(next);
    }
  }

  /// With the new ones, or else as before; where neither starts, it is tried again at the next
  /// look.
  private void restart(List<Kubeconfig> next) {
    parts.close();
    hubs = next;
    if (!starts(next) && !starts(running)) {
      hubs = List.of();
    }
  }

  private boolean starts(List<Kubeconfig> with) {
    parts = new Parts();
    try {
      connected = started(with);
      running = with;
      return true;
    } catch (RuntimeException e) {
      connected = () -> false;
      complain(e + "; going on as before");
      return false;
    }
  }

  private BooleanSupplier started(List<Kubeconfig> with) {
    try {
      return start.agent(parts, with);
    } catch (RuntimeException e) {
      throw parts.closeAfter(e);
    }
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      LOG.atWarn().addKeyValue("reason", why).log("the bootstrap kubeconfig cannot be used");
    }
  }
}
