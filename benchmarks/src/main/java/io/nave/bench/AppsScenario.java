package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Applications of the Open Application Model, each with one component and one trait on two
/// clusters; then some are edited, one after the other, and the hub restarts and looks at every one
/// of them once.
final class AppsScenario implements Scenario {
  private static final double QUIET_CORES = 0.05;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int CLUSTERS_EACH = 2;
  private static final String COLLECTION =
      "/apis/core.oam.dev/v1beta1/namespaces/" + Run.NAMESPACE + "/applications";

  @Override
  public String name() {
    return "apps";
  }

  @Override
  public String purpose() {
    return "applications created, edited, and all of them looked at after a restart";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("applications", 1_000L);
    sizes.put("clusters", 10L);
    sizes.put("edits", 200L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      var line = run.adminLine();
      Placements.prepare(run, line);
      var count = run.size("applications");
      for (var number = 0; number < placements(run); number++) {
        line.must(Placements.create("two-" + number, CLUSTERS_EACH, ""));
      }
      var before = run.meter.read(run.hub);
      RestartScenario.awaiting(
          run,
          fleet,
          count,
          CLUSTERS_EACH * count,
          number -> application(run, number, "nginx:1.27"));
      var after = run.meter.read(run.hub);
      run.figures.put("applications", count);
      run.figures.put("createdPerSecond", count / ((after.nanos() - before.nanos()) / 1e9));
      run.figures.put(
          "hubCpuSecondsPerApplication", (after.cpuSeconds() - before.cpuSeconds()) / count);
      run.used(before, after);
      var fresh = run.adminLine(); // the hub closes a line that was idle for long
      edit(run, fresh);
      pass(run, fleet, fresh);
    }
  }

  /// One edit after the other; measured is the way from its answer to a work that says it.
  private static void edit(Run run, Line line) {
    var latencies = new Latencies();
    for (var turn = 0; turn < run.size("edits"); turn++) {
      var number = turn % run.size("applications");
      var image = "nginx:edit-" + turn;
      line.must(
          Ask.merge(COLLECTION + "/a" + number, "{\"spec\":" + spec(run, number, image) + "}"));
      var began = run.host.nanoTime();
      awaitWork(run, line, number, image);
      latencies.record(run.host.nanoTime() - began);
    }
    run.figures.put("edits", latencies.count());
    run.figures.putPercentiles("editToWork", latencies);
  }

  private static void awaitWork(Run run, Line line, int number, String image) {
    var until = run.host.nanoTime() + PATIENCE.toNanos();
    var cluster = clusterOf(line, number);
    var work = Works.collection(cluster) + "/app-" + Run.NAMESPACE + ".a" + number;
    while (!new String(line.must(Ask.get(work)).body(), StandardCharsets.UTF_8).contains(image)) {
      if (run.host.nanoTime() > until) {
        throw new IllegalStateException("the edit of a" + number + " never reached its work");
      }
    }
  }

  /// One of the two clusters of an application.
  private static String clusterOf(Line line, int number) {
    var application = line.must(Ask.get(COLLECTION + "/a" + number)).json();
    return application.path("status").path("services").path(0).path("cluster").asString("");
  }

  /// After a restart everything is looked at once; that is over when the hub has nothing to do.
  private static void pass(Run run, Fleet fleet, Line line) {
    awaitQuiet(run); // what the last edits still owe is not a write of the pass
    var renewals = fleet.renewals();
    var revision = RestartScenario.revision(line);
    run.hub.killAndRestart();
    var began = run.host.nanoTime();
    var quietSince = awaitQuiet(run);
    var again = run.adminLine();
    run.figures.put("fullPassSeconds", (quietSince - began) / 1e9);
    run.figures.put("writesInPass", RestartScenario.revision(again) - revision);
    run.figures.put("renewalsInPass", fleet.renewals() - renewals);
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

  /// As many as give each cluster its share of the applications, by the scheduler's balance.
  private static int placements(Run run) {
    return Math.max(1, run.size("clusters") / CLUSTERS_EACH);
  }

  private static Ask application(Run run, int number, String image) {
    var text =
        ("{\"apiVersion\":\"core.oam.dev/v1beta1\",\"kind\":\"Application\","
                + "\"metadata\":{\"name\":\"a%d\",\"namespace\":\"%s\"},\"spec\":%s}")
            .formatted(number, Run.NAMESPACE, spec(run, number, image));
    return Ask.post(COLLECTION, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String spec(Run run, int number, String image) {
    return ("{\"components\":[{\"name\":\"web%d\",\"type\":\"webservice\","
            + "\"properties\":{\"image\":\"%s\"},"
            + "\"traits\":[{\"type\":\"scaler\",\"properties\":{\"replicas\":0}}]}],"
            + "\"policies\":[{\"name\":\"where\",\"type\":\"topology\","
            + "\"properties\":{\"placement\":\"two-%d\"}}]}")
        .formatted(number, image, number % placements(run));
  }
}
