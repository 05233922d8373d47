package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// A little of everything within a minute, for every build: costs as multiples of [Baseline], with
/// bounds that a change for the worse breaks; and growth, by letting in as many clusters again.
///
/// The bounds are about twice what was measured (`docs/performance.md`), since builds run on busy
/// machines whose compilers have hardly warmed up.
final class SmokeScenario implements Scenario {
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final int PARALLEL = 8;

  /// CPU of a write, a read and a join, in baselines.
  private static final double WRITE_MAX = 400;

  private static final double READ_MAX = 200;
  private static final double JOIN_MAX = 20_000;

  /// The cost of a cluster among twice as many; 15 %, and as much again for noise.
  private static final double GROWTH_MAX = 1.3;

  @Override
  public String name() {
    return "smoke";
  }

  @Override
  public String purpose() {
    return "a little of everything, with bounds, for every build";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 20L);
    sizes.put("seconds", 4L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var unit = Baseline.cpuSeconds(run.host, run.meter, run.hub);
    run.figures.put("baselineCpuSeconds", unit);
    var faults = new ArrayList<String>();
    bounded(run, faults, "writeBaselines", writes(run) / unit, WRITE_MAX);
    bounded(run, faults, "readBaselines", reads(run) / unit, READ_MAX);
    joins(run, unit, faults);
    if (!faults.isEmpty()) {
      throw new Plan.Unusable("smoke: " + String.join("; ", faults) + "; " + run.figures.json());
    }
  }

  private static void bounded(
      Run run, List<String> faults, String figure, double value, double most) {
    run.figures.put(figure, value);
    run.progress.phase("%s %.1f (at most %.1f)".formatted(figure, value, most));
    if (value > most) {
      faults.add("%s is %.1f and may be %.1f".formatted(figure, value, most));
    }
  }

  /// CPU of the hub for one write.
  private static double writes(Run run) {
    var lines = run.adminLines(PARALLEL);
    var maps = new ConfigMaps(Run.NAMESPACE, 1024, run.random);
    run.namespace(lines.getFirst(), Run.NAMESPACE);
    var names = new AtomicLong();
    Flood.all(
        run.host,
        lines,
        _ -> {
          var number = names.getAndIncrement();
          return number < PARALLEL ? maps.create("s" + number) : null;
        });
    var turns = new AtomicLong();
    var flood = Flood.start(run.host, lines, lane -> maps.put("s" + lane, turns.incrementAndGet()));
    return perRequest(run, flood);
  }

  private static double reads(Run run) {
    var maps = new ConfigMaps(Run.NAMESPACE, 1024, run.random);
    var flood = Flood.start(run.host, run.adminLines(PARALLEL), lane -> maps.get("s" + lane));
    return perRequest(run, flood);
  }

  private static double perRequest(Run run, Flood flood) {
    run.host.sleep(WARM_UP);
    var before = run.meter.read(run.hub);
    var answered = flood.answered();
    run.host.sleep(Duration.ofSeconds(run.size("seconds")));
    var after = run.meter.read(run.hub);
    var done = flood.answered() - answered;
    flood.stop();
    flood.requireGood();
    return (after.cpuSeconds() - before.cpuSeconds()) / Math.max(1, done);
  }

  /// One group to warm up, one as large measured, one twice as large measured against it.
  private static void joins(Run run, double unit, List<String> faults) {
    var few = run.size("clusters");
    try (var fleet = Fleets.draw(run, 4 * few)) {
      Fleets.accept(run);
      fleet.join(PARALLEL, few, Duration.ofMinutes(3));
      var first = group(run, fleet, 2 * few);
      var second = group(run, fleet, 4 * few);
      bounded(run, faults, "joinBaselines", second.cpuSeconds() / unit, JOIN_MAX);
      bounded(run, faults, "cpuGrowth", second.cpuSeconds() / first.cpuSeconds(), GROWTH_MAX);
      bounded(run, faults, "bytesGrowth", second.storedBytes() / first.storedBytes(), GROWTH_MAX);
    }
  }

  /// What one more cluster cost.
  ///
  /// @param storedBytes objects on the hub, encoded
  private record Cost(double cpuSeconds, double storedBytes) {}

  private static Cost group(Run run, Fleet fleet, int upTo) {
    var from = fleet.joined();
    var stored = Sizes.stored(run);
    var before = run.meter.read(run.hub);
    fleet.join(PARALLEL, upTo, Duration.ofMinutes(3));
    var after = run.meter.read(run.hub);
    var count = (double) upTo - from;
    return new Cost(
        (after.cpuSeconds() - before.cpuSeconds()) / count, (Sizes.stored(run) - stored) / count);
  }
}
