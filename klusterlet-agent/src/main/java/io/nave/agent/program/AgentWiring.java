package io.nave.agent.program;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.KlusterletAgent;
import io.nave.agent.RoamingAgent;
import io.nave.controllers.Discovery;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.registration.agent.AgentState;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Transport;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Starts the agent of one cluster, with its connections to cluster and hub.
public final class AgentWiring {
  private AgentWiring() {}

  /// Starts an agent with one hub, or with several to choose from.
  ///
  /// @param parts takes charge of it
  /// @param hubs as `nave get token -o kubeconfig` writes them; at least one
  /// @param cluster a transport to the agent's own cluster; stays the caller's
  /// @return whether the hub answers
  public static BooleanSupplier start(
      Parts parts,
      Host host,
      AgentConfig config,
      List<Kubeconfig> hubs,
      Transport cluster,
      MeterRegistry metrics,
      Consumer<AgentState> progress) {
    if (hubs.size() == 1) {
      var agent = parts.open(start(host, config, hubs.getFirst(), cluster, metrics, progress));
      return agent::connected;
    }
    var agent = parts.open(roam(host, config, hubs, cluster, metrics, progress));
    return agent::connected;
  }

  /// One of the hubs of an agent, as it stands beside the others.
  ///
  /// @param config the agent's settings while it belongs to this hub
  /// @param used whether it is the one used last
  public record Place(Kubeconfig hub, AgentConfig config, boolean used) {}

  /// Where an agent keeps what it has of each of its hubs, in their order.
  public static List<Place> places(Host host, AgentConfig config, List<Kubeconfig> hubs) {
    if (hubs.size() == 1) {
      return List.of(new Place(hubs.getFirst(), config, true));
    }
    var last = RoamingAgent.lastUsed(host, config).orElse(hubs.getFirst().server());
    return hubs.stream()
        .map(hub ->
            new Place(
                hub, RoamingAgent.at(config, hub.server(), token(hub)), hub.server().equals(last)))
        .toList();
  }

  /// An agent with one hub.
  public static KlusterletAgent start(
      Host host,
      AgentConfig config,
      Kubeconfig bootstrap,
      Transport cluster,
      MeterRegistry metrics,
      Consumer<AgentState> progress) {
    return KlusterletAgent.start(
        host, config, new KubeconfigDialer(host, bootstrap), own(host, cluster), metrics, progress);
  }

  private static RoamingAgent roam(
      Host host,
      AgentConfig config,
      List<Kubeconfig> bootstraps,
      Transport cluster,
      MeterRegistry metrics,
      Consumer<AgentState> progress) {
    return RoamingAgent.start(
        host,
        config,
        bootstraps.stream()
            .map(each -> new RoamingAgent.Candidate(new KubeconfigDialer(host, each), token(each)))
            .toList(),
        own(host, cluster),
        metrics,
        progress);
  }

  private static KlusterletAgent.Cluster own(Host host, Transport cluster) {
    var discovery = new Discovery(host, cluster);
    return new KlusterletAgent.Cluster(
        new RemoteClient(host, cluster, "nave-agent"), discovery::find, discovery::aliveVersion);
  }

  /// The token of a bootstrap kubeconfig.
  ///
  /// @throws AgentFault when it holds none
  static String token(Kubeconfig bootstrap) {
    if (bootstrap.login() instanceof Kubeconfig.Login.Token(var token)) {
      return token;
    }
    throw new AgentFault(
        "the bootstrap kubeconfig holds a "
            + bootstrap.login()
            + " instead of a token; make one: nave get token -o kubeconfig");
  }
}
