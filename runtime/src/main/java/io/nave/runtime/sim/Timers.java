package io.nave.runtime.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/// The virtual clock and what is due on it. Actions run inside the scheduler: they never wait.
final class Timers {
  static final long NEVER = Long.MAX_VALUE;
  private static final int STALE_MIN = 1024;

  private final PriorityQueue<Timer> queue =
      new PriorityQueue<>(
          Comparator.<Timer>comparingLong(t -> t.at).thenComparingLong(t -> t.order));
  private long now;
  private long orders;
  private int stale;

  /// Nanoseconds since the world began.
  long now() {
    return now;
  }

  /// `nanos` from now, or [#NEVER] when that is beyond the end of time.
  long in(long nanos) {
    return nanos >= NEVER - now ? NEVER : now + Math.max(0, nanos);
  }

  Timer add(long at, Runnable action) {
    var timer = new Timer(at, orders++, action);
    if (at != NEVER) {
      queue.add(timer);
      timer.queued = true;
    }
    return timer;
  }

  /// A timer that has fired or was cancelled is left alone.
  void cancel(Timer timer) {
    if (!timer.queued || timer.cancelled) {
      return;
    }
    timer.cancelled = true;
    stale++;
    if (stale > STALE_MIN && stale > queue.size() / 2) {
      queue.removeIf(t -> t.cancelled);
      stale = 0;
    }
  }

  /// When the next timer is due, or [#NEVER].
  long nextAt() {
    for (var head = queue.peek(); head != null; head = queue.peek()) {
      if (!head.cancelled) {
        return head.at;
      }
      queue.remove();
      stale--;
    }
    return NEVER;
  }

  /// Moves the clock to the next timer and fires all that are due then, in the order of adding.
  ///
  /// @return false when there is none
  boolean fireNext() {
    long at = nextAt();
    if (at == NEVER) {
      return false;
    }
    now = Math.max(now, at);
    while (nextAt() <= now) {
      var due = queue.remove();
      due.queued = false;
      due.fired = true;
      due.action.run();
    }
    return true;
  }

  /// Moves the clock forward over nothing.
  void skipTo(long at) {
    now = Math.max(now, at);
  }

  /// One thing due.
  static final class Timer {
    private final long at;
    private final long order;
    private final Runnable action;
    private boolean queued;
    private boolean cancelled;
    private boolean fired;

    private Timer(long at, long order, Runnable action) {
      this.at = at;
      this.order = order;
      this.action = action;
    }

    boolean fired() {
      return fired;
    }
  }
}
