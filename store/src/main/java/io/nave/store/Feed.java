package io.nave.store;

import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A reader's place in a lane.
///
/// The events that were already there when it was made do not count as falling behind; only those
/// that came since do. So a feed that resumes far back is not ended before it had a chance.
final class Feed implements WatchFeed {
  private final Host host;
  private final History history;
  private final Monitor monitor;
  private final long joined; // number of the newest event when the feed was made
  private final int capacity;
  private final Runnable leave;
  private Lane.@Nullable Link at; // under monitor: the last link handed out; null once ended
  private long passed; // under monitor: everything up to this revision was handed out
  private Ended ended = Ended.NO; // under monitor

  Feed(
      Host host,
      History history,
      Lane.Link at,
      long after,
      long joined,
      int capacity,
      Runnable leave) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
    }
    this.host = host;
    this.history = history;
    this.monitor = host.monitor();
    this.at = at;
    this.passed = after;
    this.joined = joined;
    this.capacity = capacity;
    this.leave = leave;
  }

  @Override
  public @Nullable Event next(Duration atMost) {
    long start = host.nanoTime();
    try (var _ = monitor.lock()) {
      while (true) {
        var event = advance();
        if (event != null || at == null) {
          return event;
        }
        var left = atMost.minusNanos(host.nanoTime() - start);
        if (!left.isPositive()) {
          return null;
        }
        monitor.await(left);
      }
    }
  }

  /// Steps to the next event past the revision that was asked for.
  private @Nullable Event advance() {
    while (at != null) {
      var next = at.next;
      if (next == null) {
        return null;
      }
      at = next;
      if (next.revision > passed) {
        passed = next.revision;
        return next.event;
      }
    }
    return null;
  }

  /// Tells the reader that there is more, or ends the feed when the reader is too far behind.
  void wake(long newest) {
    try (var _ = monitor.lock()) {
      if (at != null && newest - Math.max(at.number, joined) > capacity) {
        history.endedSlow();
        end(Ended.SLOW);
      }
      monitor.signalAll();
    }
  }

  /// Ends the feed and lets go of what it had not handed out. The first reason stays.
  void end(Ended why) {
    try (var _ = monitor.lock()) {
      if (ended == Ended.NO) {
        ended = why;
        at = null;
        monitor.signalAll();
      }
    }
    leave.run();
  }

  @Override
  public Ended ended() {
    try (var _ = monitor.lock()) {
      return ended;
    }
  }

  @Override
  public long progress() {
    // Read first: what is in the lanes by now is either handed out or still before the reader.
    long reachable = history.revision();
    try (var _ = monitor.lock()) {
      return at != null && at.next == null ? Math.max(reachable, passed) : passed;
    }
  }

  @Override
  public void close() {
    end(Ended.CLOSED);
  }
}
