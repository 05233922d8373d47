package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Events;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// From a placement to all statuses: the hub decides, a controller beside it (this driver, as a
/// GitOps controller would) makes a work for each decided cluster, the agents apply and report.
final class FanoutScenario implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "fanout";
  }

  @Override
  public String purpose() {
    return "one placement to many clusters, applied and reported";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 500L);
    sizes.put("selected", 100L);
    sizes.put("rounds", 10L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      var line = run.adminLine();
      Placements.prepare(run, line);
      var each = new Latencies();
      var all = new Latencies();
      var before = run.meter.read(run.hub);
      for (var round = 0; round < run.size("rounds"); round++) {
        var measured = round > 0; // the first one warms up
        var one = new Round(run, fleet, "p" + round, measured ? each : new Latencies());
        var seconds = one.play(line);
        run.progress.phase("  round %d: all reported after %.3f s".formatted(round, seconds));
        if (measured) {
          all.record((long) (seconds * 1e9));
        }
      }
      var after = run.meter.read(run.hub);
      run.figures.put("clusters", fleet.size());
      run.figures.put("selected", run.size("selected"));
      run.figures.putPercentiles("", each);
      run.figures.put("allStatusesSeconds", all.at(50));
      run.figures.put("allStatusesMaxSeconds", all.at(100));
      run.figures.put(
          "hubCpuSecondsPerWork",
          (after.cpuSeconds() - before.cpuSeconds())
              / ((double) run.size("rounds") * run.size("selected")));
      run.used(before, after);
    }
  }

  /// One placement; the time counts from before it is created.
  static final class Round implements Fleet.Listener {
    private final Run run;
    private final String name;
    private final Latencies latencies;
    private final Works works;
    private final int selected;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private volatile long began;

    Round(Run run, Fleet fleet, String name, Latencies latencies) {
      this.run = run;
      this.name = name;
      this.latencies = latencies;
      this.works = new Works(run, true);
      this.selected = run.size("selected");
      fleet.listen(this);
    }

    double play(Line line) {
      var decisions =
          line.stream(
              Ask.get(
                  Placements.decisions()
                      + "?watch=true&timeoutSeconds=600&labelSelector="
                      + "cluster.open-cluster-management.io%2Fplacement%3D"
                      + name),
              new Events(event -> decided(line, event.path("object")), _ -> {}));
      run.host.sleep(Duration.ofMillis(200));
      began = run.host.nanoTime();
      line.must(Placements.create(name, selected, ""));
      while (told.size() < selected) {
        if (run.host.nanoTime() - began > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              "%d of %d works made, %d reported after %s"
                  .formatted(made.size(), selected, told.size(), PATIENCE));
        }
        run.host.sleep(Duration.ofMillis(1));
      }
      var seconds = (run.host.nanoTime() - began) / 1e9;
      decisions.close();
      return seconds;
    }

    private void decided(Line line, JsonNode decision) {
      for (var chosen : decision.path("status").path("decisions")) {
        var cluster = chosen.path("clusterName").asString("");
        if (made.add(cluster)) {
          line.send(works.create(cluster, name), _ -> {});
        }
      }
    }

    @Override
    public void applied(String cluster, String work, long generation) {
      if (work.equals(name) && told.add(cluster)) {
        latencies.record(run.host.nanoTime() - began);
      }
    }
  }
}
