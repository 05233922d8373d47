package io.nave.placement;

import io.nave.api.Key;
import io.nave.placement.schedule.Engine;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The one [Engine] of a hub, behind its lock. Caches tell it what changed, the reconciler asks
/// what is to be written, explanations look in.
final class EngineRoom {
  private final Host host;
  private final Monitor monitor;
  private final Engine engine; // under monitor
  private @Nullable Consumer<Key> wake; // set before anything is told

  EngineRoom(Host host, Engine engine) {
    this.host = host;
    this.monitor = host.monitor();
    this.engine = engine;
  }

  /// Who is told which Placements to look at.
  void wakes(Consumer<Key> listener) {
    wake = listener;
  }

  /// Tells the engine something, then wakes what that touched.
  void tell(Consumer<Engine> what) {
    List<Key> touched;
    try (var _ = monitor.lock()) {
      what.accept(engine);
      touched = engine.drain();
    }
    var listener = wake;
    if (listener != null) {
      touched.forEach(listener);
    }
  }

  /// Brings the engine up to the present, then asks it.
  <T> T ask(Function<Engine, T> question) {
    tell(each -> {
      if (!each.begun()) {
        each.begin(host.now());
      }
      each.tick(host.now());
    });
    return look(question);
  }

  /// Asks the engine as it is.
  <T> T look(Function<Engine, T> question) {
    try (var _ = monitor.lock()) {
      return question.apply(engine);
    }
  }
}
