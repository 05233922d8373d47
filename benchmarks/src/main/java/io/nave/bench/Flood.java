package io.nave.bench;

import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Clients that each send their next request when the last was answered. Used by one task; the
/// requests are made on event loops.
final class Flood {
  /// Makes requests; called on event loops, for one lane from one thread at a time.
  interface Source {
    /// @return null when this lane has no more to do
    @Nullable Ask next(int lane);
  }

  private final Host host;
  private final List<Line> lanes;
  private final Source source;
  private final AtomicInteger running;
  private final Mailbox<Boolean> ended;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
  private volatile Latencies latencies = new Latencies();
  private volatile boolean stopped;

  private Flood(Host host, List<Line> lanes, Source source) {
    this.host = host;
    this.lanes = lanes;
    this.source = source;
    this.running = new AtomicInteger(lanes.size());
    this.ended = host.mailbox(1);
  }

  /// Starts a client on each line.
  static Flood start(Host host, List<Line> lanes, Source source) {
    var flood = new Flood(host, lanes, source);
    for (var lane = 0; lane < lanes.size(); lane++) {
      var own = lane;
      lanes.get(lane).onLoop(() -> flood.step(own));
    }
    return flood;
  }

  /// Sends all that the source has, and waits for the answers.
  ///
  /// @throws IllegalStateException when one fails
  static Latencies all(Host host, List<Line> lanes, Source source) {
    var flood = start(host, lanes, source);
    flood.ended.take();
    flood.requireGood();
    return flood.latencies;
  }

  private void step(int lane) {
    var ask = stopped ? null : source.next(lane);
    if (ask == null) {
      if (running.decrementAndGet() == 0) {
        ended.offer(true);
      }
      return;
    }
    var began = host.nanoTime();
    lanes.get(lane).send(ask, answer -> answered(lane, ask, answer, began));
  }

  private void answered(int lane, Ask ask, Answer answer, long began) {
    if (answer.good()) {
      latencies.record(host.nanoTime() - began);
      answered.incrementAndGet();
    } else {
      failed.incrementAndGet();
      fault.compareAndSet(null, ask + " was answered " + answer);
      if (answer.status() == 0) {
        stopped = true; // the line is gone
      }
    }
    step(lane);
  }

  /// Requests answered well since the start.
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

  /// Sends nothing more, and waits for the answers under way.
  void stop() {
    stopped = true;
    ended.poll(Duration.ofMinutes(2));
  }

  /// @throws IllegalStateException naming the first request that was not answered well
  void requireGood() {
    var first = fault.get();
    if (first != null) {
      throw new IllegalStateException(failed() + " requests failed, the first: " + first);
    }
  }
}
