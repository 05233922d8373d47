package io.nave.agent;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.agent.work.KindResolver;
import io.nave.agent.work.RecordsInConfigMaps;
import io.nave.agent.work.WorkAgent;
import io.nave.controllers.ApiClient;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.RegistrationAgent;
import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One cluster's agent: joins the hub and stays joined, applies the cluster's works and reports.
///
/// The work side starts first and from disk, so that a cluster whose hub is away is looked after
/// from the first moment.
///
/// ```java
/// var discovery = new Discovery(host, clusterTransport);
/// var agent = KlusterletAgent.start(host, AgentConfig.of("east", token, dataDir), dialer,
///     new Cluster(clusterClient, discovery::find, discovery::aliveVersion), metrics,
///     state -> out.println(state.line()));
/// ```
public final class KlusterletAgent implements AutoCloseable {
  /// The agent's own cluster.
  ///
  /// @param kinds what kinds it has, such as `Discovery::find`
  /// @param version asks for its version and so whether it is alive: `Discovery::aliveVersion`
  public record Cluster(ApiClient client, KindResolver kinds, Supplier<String> version) {}

  private final Disk.Lock lock;
  private final WorkAgent work;
  private final Task registration;
  private final AtomicReference<@Nullable AgentState> state;

  private KlusterletAgent(
      Disk.Lock lock,
      WorkAgent work,
      Task registration,
      AtomicReference<@Nullable AgentState> state) {
    this.lock = lock;
    this.work = work;
    this.registration = registration;
    this.state = state;
  }

  /// Starts both sides and returns at once.
  ///
  /// @param progress is told where registration stands, each time that changes; returns quickly
  /// @throws Disk.DiskFailure when the data folder is in use or cannot be used
  public static KlusterletAgent start(
      Host host,
      AgentConfig config,
      HubDialer dialer,
      Cluster cluster,
      MeterRegistry registry,
      Consumer<AgentState> progress) {
    var settings = config.registration();
    var lock = host.disk().lock(config.dataDir());
    try {
      var own = new RecordsInConfigMaps(cluster.client(), cluster.kinds(), cluster.version());
      var work = WorkAgent.start(host, config.work(dialer.hubUrl()), own, own::kind, registry);
      var state = new AtomicReference<@Nullable AgentState>();
      var listener = new Listener(work, state, progress);
      var registration =
          new RegistrationAgent(
              host, settings, dialer, cluster.client(), cluster.version(), listener);
      var task = host.start("registration", registration::run);
      return new KlusterletAgent(lock, work, task, state);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// Where registration stands; empty in the first moment.
  public Optional<AgentState> state() {
    return Optional.ofNullable(state.get());
  }

  /// Whether the hub answered the work side's last call.
  public boolean connected() {
    return work.connected();
  }

  /// Stops both sides; what was applied stays.
  @Override
  public void close() {
    registration.cancel();
    registration.join(Duration.ofSeconds(5));
    work.close();
    lock.close();
  }

  private record Listener(
      WorkAgent work, AtomicReference<@Nullable AgentState> state, Consumer<AgentState> progress)
      implements RegistrationAgent.Listener {
    @Override
    public void onHubClient(ApiClient hub) {
      work.onHubClient(hub);
    }

    @Override
    public void onState(AgentState next) {
      state.set(next);
      progress.accept(next);
    }
  }
}
