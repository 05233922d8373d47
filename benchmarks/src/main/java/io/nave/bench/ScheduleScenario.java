package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Events;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/// Many placements over many clusters, decided from scratch; then one cluster drops out.
final class ScheduleScenario implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int PARALLEL = 64;
  private static final int CHOSEN = 10;

  private final Map<String, List<String>> decided = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "schedule";
  }

  @Override
  public String purpose() {
    return "many placements over many clusters, decided from scratch";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("placements", 1_000L);
    sizes.put("clusters", 200L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var line = run.adminLine();
    Placements.prepare(run, line);
    var clusters = run.size("clusters");
    var placements = run.size("placements");
    run.progress.phase("registering " + clusters + " clusters");
    create(run, clusters, number -> cluster(Fleets.cluster(number)));
    run.host.sleep(Duration.ofSeconds(3)); // their sets, leases and taints settle
    line.stream(
        Ask.get(Placements.decisions() + "?watch=true&timeoutSeconds=86400"),
        new Events(event -> told(event.path("object")), _ -> {}));
    var before = run.meter.read(run.hub);
    run.progress.during(
        () -> decided.size() + " of " + placements + " decided",
        () -> {
          create(run, placements, number -> Placements.create("p" + number, CHOSEN, ""));
          await(run, () -> decided.size() >= placements);
        });
    var after = run.meter.read(run.hub);
    run.figures.put("placements", placements);
    run.figures.put("clusters", clusters);
    run.figures.put("seconds", (after.nanos() - before.nanos()) / 1e9);
    run.figures.put(
        "hubCpuSecondsPerPlacement", (after.cpuSeconds() - before.cpuSeconds()) / placements);
    run.figures.put("oneClusterChangeSeconds", dropOne(run, line));
    run.used(before, after);
  }

  /// Taints the cluster that most placements chose, and waits until none has it any more.
  private double dropOne(Run run, Line line) {
    var counts = new ConcurrentHashMap<String, Integer>();
    decided.values().forEach(list -> list.forEach(each -> counts.merge(each, 1, Integer::sum)));
    var most =
        counts.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .orElseThrow(() -> new IllegalStateException("no placement chose any cluster"));
    run.progress.phase("tainting " + most.getKey() + ", chosen " + most.getValue() + " times");
    var began = run.host.nanoTime();
    line.must(
        Ask.merge(
            "/apis/cluster.open-cluster-management.io/v1/managedclusters/" + most.getKey(),
            "{\"spec\":{\"taints\":[{\"key\":\"bench\",\"effect\":\"NoSelect\"}]}}"));
    await(run, () -> decided.values().stream().noneMatch(list -> list.contains(most.getKey())));
    return (run.host.nanoTime() - began) / 1e9;
  }

  private void told(JsonNode decision) {
    var chosen = new ArrayList<String>();
    for (var each : decision.path("status").path("decisions")) {
      chosen.add(each.path("clusterName").asString(""));
    }
    if (!chosen.isEmpty()) {
      var placement =
          decision
              .path("metadata")
              .path("labels")
              .path("cluster.open-cluster-management.io/placement")
              .asString("");
      decided.put(placement, List.copyOf(new TreeSet<>(chosen)));
    }
  }

  private static void await(Run run, java.util.function.BooleanSupplier reached) {
    var until = run.host.nanoTime() + PATIENCE.toNanos();
    while (!reached.getAsBoolean()) {
      if (run.host.nanoTime() > until) {
        throw new IllegalStateException("the placements were not decided within " + PATIENCE);
      }
      run.host.sleep(Duration.ofMillis(10));
    }
  }

  private static void create(Run run, int count, java.util.function.IntFunction<Ask> each) {
    var made = new AtomicLong();
    Flood.all(
        run.host,
        run.adminLines(PARALLEL),
        _ -> {
          var number = (int) made.getAndIncrement();
          return number < count ? each.apply(number) : null;
        });
  }

  /// A cluster without an agent.
  private static Ask cluster(String name) {
    var tree =
        Json.object()
            .put("apiVersion", "cluster.open-cluster-management.io/v1")
            .put("kind", "ManagedCluster");
    tree.putObject("metadata").put("name", name);
    tree.putObject("spec").put("hubAcceptsClient", true).put("leaseDurationSeconds", 60);
    return Ask.post(
        "/apis/cluster.open-cluster-management.io/v1/managedclusters", Json.encode(tree));
  }
}
