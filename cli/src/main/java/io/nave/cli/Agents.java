package io.nave.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.KlusterletAgent;
import io.nave.agent.RoamingAgent;
import io.nave.controllers.Discovery;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.registration.agent.AgentState;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.util.List;
import java.util.function.Consumer;

/// Starts the agent of one cluster, with its connections to cluster and hub.
final class Agents {
  private Agents() {}

  /// @param bootstrap the hub, as `nave get token -o kubeconfig` writes it
  /// @param cluster a transport to the agent's own cluster; stays the caller's
  static KlusterletAgent start(
      Host host,
      AgentConfig config,
      Kubeconfig bootstrap,
      Transport cluster,
      MeterRegistry metrics,
      Consumer<AgentState> progress) {
    var discovery = new Discovery(host, cluster);
    return KlusterletAgent.start(
        host,
        config,
        new KubeconfigDialer(host, bootstrap),
        new KlusterletAgent.Cluster(
            new RemoteClient(host, cluster, "nave-agent"),
            discovery::find,
            discovery::serverVersion),
        metrics,
        progress);
  }

  /// As above, with several hubs to choose from.
  static RoamingAgent roam(
      Host host,
      AgentConfig config,
      List<Kubeconfig> bootstraps,
      Transport cluster,
      MeterRegistry metrics,
      Consumer<AgentState> progress) {
    var discovery = new Discovery(host, cluster);
    return RoamingAgent.start(
        host,
        config,
        bootstraps.stream()
            .map(each -> new RoamingAgent.Candidate(new KubeconfigDialer(host, each), token(each)))
            .toList(),
        new KlusterletAgent.Cluster(
            new RemoteClient(host, cluster, "nave-agent"),
            discovery::find,
            discovery::serverVersion),
        metrics,
        progress);
  }

  /// The token of a bootstrap kubeconfig.
  ///
  /// @throws CommandFault when it holds none
  static String token(Kubeconfig bootstrap) {
    if (bootstrap.login() instanceof Kubeconfig.Login.Token(var token)) {
      return token;
    }
    throw new CommandFault(
        "the bootstrap kubeconfig holds a "
            + bootstrap.login()
            + " instead of a token; make one: nave get token -o kubeconfig");
  }
}
