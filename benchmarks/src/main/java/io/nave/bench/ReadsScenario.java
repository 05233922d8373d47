package io.nave.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Single objects read at a fixed rate.
final class ReadsScenario implements Scenario {
  private static final Duration WARM_UP = Duration.ofSeconds(4);

  @Override
  public String name() {
    return "reads";
  }

  @Override
  public String purpose() {
    return "gets of 1 KB objects at a fixed rate";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("rate", 5_000L);
    sizes.put("parallel", 64L);
    sizes.put("objects", 1_000L);
    sizes.put("seconds", 10L);
    sizes.put("bytes", 1024L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var lines = run.adminLines(run.size("parallel"));
    var maps = new ConfigMaps(Run.NAMESPACE, run.size("bytes"), run.random);
    run.namespace(run.adminLine(), Run.NAMESPACE);
    var created = new AtomicLong();
    var objects = run.size("objects");
    Flood.all(
        run.host,
        lines,
        _ -> {
          var number = created.getAndIncrement();
          return number < objects ? maps.create("r" + number) : null;
        });
    run.progress.phase(objects + " objects; " + run.size("rate") + " gets/s");
    var pace =
        new Pace(run, lines, run.size("rate"), _ -> maps.get("r" + run.random.nextInt(objects)));
    run.host.sleep(WARM_UP);
    measure(run, pace);
  }

  private static void measure(Run run, Pace pace) {
    var latencies = pace.restart();
    var before = run.meter.read(run.hub);
    var answered = pace.answered();
    run.progress.during(
        () -> "p99 %.1f ms".formatted(latencies.at(99) * 1e3),
        () -> run.host.sleep(Duration.ofSeconds(run.size("seconds"))));
    var after = run.meter.read(run.hub);
    var done = pace.answered() - answered;
    pace.stop();
    if (pace.failed() > 0) {
      throw new IllegalStateException(pace.failed() + " gets failed");
    }
    var wall = (after.nanos() - before.nanos()) / 1e9;
    run.figures.put("operationsPerSecond", done / wall);
    run.figures.put("hubCpuSecondsPerRead", (after.cpuSeconds() - before.cpuSeconds()) / done);
    run.figures.putPercentiles("", latencies);
    run.used(before, after);
  }
}
