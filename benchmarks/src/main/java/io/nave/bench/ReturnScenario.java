package io.nave.bench;

import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// The hub dies and comes back under its agents, who all return at once, while a person uses it.
final class ReturnScenario implements Scenario {
  private static final Duration USER_ROUND = Duration.ofMillis(50);

  @Override
  public String name() {
    return "return";
  }

  @Override
  public String purpose() {
    return "the hub restarts under its agents, and all come back";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 500L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      run.progress.phase("killing the hub");
      var began = run.host.nanoTime();
      var ready = run.hub.killAndRestart();
      run.progress.phase("it serves again after %.2f s".formatted(ready));
      var before = run.meter.read(run.hub);
      var user = new Latencies();
      var over = new AtomicBoolean();
      var task = use(run, user, over);
      Fleets.awaitSynced(run, fleet);
      var after = run.meter.read(run.hub);
      over.set(true);
      task.join(Duration.ofMinutes(1));
      run.figures.put("clusters", fleet.size());
      run.figures.put("secondsToServe", ready);
      run.figures.put("secondsToAllReady", (after.nanos() - began) / 1e9);
      run.figures.put("userP50Seconds", user.at(50));
      run.figures.put("userP99Seconds", user.at(99));
      run.figures.put("hubCpuSecondsPerReturn", after.cpuSeconds() / Math.max(1, fleet.size()));
      run.used(before, after);
    }
  }

  /// A person who looks at one cluster after the other; each look is one request.
  private static Task use(Run run, Latencies latencies, AtomicBoolean over) {
    return run.host.start(
        "user",
        () -> {
          var line = run.adminLine();
          while (!over.get()) {
            look(run, line, latencies);
            run.host.sleep(USER_ROUND);
          }
        });
  }

  private static void look(Run run, Line line, Latencies latencies) {
    var began = run.host.nanoTime();
    line.must(
        Ask.get(
            "/apis/cluster.open-cluster-management.io/v1/managedclusters/" + Fleets.cluster(0)));
    latencies.record(run.host.nanoTime() - began);
  }
}
