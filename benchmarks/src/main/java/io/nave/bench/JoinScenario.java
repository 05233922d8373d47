package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import java.util.LinkedHashMap;
import java.util.Map;

/// Clusters join: from an agent's first word to its first status, with handshakes, acceptance,
/// rights and a signed certificate between.
final class JoinScenario implements Scenario {
  @Override
  public String name() {
    return "join";
  }

  @Override
  public String purpose() {
    return "clusters join, from nothing to their first status";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 500L);
    sizes.put("parallel", (long) Fleets.PARALLEL);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var latencies = new Latencies();
    try (var fleet = Fleets.draw(run, run.size("clusters"))) {
      fleet.listen(
          new Fleet.Listener() {
            @Override
            public void joined(String cluster, long nanosSinceStart) {
              latencies.record(nanosSinceStart);
            }
          });
      var before = run.meter.read(run.hub);
      Fleets.join(run, fleet, run.size("parallel"));
      var after = run.meter.read(run.hub);
      var wall = (after.nanos() - before.nanos()) / 1e9;
      run.figures.put("clusters", fleet.size());
      run.figures.put("joinsPerSecond", fleet.size() / wall);
      run.figures.put(
          "hubCpuSecondsPerJoin", (after.cpuSeconds() - before.cpuSeconds()) / fleet.size());
      run.figures.put(
          "driverCpuSecondsPerJoin",
          (after.driverCpuSeconds() - before.driverCpuSeconds()) / fleet.size());
      run.figures.put(
          "hubBytesPerCluster",
          (after.residentBytes() - before.residentBytes()) / (double) fleet.size());
      run.figures.putPercentiles("", latencies);
      run.used(before, after);
    }
  }
}
