package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Events;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// What a delivery controller does beside a hub: makes a work for each cluster that a placement
/// chose, and changes works stage by stage, the next stage when all of the last have reported. The
/// statuses are seen where the agents write them. Thread-safe.
final class Rollouts implements Fleet.Listener {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final Run run;
  private final Works works;
  private final List<Line> lines;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLong turns = new AtomicLong();
  private final Map<String, Delivery> deliveries = new ConcurrentHashMap<>();

  Rollouts(Run run, Fleet fleet) {
    this.run = run;
    this.works = new Works(run, true);
    this.lines = run.adminLines(8);
    fleet.listen(this);
  }

  /// Follows all placements of the driver's namespace.
  void follow() {
    lines.getFirst().stream(
        Ask.get(Placements.decisions() + "?watch=true&timeoutSeconds=86400"),
        new Events(event -> decided(event.path("object")), _ -> {}));
  }

  /// Creates a placement; its works follow.
  ///
  /// @param latencies of each cluster, from now to its status
  Delivery place(String name, int clusters, Latencies latencies) {
    var delivery = new Delivery(name, clusters, latencies);
    deliveries.put(name, delivery);
    delivery.began = run.host.nanoTime();
    next().send(Placements.create(name, clusters, ""), delivery::require);
    return delivery;
  }

  /// Changes the works of a delivery, in stages of these sizes.
  ///
  /// @param latencies gets the time of the whole rollout
  void roll(Delivery delivery, int[] stages, Latencies latencies) {
    delivery.roll(stages, latencies);
  }

  void await(BooleanSupplier reached) {
    var until = run.host.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      if (run.host.nanoTime() > until) {
        throw new IllegalStateException("not all works were reported within " + PATIENCE);
      }
      run.host.sleep(Duration.ofMillis(2));
    }
  }

  private Line next() {
    return lines.get(Math.floorMod(turn.getAndIncrement(), lines.size()));
  }

  private void decided(JsonNode decision) {
    var placement =
        decision
            .path("metadata")
            .path("labels")
            .path("cluster.open-cluster-management.io/placement")
            .asString("");
    var delivery = deliveries.get(placement);
    if (delivery == null) {
      return;
    }
    for (var chosen : decision.path("status").path("decisions")) {
      var cluster = chosen.path("clusterName").asString("");
      if (delivery.made.add(cluster)) {
        next().send(works.create(cluster, placement), delivery::require);
      }
    }
  }

  @Override
  public void applied(String cluster, String work, long generation) {
    var delivery = deliveries.get(work);
    if (delivery != null) {
      delivery.told(cluster);
    }
  }

  /// One placement's works.
  final class Delivery {
    private final String name;
    private final int clusters;
    private final Latencies latencies;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Set<String> awaited = ConcurrentHashMap.newKeySet();
    private volatile long began;
    private volatile List<String> order = List.of();
    private volatile int[] stages = {};
    private final AtomicInteger stage = new AtomicInteger(); // those begun
    private volatile Latencies whole = new Latencies();
    private volatile boolean rolling;

    private Delivery(String name, int clusters, Latencies latencies) {
      this.name = name;
      this.clusters = clusters;
      this.latencies = latencies;
    }

    boolean delivered() {
      return told.size() >= clusters;
    }

    boolean rolling() {
      return rolling;
    }

    private void require(io.nave.bench.wire.Answer answer) {
      if (!answer.good()) {
        run.progress.phase("  " + name + " was refused: " + answer);
      }
    }

    private void told(String cluster) {
      if (told.add(cluster)) {
        latencies.record(run.host.nanoTime() - began);
      }
      if (rolling && awaited.remove(cluster) && awaited.isEmpty()) {
        nextStage();
      }
    }

    private void roll(int[] sizes, Latencies all) {
      order = made.stream().sorted().toList();
      stages = sizes.clone();
      whole = all;
      stage.set(0);
      began = run.host.nanoTime();
      rolling = true;
      nextStage();
    }

    private void nextStage() {
      var number = stage.getAndIncrement();
      var from = 0;
      for (var i = 0; i < number; i++) {
        from += stages[i];
      }
      if (number >= stages.length || from >= order.size()) {
        rolling = false;
        whole.record(run.host.nanoTime() - began);
        return;
      }
      var some = order.subList(from, Math.min(order.size(), from + stages[number]));
      awaited.addAll(some);
      var change = turns.incrementAndGet();
      some.forEach(cluster -> next().send(works.change(cluster, name, change), this::require));
    }
  }
}
