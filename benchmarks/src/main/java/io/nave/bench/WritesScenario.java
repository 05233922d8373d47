package io.nave.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Durable writes: each of many clients replaces ConfigMaps of its own, one after the other. With
/// `--creates 1` they are created instead.
final class WritesScenario implements Scenario {
  private static final int OBJECTS_PER_CLIENT = 16;
  private static final Duration WARM_UP = Duration.ofSeconds(4);

  @Override
  public String name() {
    return "writes";
  }

  @Override
  public String purpose() {
    return "durable writes of 1 KB objects";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("parallel", 64L);
    sizes.put("seconds", 10L);
    sizes.put("bytes", 1024L);
    sizes.put("creates", 0L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var lines = run.adminLines(run.size("parallel"));
    var maps = new ConfigMaps(Run.NAMESPACE, run.size("bytes"), run.random);
    run.namespace(run.adminLine(), Run.NAMESPACE);
    var turns = new long[lines.size()];
    Flood.all(
        run.host,
        lines,
        lane -> turns[lane] < OBJECTS_PER_CLIENT ? maps.create(name(lane, turns[lane]++)) : null);
    run.progress.phase(lines.size() + " clients over " + run.plan.version());
    var creates = run.size("creates") > 0;
    var flood =
        Flood.start(
            run.host,
            lines,
            lane -> {
              var turn = turns[lane]++;
              return creates
                  ? maps.create(name(lane, turn))
                  : maps.put(name(lane, turn % OBJECTS_PER_CLIENT), turn);
            });
    run.host.sleep(WARM_UP);
    measure(run, flood);
    run.figures.put("fsync", 1);
  }

  private static void measure(Run run, Flood flood) {
    var latencies = flood.restart();
    var before = run.meter.read(run.hub);
    var answered = flood.answered();
    var last = new AtomicLong(answered);
    run.progress.during(
        () -> {
          var now = flood.answered();
          return (now - last.getAndSet(now)) + " writes/s";
        },
        () -> run.host.sleep(Duration.ofSeconds(run.size("seconds"))));
    var after = run.meter.read(run.hub);
    var done = flood.answered() - answered;
    flood.stop();
    flood.requireGood();
    var wall = (after.nanos() - before.nanos()) / 1e9;
    run.figures.put("writesPerSecond", done / wall);
    run.figures.put("hubCpuSecondsPerWrite", (after.cpuSeconds() - before.cpuSeconds()) / done);
    run.figures.put(
        "driverCpuSecondsPerWrite", (after.driverCpuSeconds() - before.driverCpuSeconds()) / done);
    run.figures.putPercentiles("", latencies);
    run.used(before, after);
  }

  private static String name(int lane, long number) {
    return "c" + lane + "-" + number;
  }
}
