package io.nave.simulation;

import io.nave.runtime.sim.SimFailure;
import io.nave.runtime.sim.SimWorld;
import java.util.function.Consumer;

/// Runs a story in a world of its own; what fails names the seed and what happened last.
final class Telling {
  private static final int TAIL_CHARS = 5_000;

  private Telling() {}

  /// @return the event log
  static String of(long seed, Consumer<SimWorld> story) {
    try (var world = new SimWorld(seed)) {
      try {
        story.accept(world);
      } catch (SimFailure e) {
        throw e; // says all of it itself
      } catch (RuntimeException | AssertionError e) {
        var log = world.eventLog();
        var tail = log.substring(Math.max(0, log.length() - TAIL_CHARS));
        throw new AssertionError(e + "\nseed " + seed + ", last events:\n" + tail, e);
      }
      return world.eventLog();
    }
  }
}
