package io.nave.simulation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.AgentConfig;
import io.nave.agent.KlusterletAgent;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Discovery;
import io.nave.controllers.RemoteClient;
import io.nave.controllers.TokenTransport;
import io.nave.practice.PracticeCluster;
import io.nave.registration.agent.AgentState;
import io.nave.runtime.Disk;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One cluster and its agent, on a machine each, so that the agent can crash alone. The agent
/// reaches both its cluster and the hub over the network.
public final class SimCluster {
  /// What the agent applies and this cluster remembers all states of.
  static final List<ResourceType> WATCHED =
      List.of(
          ResourceType.of("apps", "v1", "Deployment", "deployments", true).withStatus(),
          ResourceType.of("", "v1", "Service", "services", true).withStatus(),
          ResourceType.of("", "v1", "ConfigMap", "configmaps", true));

  private static final Duration RESTART = Duration.ofSeconds(5);
  private static final Path DATA = Path.of("/var/lib/nave");

  private final String name;
  private final SimHost host;
  private final SimHost agentHost;
  private final PracticeCluster cluster;
  private final TreeMap<String, List<ApiObject>> shown = new TreeMap<>(); // by kind and key
  private final List<AgentState> states = new ArrayList<>();
  private boolean started;
  private @Nullable KlusterletAgent agent;

  SimCluster(SimWorld world, String name) {
    this.name = name;
    this.host = world.host(name);
    this.agentHost = world.host(name + "-agent");
    this.cluster = PracticeCluster.start(host, name);
    world.network().listen(host, name, cluster.door());
    for (var type : WATCHED) {
      Cache.of(host, cluster.client(), Cache.Scope.all(type)).onChange(this::remember).start();
    }
  }

  private void remember(Cache.Change<ApiObject> change) {
    var after = change.after();
    if (after != null) {
      shown.computeIfAbsent(subject(after.kind(), change.key()), _ -> new ArrayList<>()).add(after);
    }
  }

  private static String subject(String kind, Key key) {
    return kind + " " + key;
  }

  public String name() {
    return name;
  }

  /// The machine of its agent.
  public SimHost agentHost() {
    return agentHost;
  }

  /// Its API, as the cluster's own administrator.
  public ApiClient client() {
    return cluster.client();
  }

  /// An object as it stands in the cluster.
  public Optional<ApiObject> find(ResourceType type, String namespace, String object) {
    return client().find(type, Key.of(namespace, object));
  }

  /// Every state an object has been in, the oldest first, over all its lives.
  List<ApiObject> history(String kind, Key key) {
    return List.copyOf(shown.getOrDefault(subject(kind, key), List.of()));
  }

  /// Starts its agent on what its disk holds, again and again while it cannot be started, as a
  /// service manager does. Nothing happens when it was started already.
  ///
  /// @param token null once it has joined
  public void startAgent(@Nullable String token) {
    if (!started) {
      started = true;
      agentHost.start("service-manager", () -> keepStarting(token));
    }
  }

  private void keepStarting(@Nullable String token) {
    while (true) {
      try {
        agent = start(token);
        return;
      } catch (Disk.DiskFailure e) {
        agentHost.world().log("agent of " + name + " cannot start: " + e.getMessage());
        agentHost.sleep(RESTART);
      }
    }
  }

  private KlusterletAgent start(@Nullable String token) {
    var network = agentHost.world().network();
    var wire =
        new TokenTransport(network.connect(agentHost, name, List.of()), cluster.adminToken());
    var discovery = new Discovery(agentHost, wire);
    return KlusterletAgent.start(
        agentHost,
        AgentConfig.of(name, token, DATA),
        new WireDialer(agentHost),
        new KlusterletAgent.Cluster(
            new RemoteClient(agentHost, wire, "nave-agent"),
            discovery::find,
            discovery::serverVersion),
        new SimpleMeterRegistry(),
        this::said);
  }

  private void said(AgentState state) {
    states.add(state);
    agentHost.world().log("agent of " + name + ": " + state.line());
  }

  /// The agent's machine stops dead; the cluster runs on.
  public void crashAgent() {
    started = false;
    agent = null;
    agentHost.crash();
  }

  /// What its agent said last about itself; empty before it said anything.
  public Optional<AgentState> state() {
    return states.isEmpty() ? Optional.empty() : Optional.of(states.getLast());
  }

  /// All it ever said about itself.
  public List<AgentState> states() {
    return List.copyOf(states);
  }

  /// Whether its agent has the hub's answer to its last call.
  public boolean connected() {
    return agent != null && agent.connected();
  }
}
