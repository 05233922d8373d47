package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Works change at a fixed rate; measured is the way from a change of the spec to the status that
/// answers it.
final class FeedbackScenario implements Scenario {
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final String WORK = "feedback";

  @Override
  public String name() {
    return "feedback";
  }

  @Override
  public String purpose() {
    return "works change at a fixed rate, and their statuses come back";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 500L);
    sizes.put("rate", 100L);
    sizes.put("seconds", 10L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      var listener = new Returns(run);
      fleet.listen(listener);
      var works = new Works(run, false);
      var lines = run.adminLines(4);
      var made = new AtomicLong();
      Flood.all(
          run.host,
          lines,
          _ -> {
            var number = (int) made.getAndIncrement();
            return number < fleet.size() ? works.create(Fleets.cluster(number), WORK) : null;
          });
      listener.awaitAll(fleet.size());
      var turns = new AtomicLong();
      var pace =
          new Pace(
              run,
              lines,
              run.size("rate"),
              number -> {
                var cluster = Fleets.cluster((int) (number % fleet.size()));
                listener.sent(cluster);
                return works.change(cluster, WORK, turns.incrementAndGet());
              });
      run.host.sleep(WARM_UP);
      var latencies = listener.restart();
      var before = run.meter.read(run.hub);
      run.progress.during(
          () -> latencies.count() + " back, p99 %.1f ms".formatted(latencies.at(99) * 1e3),
          () -> run.host.sleep(Duration.ofSeconds(run.size("seconds"))));
      var after = run.meter.read(run.hub);
      pace.stop();
      if (pace.failed() > 0) {
        throw new IllegalStateException(pace.failed() + " changes were refused");
      }
      var wall = (after.nanos() - before.nanos()) / 1e9;
      run.figures.put("changesPerSecond", latencies.count() / wall);
      run.figures.putPercentiles("", latencies);
      run.figures.put(
          "hubCpuSecondsPerChange",
          (after.cpuSeconds() - before.cpuSeconds()) / Math.max(1, latencies.count()));
      run.used(before, after);
    }
  }

  /// When each cluster's work was last changed, and how long the answers took.
  private static final class Returns implements Fleet.Listener {
    private final Run run;
    private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
    private final AtomicLong all = new AtomicLong();
    private volatile Latencies latencies = new Latencies();

    Returns(Run run) {
      this.run = run;
    }

    void sent(String cluster) {
      sentAt.put(cluster, run.host.nanoTime());
    }

    Latencies restart() {
      var fresh = new Latencies();
      latencies = fresh;
      return fresh;
    }

    @Override
    public void applied(String cluster, String work, long generation) {
      all.incrementAndGet();
      var at = sentAt.remove(cluster);
      if (at != null) {
        latencies.record(run.host.nanoTime() - at);
      }
    }

    void awaitAll(int count) {
      var until = run.host.nanoTime() + Duration.ofMinutes(2).toNanos();
      while (all.get() < count) {
        if (run.host.nanoTime() > until) {
          throw new IllegalStateException(all.get() + " of " + count + " works reported");
        }
        run.host.sleep(Duration.ofMillis(10));
      }
    }
  }
}
