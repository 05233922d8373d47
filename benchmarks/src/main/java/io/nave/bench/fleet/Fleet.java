package io.nave.bench.fleet;

import io.nave.api.Json;
import io.nave.bench.wire.Wire;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Many agents of one hub, and how far they are. Thread-safe.
public final class Fleet implements AutoCloseable {
  /// Who wants to know; called on event loops, returns quickly.
  public interface Listener {
    /// An agent was let in and has told its first status.
    default void joined(String cluster, long nanosSinceStart) {}

    /// An agent's status of this generation of a work is on the hub.
    default void applied(String cluster, String work, long generation) {}

    /// A lease was read and renewed.
    default void renewed(long nanos) {}
  }

  final Host host;
  final Wire wire;
  final Kubeconfig.Login bootstrap;
  private final List<SimAgent> agents = new ArrayList<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger joined = new AtomicInteger();
  private final AtomicInteger synced = new AtomicInteger();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong renewals = new AtomicLong();
  private final AtomicLong troubles = new AtomicLong();
  private final AtomicReference<@Nullable String> trouble = new AtomicReference<>();
  volatile Duration lease = Duration.ofSeconds(60);
  private volatile Listener listener = new Listener() {};
  private volatile int limit; // agents that may begin
  private volatile boolean stopping;

  /// Draws up a fleet; takes a millisecond for each agent.
  ///
  /// @param bootstrap the credential they join with
  public Fleet(
      Host host,
      Wire wire,
      Kubeconfig.Login bootstrap,
      List<String> clusters,
      RandomGenerator random) {
    this.host = host;
    this.wire = wire;
    this.bootstrap = bootstrap;
    for (var cluster : clusters) {
      var identity = AgentIdentity.draw(cluster, host.secureRandom());
      agents.add(new SimAgent(identity, this, random));
    }
  }

  /// A bootstrap token as Kubernetes has them, in the group whose members may ask to join.
  ///
  /// @param id 6 and `secret` 16 lower-case letters or digits
  public static ObjectNode bootstrapSecret(String id, String secret, java.time.Instant expires) {
    var tree = Json.object().put("apiVersion", "v1").put("kind", "Secret");
    tree.put("type", "bootstrap.kubernetes.io/token");
    tree.putObject("metadata").put("name", "bootstrap-token-" + id).put("namespace", "kube-system");
    tree.putObject("data")
        .put("token-id", AgentBodies.base64(id))
        .put("token-secret", AgentBodies.base64(secret))
        .put("expiration", AgentBodies.base64(expires.toString()))
        .put("usage-bootstrap-authentication", AgentBodies.base64("true"))
        .put("auth-extra-groups", AgentBodies.base64("system:bootstrappers:managedcluster"));
    return tree;
  }

  /// Has every agent renew its lease this often, each minute unless set; before they join. A tenth
  /// of the time makes the renewals of ten times the agents.
  public void renewEvery(Duration time) {
    lease = time;
  }

  public void listen(Listener next) {
    listener = next;
  }

  public int size() {
    return agents.size();
  }

  /// Lets all agents join, so many at a time; returns when all have.
  ///
  /// @throws IllegalStateException when they have not within `atMost`
  public void join(int parallel, Duration atMost) {
    join(parallel, agents.size(), atMost);
  }

  /// As [#join(int, Duration)], until so many have joined.
  public void join(int parallel, int upTo, Duration atMost) {
    limit = Math.min(upTo, agents.size());
    var waiting = limit - begun.get();
    for (var i = 0; i < Math.min(parallel, waiting); i++) {
      beginNext();
    }
    await(joined, limit, "joined", atMost);
  }

  /// Waits until every agent has seen all there is for it.
  public void awaitSynced(Duration atMost) {
    await(synced, agents.size(), "in sync", atMost);
  }

  public int joined() {
    return joined.get();
  }

  public int inSync() {
    return synced.get();
  }

  public int connected() {
    return connected.get();
  }

  /// Works whose present generation their agents had told already when they saw it.
  public long found() {
    return found.get();
  }

  public long renewals() {
    return renewals.get();
  }

  /// How often something did not work, and what it was first.
  public String troubles() {
    var first = trouble.get();
    return first == null ? "" : troubles.get() + " setbacks, the first: " + first;
  }

  private void await(AtomicInteger count, int goal, String what, Duration atMost) {
    var until = host.nanoTime() + atMost.toNanos();
    while (count.get() < goal) {
      if (host.nanoTime() > until) {
        throw new IllegalStateException(
            "after %s only %d of %d agents are %s; %s"
                .formatted(atMost, count.get(), goal, what, troubles()));
      }
      host.sleep(Duration.ofMillis(5));
    }
  }

  private void beginNext() {
    var next = begun.getAndUpdate(count -> Math.min(count + 1, limit));
    if (next < limit) {
      agents.get(next).join();
    }
  }

  boolean stopping() {
    return stopping;
  }

  void joined(SimAgent agent, long nanos) {
    joined.incrementAndGet();
    listener.joined(agent.name(), nanos);
    beginNext();
  }

  void connected(int more) {
    connected.addAndGet(more);
  }

  void synced(SimAgent agent) {
    synced.incrementAndGet();
  }

  void unsynced() {
    synced.decrementAndGet();
  }

  void applied(String cluster, String work, long generation) {
    listener.applied(cluster, work, generation);
  }

  void found(String cluster, String work, long generation) {
    found.incrementAndGet();
  }

  void renewed(long nanos) {
    renewals.incrementAndGet();
    listener.renewed(nanos);
  }

  void troubled(String cluster, Throwable why) {
    troubles.incrementAndGet();
    trouble.compareAndSet(null, cluster + ": " + why);
  }

  /// Lets none of them come back any more.
  @Override
  public void close() {
    stopping = true;
  }
}
