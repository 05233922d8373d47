package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/// kill -9 with many works, and with other objects beside them: until the hub serves, until every
/// agent is in sync, and what it wrote although nothing had changed.
final class RestartScenario implements Scenario {
  private static final int PARALLEL = 64;
  private static final int OBJECT_BYTES = 1024;

  /// How long a fleet may report nothing before it counts as stuck.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String purpose() {
    return "kill -9 with many works, to serving and to all in sync";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("works", 10_000L);
    sizes.put("clusters", 100L);
    sizes.put("objects", 0L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    try (var fleet = Fleets.joined(run, run.size("clusters"))) {
      fill(run, fleet, run.size("works"), new Works(run, true));
      objects(run, run.size("objects"));
      var line = run.adminLine();
      var full = run.hub.diskBytes();
      var revision = revision(line);
      var renewals = fleet.renewals();
      var began = run.host.nanoTime();
      run.progress.phase("killing the hub");
      var ready = run.hub.killAndRestart();
      Fleets.awaitSynced(run, fleet);
      var synced = (run.host.nanoTime() - began) / 1e9;
      run.progress.phase("serving after %.2f s, all in sync after %.2f s".formatted(ready, synced));
      var before = run.meter.read(run.hub);
      run.host.sleep(Duration.ofSeconds(10));
      var after = run.meter.read(run.hub);
      var again = revision(run.adminLine());
      run.figures.put("works", run.size("works"));
      run.figures.put("clusters", fleet.size());
      run.figures.put("objects", run.size("objects"));
      run.figures.put("secondsToServe", ready);
      run.figures.put("secondsToSync", synced);
      run.figures.put("writesAfterRestart", again - revision);
      run.figures.put("renewalsAfterRestart", fleet.renewals() - renewals);
      run.used(before, after);
      run.figures.put("diskBytes", full);
    }
  }

  /// Makes ConfigMaps of 1 KB, which no agent sees.
  private static void objects(Run run, int count) {
    var maps = new ConfigMaps(Run.NAMESPACE, OBJECT_BYTES, run.random);
    run.namespace(run.adminLine(), Run.NAMESPACE);
    var made = new AtomicLong();
    run.progress.during(
        () -> Math.min(count, made.get()) + " objects made",
        () ->
            Flood.all(
                run.host,
                run.adminLines(PARALLEL),
                _ -> {
                  var number = made.getAndIncrement();
                  return number < count ? maps.create("o" + number) : null;
                }));
  }

  /// Makes works spread over the fleet, and waits until all are reported.
  static void fill(Run run, Fleet fleet, int count, Works works) {
    awaiting(
        run,
        fleet,
        count,
        count,
        number -> works.create(Fleets.cluster(number % fleet.size()), "w" + number));
  }

  /// Sends so many requests, and waits until the agents have reported so many works.
  static void awaiting(Run run, Fleet fleet, int count, int works, IntFunction<Ask> each) {
    Set<String> reported = ConcurrentHashMap.newKeySet();
    fleet.listen(
        new Fleet.Listener() {
          @Override
          public void applied(String cluster, String work, long generation) {
            reported.add(cluster + "/" + work);
          }
        });
    var made = new AtomicLong();
    run.progress.during(
        () -> Math.min(count, made.get()) + " made, " + reported.size() + " works reported",
        () -> {
          Flood.all(
              run.host,
              run.adminLines(PARALLEL),
              _ -> {
                var number = (int) made.getAndIncrement();
                return number < count ? each.apply(number) : null;
              });
          awaitReported(run, reported, works);
        });
  }

  private static void awaitReported(Run run, Set<String> reported, int works) {
    var seen = reported.size();
    var since = run.host.nanoTime();
    while (reported.size() < works) {
      var now = run.host.nanoTime();
      if (reported.size() > seen) {
        seen = reported.size();
        since = now;
      } else if (now - since > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            seen + " of " + works + " works were reported, and no further one for " + PATIENCE);
      }
      run.host.sleep(Duration.ofMillis(20));
    }
  }

  /// The store's revision, as the list of something that does not change tells it.
  static long revision(Line line) {
    var list = line.must(Ask.get("/api/v1/namespaces?limit=1")).json();
    return Long.parseLong(list.path("metadata").path("resourceVersion").asString("0"));
  }
}
