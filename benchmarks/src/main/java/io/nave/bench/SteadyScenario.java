package io.nave.bench;

import io.nave.bench.fleet.Fleet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Agents that have nothing to do but to be there: watches, and a lease each.
final class SteadyScenario implements Scenario {
  @Override
  public String name() {
    return "steady";
  }

  @Override
  public String purpose() {
    return "agents that are only there: watches and leases";
  }

  @Override
  public Map<String, Long> sizes() {
    var sizes = new LinkedHashMap<String, Long>();
    sizes.put("clusters", 500L);
    sizes.put("seconds", 75L);
    sizes.put("leaseSeconds", 60L);
    return sizes;
  }

  @Override
  public void run(Run run) {
    var fresh = run.meter.read(run.hub);
    try (var fleet = Fleets.draw(run, run.size("clusters"))) {
      fleet.renewEvery(Duration.ofSeconds(run.size("leaseSeconds")));
      Fleets.join(run, fleet, Fleets.PARALLEL);
      Fleets.awaitSynced(run, fleet);
      var leases = new Latencies();
      fleet.listen(
          new Fleet.Listener() {
            @Override
            public void renewed(long nanos) {
              leases.record(nanos);
            }
          });
      var before = run.meter.read(run.hub);
      var renewals = fleet.renewals();
      run.progress.during(
          () -> fleet.connected() + " connected, " + leases.count() + " renewals",
          () -> run.host.sleep(Duration.ofSeconds(run.size("seconds"))));
      var after = run.meter.read(run.hub);
      var renewed = fleet.renewals() - renewals;
      run.figures.put("clusters", fleet.size());
      run.figures.put("renewals", renewed);
      run.figures.put(
          "hubCpuSecondsPerRenewal",
          (after.cpuSeconds() - before.cpuSeconds()) / Math.max(1, renewed));
      run.figures.putPercentiles("renewal", leases);
      run.figures.put(
          "hubBytesPerCluster",
          (after.residentBytes() - fresh.residentBytes()) / (double) fleet.size());
      run.used(before, after);
    }
  }
}
