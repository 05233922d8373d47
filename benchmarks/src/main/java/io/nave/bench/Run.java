package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import io.nave.bench.wire.Wire;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What a scenario works with. Used by one task.
final class Run implements AutoCloseable {
  /// Where scenarios put objects of their own.
  static final String NAMESPACE = "bench";

  final Host host;
  final Plan plan;
  final HubUnderTest hub;
  final Wire wire;
  final Meter meter;
  final Progress progress;
  final Figures figures = new Figures();
  final Map<String, Long> sizes;
  final RandomGenerator random;

  Run(Host host, Plan plan, Scenario scenario, HubUnderTest hub, Progress progress) {
    this.host = host;
    this.plan = plan;
    this.hub = hub;
    this.progress = progress;
    this.meter = new Meter(host);
    this.sizes = sizes(plan, scenario.name(), scenario.sizes());
    this.random = seeded(plan.seed());
    this.wire = Wire.open(host, hub.administrator(), plan.loops());
  }

  /// The sizes that hold: the scenario's, and over them those given.
  ///
  /// @throws Plan.Unusable when one was given that the scenario does not have
  static Map<String, Long> sizes(Plan plan, String scenario, Map<String, Long> own) {
    var all = new LinkedHashMap<>(own);
    plan.sizes()
        .forEach((name, value) -> {
          if (all.replace(name, value) == null) {
            throw new Plan.Unusable(
                "scenario %s has no --%s; it has %s".formatted(scenario, name, own.keySet()));
          }
          if (value < 0) {
            throw new Plan.Unusable("--" + name + ": must not be negative, was " + value);
          }
        });
    return all;
  }

  /// SplitMix64: the same draws on every machine.
  static RandomGenerator seeded(long seed) {
    var state = new long[] {seed};
    return () -> {
      state[0] += 0x9e3779b97f4a7c15L;
      var z = state[0];
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    };
  }

  int size(String name) {
    return Math.toIntExact(sizes.getOrDefault(name, 0L));
  }

  Kubeconfig.Login administrator() {
    return hub.administrator().login();
  }

  Line adminLine() {
    return wire.connect(administrator(), Wire.Version.HTTP_2);
  }

  List<Line> adminLines(int count) {
    return wire.connect(administrator(), plan.version(), count);
  }

  /// Creates a namespace unless it is there.
  void namespace(Line line, String name) {
    var body = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    body.putObject("metadata").put("name", name);
    var answer = line.call(Ask.post("/api/v1/namespaces", Json.encode(body)));
    if (!answer.good() && answer.status() != 409) {
      throw new IllegalStateException("namespace " + name + " was answered " + answer);
    }
  }

  /// Leaves what the hub and the driver used between two readings.
  void used(Meter.Reading before, Meter.Reading after) {
    var wall = (after.nanos() - before.nanos()) / 1e9;
    figures.put("wallSeconds", wall);
    figures.put("hubCpuSeconds", after.cpuSeconds() - before.cpuSeconds());
    figures.put("hubCpuCores", (after.cpuSeconds() - before.cpuSeconds()) / wall);
    figures.put("driverCpuCores", (after.driverCpuSeconds() - before.driverCpuSeconds()) / wall);
    figures.put("hubResidentBytes", after.residentBytes());
    figures.put("hubPeakBytes", after.peakBytes());
    figures.put("hubWroteBytes", after.wroteBytes() - before.wroteBytes());
    figures.put("diskBytes", hub.diskBytes());
  }

  @Override
  public void close() {
    wire.close();
  }
}
