package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Rollouts by the hub itself: a ManifestWorkReplicaSet on a placement changes its template, first
/// one alone, then many at once.
final class RolloutScenario implements Scenario {
  private static final String SETS =
      "/apis/work.open-cluster-management.io/v1alpha1/namespaces/"
          + Run.NAMESPACE
          + "/manifestworkreplicasets";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int SINGLES = 5;

  @Override
  public String name() {
    return "rollout";
  }

  @Override
  public String purpose() {
    return "ManifestWorkReplicaSets change their template, one alone and many at once";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 200L);
    sizes.put("selected", 50L);
    sizes.put("rollouts", 100L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var line = run.adminLine();
    if (line.call(Ask.get(SETS)).status() == 404) {
      throw new Plan.Unusable("this hub serves no ManifestWorkReplicaSets");
    }
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      Placements.prepare(run, line);
      line.must(Placements.create("target", run.size("selected"), ""));
      var sets = new Sets(run, fleet);
      var before = run.meter.read(run.hub);
      var count = run.size("rollouts");
      for (var i = 0; i < count; i++) {
        sets.create(line, "s" + i);
      }
      sets.await(count);
      var alone = new Latencies();
      for (var i = 0; i < SINGLES; i++) {
        sets.began();
        sets.change(line, "s" + i % count, i + 1);
        sets.await(1);
        alone.record(sets.nanos());
      }
      run.figures.put("oneP90Seconds", alone.at(90));
      sets.began();
      for (var i = 0; i < count; i++) {
        sets.change(line, "s" + i, 1_000 + i);
      }
      run.progress.during(() -> sets.told.size() + " works reported", () -> sets.await(count));
      run.figures.put("hundredP90Seconds", sets.each.at(90));
      run.figures.put("hundredAllSeconds", sets.nanos() / 1e9);
      run.used(before, run.meter.read(run.hub));
    }
  }

  /// The replica sets, and which of their works have been reported since the last change.
  private static final class Sets implements Fleet.Listener {
    private final Run run;
    private final Works works;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile Latencies each = new Latencies();
    private volatile long began;

    Sets(Run run, Fleet fleet) {
      this.run = run;
      this.works = new Works(run, false);
      fleet.listen(this);
    }

    void began() {
      told.clear();
      each = new Latencies();
      began = run.host.nanoTime();
    }

    long nanos() {
      return run.host.nanoTime() - began;
    }

    void create(Line line, String name) {
      var text =
          ("{\"apiVersion\":\"work.open-cluster-management.io/v1alpha1\","
                  + "\"kind\":\"ManifestWorkReplicaSet\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},"
                  + "\"spec\":{\"placementRefs\":[{\"name\":\"target\",\"rolloutStrategy\":{\"type\":\"All\"}}],"
                  + "\"manifestWorkTemplate\":%s}}")
              .formatted(name, Run.NAMESPACE, works.spec(name, 0));
      line.must(Ask.post(SETS, text.getBytes(StandardCharsets.UTF_8)));
    }

    void change(Line line, String name, long turn) {
      line.send(
          Ask.merge(
              SETS + "/" + name,
              "{\"spec\":{\"manifestWorkTemplate\":" + works.spec(name, turn) + "}}"),
          this::require);
    }

    private void require(Answer answer) {
      if (!answer.good()) {
        run.progress.phase("  a change was refused: " + answer);
      }
    }

    void await(int sets) {
      var goal = sets * run.size("selected");
      var until = run.host.nanoTime() + PATIENCE.toNanos();
      while (told.size() < goal) {
        if (run.host.nanoTime() > until) {
          throw new IllegalStateException(
              told.size() + " of " + goal + " works were reported within " + PATIENCE);
        }
        run.host.sleep(Duration.ofMillis(2));
      }
      if (sets > 1) {
        run.progress.phase("all works are reported");
      }
    }

    @Override
    public void applied(String cluster, String work, long generation) {
      if (told.add(cluster + "/" + work)) {
        each.record(nanos());
      }
    }
  }
}
