package io.nave.bench;

import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Line;
import io.nave.bench.wire.Wire;
import io.nave.runtime.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Many watchers of one kind; one object changes, again and again, and each watcher tells when it
/// heard. Then the same with some watchers that stopped reading.
final class WatchScenario implements Scenario {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WARM_UP_EVENTS = 10;

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public String purpose() {
    return "one change to many watchers, and again with frozen ones among them";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("watchers", 10_000L);
    sizes.put("perline", 100L);
    sizes.put("frozen", 1L);
    sizes.put("events", 20L);
    sizes.put("bytes", 1024L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var line = run.adminLine();
    run.namespace(line, Run.NAMESPACE);
    var maps = new ConfigMaps(Run.NAMESPACE, run.size("bytes"), run.random);
    line.must(maps.create("changing"));
    var watchers = run.size("watchers");
    var crowd = new Crowd(run, watchers);
    var idle = run.meter.read(run.hub);
    run.progress.during(
        () -> crowd.open.get() + " of " + watchers + " watches open",
        () -> crowd.gather(maps, Math.max(1, run.size("perline"))));
    var gathered = run.meter.read(run.hub);
    run.figures.put("watchers", watchers);
    run.figures.put(
        "hubBytesPerWatcher",
        (gathered.residentBytes() - idle.residentBytes()) / Math.max(1, watchers));
    for (var i = 0; i < WARM_UP_EVENTS; i++) {
      crowd.change(line, maps);
    }
    var before = run.meter.read(run.hub);
    run.figures.putPercentiles("", crowd.changes(line, maps, run.size("events")));
    var after = run.meter.read(run.hub);
    var told = (double) run.size("events") * watchers;
    run.figures.put("hubCpuSecondsPerEvent", (after.cpuSeconds() - before.cpuSeconds()) / told);
    if (run.size("frozen") > 0) {
      try (var narrow = Wire.openNarrow(run.host, run.hub.administrator())) {
        crowd.freeze(narrow, maps, run.size("frozen"));
        crowd.change(line, maps);
        crowd.change(line, maps);
        var frozen = crowd.changes(line, maps, run.size("events"));
        run.figures.putPercentiles("frozen", frozen);
      }
    }
    run.used(before, after);
  }

  /// The watchers, and the change under way.
  private static final class Crowd {
    private final Run run;
    private final int watchers;
    private final Mailbox<String> ended;
    private final Mailbox<Boolean> allHeard;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicLong turn = new AtomicLong();
    private volatile long changedAt;
    private volatile Latencies latencies = new Latencies();

    Crowd(Run run, int watchers) {
      this.run = run;
      this.watchers = watchers;
      this.ended = run.host.mailbox(1);
      this.allHeard = run.host.mailbox(1);
    }

    /// Opens the watches, each from the present state on, and waits until all are open: when each
    /// has been told the one object that there is.
    void gather(ConfigMaps maps, int perLine) {
      var watch = maps.watch();
      List<Line> lines = new ArrayList<>();
      for (var i = 0; i < watchers; i++) {
        if (i % perLine == 0) {
          lines.add(run.wire.connect(run.administrator(), run.plan.version()));
        }
        lines.getLast().stream(watch, new Watcher());
        if (i - open.get() > 2_000) {
          run.host.sleep(Duration.ofMillis(20));
        }
      }
      while (open.get() < watchers) {
        run.host.sleep(Duration.ofMillis(10));
        requireNoEnd();
      }
    }

    void freeze(Wire narrow, ConfigMaps maps, int count) {
      var watch = maps.watch();
      for (var i = 0; i < count; i++) {
        var line = narrow.connect(run.administrator(), Wire.Version.HTTP_2);
        line.stream(watch, new Deaf()).freeze();
      }
    }

    Latencies changes(Line line, ConfigMaps maps, int count) {
      var fresh = new Latencies();
      latencies = fresh;
      for (var i = 0; i < count; i++) {
        change(line, maps);
        run.progress.phase(
            "  event %d: all told, p99 so far %.0f ms".formatted(i + 1, fresh.at(99) * 1e3));
        run.host.sleep(Duration.ofMillis(100));
      }
      return fresh;
    }

    /// One change, told to all.
    void change(Line line, ConfigMaps maps) {
      heard.set(0);
      changedAt = run.host.nanoTime();
      line.must(maps.put("changing", turn.incrementAndGet()));
      if (allHeard.poll(PATIENCE) == null) {
        requireNoEnd();
        throw new IllegalStateException(
            "after %s only %d of %d watchers had heard".formatted(PATIENCE, heard.get(), watchers));
      }
    }

    private void requireNoEnd() {
      var why = ended.poll(Duration.ZERO);
      if (why != null) {
        throw new IllegalStateException("a watch ended: " + why);
      }
    }

    /// Counts lines; the first is the object as it was.
    private final class Watcher implements Line.Reader {
      private boolean began; // event loop only

      @Override
      public void bytes(byte[] piece) {
        for (var each : piece) {
          if (each == '\n') {
            told();
          }
        }
      }

      private void told() {
        if (!began) {
          began = true;
          open.incrementAndGet();
          return;
        }
        latencies.record(run.host.nanoTime() - changedAt);
        if (heard.incrementAndGet() == watchers) {
          allHeard.offer(true);
        }
      }

      @Override
      public void ended(Answer last) {
        ended.offer(last.toString());
      }
    }

    private static final class Deaf implements Line.Reader {
      @Override
      public void bytes(byte[] piece) {}

      @Override
      public void ended(Answer last) {}
    }
  }
}
