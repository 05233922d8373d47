package io.nave.bench;

import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Applications of the Open Application Model, each placed on one cluster; then the hub restarts
/// and looks at every one of them once.
final class AppsScenario implements Scenario {
  private static final double QUIET_CORES = 0.05;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "apps";
  }

  @Override
  public String purpose() {
    return "applications created, and all of them looked at after a restart";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("applications", 1_000L);
    sizes.put("clusters", 10L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      var line = run.adminLine();
      Placements.prepare(run, line);
      line.must(Placements.create("one", 1, ""));
      var count = run.size("applications");
      var before = run.meter.read(run.hub);
      RestartScenario.awaiting(run, fleet, count, AppsScenario::application);
      var after = run.meter.read(run.hub);
      run.figures.put("applications", count);
      run.figures.put("createdPerSecond", count / ((after.nanos() - before.nanos()) / 1e9));
      run.figures.put(
          "hubCpuSecondsPerApplication", (after.cpuSeconds() - before.cpuSeconds()) / count);
      run.used(before, after);
      pass(run, line);
    }
  }

  /// After a restart everything is looked at once; that is over when the hub has nothing to do.
  private static void pass(Run run, Line line) {
    var revision = RestartScenario.revision(line);
    run.hub.killAndRestart();
    var began = run.host.nanoTime();
    var quietSince = awaitQuiet(run);
    var again = run.adminLine();
    run.figures.put("fullPassSeconds", (quietSince - began) / 1e9);
    run.figures.put("writesInPass", RestartScenario.revision(again) - revision);
    run.figures.put("hubResidentAfterPassBytes", run.meter.read(run.hub).residentBytes());
  }

  /// @return when the hub became quiet
  private static long awaitQuiet(Run run) {
    var until = run.host.nanoTime() + PATIENCE.toNanos();
    var before = run.meter.read(run.hub);
    var quiet = 0;
    while (quiet < 3 && run.host.nanoTime() < until) {
      run.host.sleep(Duration.ofSeconds(1));
      var now = run.meter.read(run.hub);
      var cores = (now.cpuSeconds() - before.cpuSeconds()) / ((now.nanos() - before.nanos()) / 1e9);
      quiet = cores < QUIET_CORES ? quiet + 1 : 0;
      before = now;
    }
    return before.nanos() - Duration.ofSeconds(3).toNanos();
  }

  private static Ask application(int number) {
    var text =
        ("{\"apiVersion\":\"core.oam.dev/v1beta1\",\"kind\":\"Application\","
                + "\"metadata\":{\"name\":\"a%d\",\"namespace\":\"%s\"},\"spec\":{\"components\":["
                + "{\"name\":\"web%d\",\"type\":\"webservice\",\"properties\":{\"image\":\"nginx:1.27\"}}],"
                + "\"policies\":[{\"name\":\"where\",\"type\":\"topology\","
                + "\"properties\":{\"placement\":\"one\"}}]}}")
            .formatted(number, Run.NAMESPACE, number);
    return Ask.post(
        "/apis/core.oam.dev/v1beta1/namespaces/" + Run.NAMESPACE + "/applications",
        text.getBytes(StandardCharsets.UTF_8));
  }
}
