package io.nave.agent.work;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/// What an agent counts. The names are those of the Prometheus page.
final class AgentMetrics {
  private final MeterRegistry registry;
  private final Counter succeeded;
  private final Counter failed;
  private final Counter repaired;

  AgentMetrics(MeterRegistry registry) {
    this.registry = registry;
    succeeded = manifests("success");
    failed = manifests("failure");
    repaired =
        Counter.builder("agent_drift_repaired_total")
            .description("Objects put back after someone else changed or removed them")
            .register(registry);
  }

  /// Registers the gauges that are read from the running agent, in place of those of an agent that
  /// ran in this process before.
  public void watch(BooleanSupplier hubConnected, IntSupplier worksApplied) {
    for (var name : List.of("agent_hub_connected", "agent_works_applied")) {
      registry.find(name).meters().forEach(registry::remove);
    }
    Gauge.builder("agent_hub_connected", hubConnected, c -> c.getAsBoolean() ? 1 : 0)
        .description("Whether the hub answered the last call, 0 or 1")
        .strongReference(true)
        .register(registry);
    Gauge.builder("agent_works_applied", worksApplied, IntSupplier::getAsInt)
        .description("Works whose manifests are all applied")
        .strongReference(true)
        .register(registry);
  }

  /// A manifest was written to the cluster.
  public void applied() {
    succeeded.increment();
  }

  /// The cluster refused a manifest.
  public void failed() {
    failed.increment();
  }

  /// An object had drifted and was put back.
  public void repaired() {
    repaired.increment();
  }

  private Counter manifests(String result) {
    return Counter.builder("agent_manifests_applied_total")
        .description("Manifests written to the cluster, by result")
        .tag("result", result)
        .register(registry);
  }
}
