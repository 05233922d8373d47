package io.nave.simulation;

import io.nave.api.ApiObject;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A hub, clusters and an administrator in one simulated world. Machines: `hub`, `admin`, and for
/// each cluster `east` with its agent's `east-agent`.
///
/// ```java
/// try (var world = new SimWorld(seed)) {
///   var fleet = Fleet.of(world, 3);
///   fleet.join();
///   world.at(Duration.ofSeconds(20), fleet::crashHub);
///   world.at(Duration.ofSeconds(25), fleet::restartHub);
///   fleet.apply(yaml);
///   fleet.await("all healthy", () -> fleet.witness().healthyOn(SHOP).size() == 2);
/// }
/// ```
///
/// The world belongs to the caller; closing it ends everything.
public final class Fleet {
  private static final List<String> NAMES = List.of("east", "north", "south", "west");
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(400);

  private final SimWorld world;
  private final SimHub hub;
  private final Administrator administrator;
  private final Map<String, SimCluster> clusters = new LinkedHashMap<>();
  private final Witness witness;
  private @Nullable String token;

  private Fleet(SimWorld world, int size) {
    this.world = world;
    this.hub = new SimHub(world);
    this.administrator = new Administrator(world.host("admin"), hub.administrator());
    for (var i = 0; i < size; i++) {
      var name = i < NAMES.size() ? NAMES.get(i) : "c" + i;
      clusters.put(name, new SimCluster(world, name));
    }
    hub.start();
    await("the hub to serve", hub::up);
    this.witness = Witness.start(administrator, clusters);
  }

  /// A hub that serves, clusters whose agents are not started yet, an administrator.
  public static Fleet of(SimWorld world, int clusters) {
    return new Fleet(world, clusters);
  }

  public SimWorld world() {
    return world;
  }

  public SimHub hub() {
    return hub;
  }

  public Administrator administrator() {
    return administrator;
  }

  public Witness witness() {
    return witness;
  }

  /// The names of the clusters, in order.
  public List<String> names() {
    return new ArrayList<>(clusters.keySet());
  }

  public List<SimCluster> clusters() {
    return new ArrayList<>(clusters.values());
  }

  /// @throws IllegalArgumentException when there is no such cluster
  public SimCluster cluster(String name) {
    var found = clusters.get(name);
    if (found == null) {
      throw new IllegalArgumentException("the clusters are " + names() + ", not " + name);
    }
    return found;
  }

  /// The whole handshake of all clusters: agents ask, the administrator accepts, clusters join.
  public void join() {
    names().forEach(this::startAgent);
    letIn();
  }

  /// The half of the handshake that is the administrator's: waits for each cluster to ask, accepts
  /// it, and waits until all have joined.
  public void letIn() {
    for (var name : names()) {
      accept(name);
    }
    for (var name : names()) {
      await(name + " to join", () -> witness.joined(name));
    }
  }

  /// Starts an agent with a bootstrap token.
  public void startAgent(String name) {
    var ticket = token;
    if (ticket == null) {
      ticket = administrator.token(TOKEN_LIFETIME);
      token = ticket;
    }
    cluster(name).startAgent(ticket);
  }

  /// Waits until the cluster asks to join, and accepts it.
  public void accept(String name) {
    await(name + " to ask", () -> witness.asked(name));
    administrator.accept(name);
  }

  public void crashHub() {
    hub.crash();
  }

  /// Starts the hub after a crash, on the same disk.
  public void restartHub() {
    hub.start();
  }

  /// Gives the hub an empty disk after a crash, and starts it. Tokens made before are gone with it.
  public void replaceHub() {
    hub.empty();
    witness.forgetRevisions();
    token = null;
    hub.start();
  }

  public void crashAgent(String name) {
    cluster(name).crashAgent();
  }

  /// Starts an agent after a crash, on the same disk, with no token.
  public void restartAgent(String name) {
    cluster(name).startAgent(null);
  }

  /// Cuts an agent off from the hub; it still reaches its cluster.
  public void partition(String name) {
    world.network().partition(hub.host(), cluster(name).agentHost());
  }

  public void heal(String name) {
    world.network().heal(hub.host(), cluster(name).agentHost());
  }

  public void apply(String yaml) {
    administrator.apply(yaml);
  }

  /// A Deployment as it stands in a cluster.
  public Optional<ApiObject> deployment(String name, String namespace, String deployment) {
    return cluster(name).find(SimCluster.WATCHED.getFirst(), namespace, deployment);
  }

  /// Lets the world run until it holds.
  ///
  /// @throws io.nave.runtime.sim.SimFailure when it does not within ten minutes of virtual time
  public void await(String what, BooleanSupplier condition) {
    world.log("awaits " + what);
    world.runUntil(condition, PATIENCE);
  }
}
