package io.nave.controllers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// What a controller's loop counts. The names are those of the Prometheus page.
final class ControllerMetrics {
  /// How a pass over a key ended.
  enum Result {
    SETTLED,
    CHECK_AFTER,
    STALLED,
    /// Someone else wrote, or the API could not be reached: tried again, nothing is wrong.
    RETRIED,
    FAILED
  }

  private final Map<Result, Counter> passes = new EnumMap<>(Result.class);
  private final Timer time;

  ControllerMetrics(MeterRegistry registry, String controller, KeyQueue queue) {
    for (var result : Result.values()) {
      passes.put(
          result,
          Counter.builder("hub_controller_reconciles_total")
              .description("Passes over one key, by how they ended")
              .tag("controller", controller)
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    // The Prometheus registry adds `_seconds` to every timer.
    time =
        Timer.builder("hub_controller_reconcile")
            .description("Time of one pass over one key")
            .tag("controller", controller)
            .register(registry);
    // A controller that ran under this name before is no longer asked.
    registry
        .find("hub_controller_queue_depth")
        .tag("controller", controller)
        .meters()
        .forEach(registry::remove);
    Gauge.builder("hub_controller_queue_depth", queue, KeyQueue::depth)
        .description("Keys that are ready and wait for a worker")
        .tag("controller", controller)
        .strongReference(true)
        .register(registry);
  }

  void passed(Result result, Duration took) {
    var counter = passes.get(result);
    if (counter != null) {
      counter.increment();
    }
    time.record(took);
  }
}
