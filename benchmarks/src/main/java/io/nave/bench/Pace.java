package io.nave.bench;

import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/// Requests at a fixed rate, whether or not the hub keeps up. Each is measured from when it was
/// due, so that a stall counts for all who would have come meanwhile. Used by one task.
final class Pace {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final long IN_FLIGHT_MAX = 20_000;

  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile Latencies latencies = new Latencies();
  private volatile boolean stopped;

  /// Starts at once.
  ///
  /// @param source the n-th request; called on an event loop
  Pace(Run run, List<Line> lines, long perSecond, LongFunction<Ask> source) {
    var host = run.host;
    var began = host.nanoTime();
    run.wire.every(
        TICK,
        () -> {
          var due = (long) ((host.nanoTime() - began) / 1e9 * perSecond);
          while (!stopped && sent.get() < due && sent.get() - done() < IN_FLIGHT_MAX) {
            var number = sent.getAndIncrement();
            var dueAt = began + (long) (number * 1e9 / perSecond);
            lines
                .get((int) (number % lines.size()))
                .send(
                    source.apply(number),
                    answer -> {
                      (answer.good() ? answered : failed).incrementAndGet();
                      latencies.record(host.nanoTime() - dueAt);
                    });
          }
        });
  }

  private long done() {
    return answered.get() + failed.get();
  }

  long answered() {
    return answered.get();
  }

  long failed() {
    return failed.get();
  }

  /// What is recorded from here on, alone.
  Latencies restart() {
    var fresh = new Latencies();
    latencies = fresh;
    return fresh;
  }

  void stop() {
    stopped = true;
  }
}
