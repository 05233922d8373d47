package io.nave.bench;

import io.nave.bench.Rollouts.Delivery;
import io.nave.bench.fleet.Fleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The shape of the load test that KubeFleet publishes: one placement on 100 of 1,000 clusters,
/// 1,000 such placements, a restart, rollouts in three stages, alone and a hundred at once, and a
/// new placement meanwhile.
final class KubefleetScenario implements Scenario {
  private static final int ROLLOUTS = 100;
  private static final int SINGLES = 5;

  @Override
  public String name() {
    return "kubefleet";
  }

  @Override
  public String purpose() {
    return "KubeFleet's load test: placements, restart, staged rollouts";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 1_000L);
    sizes.put("selected", 100L);
    sizes.put("placements", 1_000L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      Placements.prepare(run, run.adminLine());
      var deliveries = place(run, fleet);
      restart(run, fleet);
      var rollouts = new Rollouts(run, fleet);
      // Works are known by their deliveries; those of the restarted hub are the same.
      rollouts.follow();
      roll(run, rollouts, deliveries);
      var now = run.meter.read(run.hub);
      run.figures.put("hubResidentBytes", now.residentBytes());
      run.figures.put("hubPeakBytes", now.peakBytes());
      run.figures.put("diskBytes", run.hub.diskBytes());
    }
  }

  private static int place(Run run, Fleet fleet) {
    var rollouts = new Rollouts(run, fleet);
    rollouts.follow();
    var singles = new Latencies();
    for (var i = 0; i < SINGLES; i++) {
      var one = rollouts.place("single" + i, run.size("selected"), singles);
      rollouts.await(one::delivered);
    }
    run.figures.put("placementP90Seconds", singles.at(90));
    run.progress.phase("one placement: p90 %.3f s".formatted(singles.at(90)));
    List<Delivery> all = new ArrayList<>();
    var many = new Latencies();
    var before = run.meter.read(run.hub);
    run.progress.during(
        () -> all.size() + " placements, " + many.count() + " works reported",
        () -> {
          for (var i = 0; i < run.size("placements"); i++) {
            all.add(rollouts.place("m" + i, run.size("selected"), many));
            var oldest = all.get(Math.max(0, all.size() - 4)); // four under way
            rollouts.await(oldest::delivered);
          }
          rollouts.await(() -> all.stream().allMatch(Delivery::delivered));
        });
    var after = run.meter.read(run.hub);
    run.figures.put("works", many.count());
    run.figures.put("worksPerSecond", many.count() / ((after.nanos() - before.nanos()) / 1e9));
    run.figures.put(
        "hubCpuSecondsPerWork",
        (after.cpuSeconds() - before.cpuSeconds()) / Math.max(1, many.count()));
    return all.size();
  }

  private static void restart(Run run, Fleet fleet) {
    run.progress.phase("killing the hub");
    var began = run.host.nanoTime();
    run.figures.put("secondsToServe", run.hub.killAndRestart());
    Fleets.awaitSynced(run, fleet);
    run.figures.put("restartSyncSeconds", (run.host.nanoTime() - began) / 1e9);
  }

  /// Rollouts are of placements made for them: 20, 30 and 50 of a hundred clusters.
  private static void roll(Run run, Rollouts rollouts, int placements) {
    var selected = run.size("selected");
    var stages = new int[] {selected / 5, selected * 3 / 10, selected};
    var alone = new Latencies();
    var targets = new ArrayList<Delivery>();
    for (var i = 0; i < Math.min(ROLLOUTS, placements); i++) {
      targets.add(rollouts.place("r" + i, selected, new Latencies()));
    }
    rollouts.await(() -> targets.stream().allMatch(Delivery::delivered));
    for (var i = 0; i < SINGLES; i++) {
      var one = targets.get(i % targets.size());
      rollouts.roll(one, stages, alone);
      rollouts.await(() -> !one.rolling());
    }
    run.figures.put("rolloutP90Seconds", alone.at(90));
    var together = new Latencies();
    var meanwhile = new Latencies();
    targets.forEach(each -> rollouts.roll(each, stages, together));
    var fresh = rollouts.place("meanwhile", selected, meanwhile);
    run.progress.during(
        () -> together.count() + " rollouts are through",
        () ->
            rollouts.await(
                () -> fresh.delivered() && targets.stream().noneMatch(Delivery::rolling)));
    run.figures.put("hundredRolloutsP90Seconds", together.at(90));
    run.figures.put("placementMeanwhileP90Seconds", meanwhile.at(90));
  }
}
