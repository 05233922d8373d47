package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.wire.Ask;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// Runs one scenario against one hub.
public final class Bench {
  private Bench() {}

  /// Runs a plan, which takes as long as its sizes say.
  ///
  /// @param out where progress is told
  /// @return the result: `{"scenario", "seed", "machine", "hub", "size", "figures"}`
  /// @throws Plan.Unusable when the plan cannot be run
  /// @throws IllegalStateException when the hub did not do what the scenario needs
  public static ObjectNode run(Host host, Plan plan, PrintStream out) {
    if (plan.scenario().equals(Projection.NAME)) {
      return Projection.run(host, plan, new Progress(host, out));
    }
    var scenario = Scenarios.named(plan.scenario());
    var sizes = Run.sizes(plan, scenario.name(), scenario.sizes());
    var progress = new Progress(host, out);
    var result = Json.object().put("scenario", scenario.name()).put("seed", plan.seed());
    result.set("machine", Machine.describe(host));
    progress.phase("scenario " + scenario.name() + ": " + scenario.purpose() + " " + sizes);
    try (var hub = open(host, plan);
        var run = new Run(host, plan, scenario, hub, progress)) {
      if (hub.secondsToReady() > 0) {
        progress.phase("the hub was ready after %.2f s".formatted(hub.secondsToReady()));
        run.figures.put("hubReadySeconds", hub.secondsToReady());
        run.figures.put("hubFreshBytes", run.meter.read(hub).residentBytes());
      }
      result.set("hub", about(run));
      var size = result.putObject("size");
      sizes.forEach(size::put);
      size.put("http", plan.version().toString());
      scenario.run(run);
      result.set("figures", run.figures.json());
    }
    return result;
  }

  private static HubUnderTest open(Host host, Plan plan) {
    var file = plan.kubeconfig();
    if (file == null) {
      return OwnHub.start(host, plan);
    }
    var text =
        host.disk()
            .read(file)
            .orElseThrow(() -> new Plan.Unusable("--hub: there is no file " + file));
    return new GivenHub(Kubeconfig.read(new String(text, StandardCharsets.UTF_8)), plan.pids());
  }

  /// What the hub says of itself: the part of its version after the plus is whose it is.
  private static ObjectNode about(Run run) {
    var line = run.adminLine();
    var version = line.must(Ask.get("/version")).json().path("gitVersion").asString("");
    line.close();
    var plus = version.indexOf('+');
    return Json.object()
        .put("name", plus < 0 ? "kubernetes" : version.substring(plus + 1))
        .put("version", version);
  }
}
