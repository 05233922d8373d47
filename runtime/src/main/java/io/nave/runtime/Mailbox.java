package io.nave.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A bounded first-in-first-out queue between tasks. Closing it lets takers drain what is left and
/// then tells them the end; offering to a closed or full mailbox is refused, never lost silently.
public final class Mailbox<T> {
  private final Host host;
  private final Monitor monitor;
  private final int capacity;
  private final ArrayDeque<T> items = new ArrayDeque<>(); // under monitor
  private boolean closed; // under monitor

  Mailbox(Host host, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity must be at least 1, was " + capacity);
    }
    this.host = host;
    this.monitor = host.monitor();
    this.capacity = capacity;
  }

  /// Adds without waiting.
  ///
  /// @return false when full or closed
  public boolean offer(T item) {
    try (var _ = monitor.lock()) {
      if (closed || items.size() >= capacity) {
        return false;
      }
      items.addLast(item);
      monitor.signalAll();
      return true;
    }
  }

  /// Adds, waiting for room.
  ///
  /// @return false when the mailbox is closed
  /// @throws Cancelled when the task is cancelled while it waits
  public boolean put(T item) {
    try (var _ = monitor.lock()) {
      while (!closed && items.size() >= capacity) {
        monitor.await();
      }
      if (closed) {
        return false;
      }
      items.addLast(item);
      monitor.signalAll();
      return true;
    }
  }

  /// The next element, or null when the mailbox is closed and empty.
  ///
  /// @throws Cancelled when the task is cancelled while it waits
  public @Nullable T take() {
    try (var _ = monitor.lock()) {
      while (items.isEmpty() && !closed) {
        monitor.await();
      }
      return removeFirst();
    }
  }

  /// As [#take()], or null after `atMost`; ask [#ended()] which of the two it was.
  public @Nullable T poll(Duration atMost) {
    long start = host.nanoTime();
    try (var _ = monitor.lock()) {
      while (items.isEmpty() && !closed) {
        var left = atMost.minusNanos(host.nanoTime() - start);
        if (!left.isPositive() || !monitor.await(left)) {
          break;
        }
      }
      return removeFirst();
    }
  }

  /// Waits for the first element and takes with it what else is there.
  ///
  /// @param most elements taken, at least 1
  /// @return empty only when the mailbox is closed and empty
  public List<T> takeAll(int most) {
    try (var _ = monitor.lock()) {
      while (items.isEmpty() && !closed) {
        monitor.await();
      }
      var taken = new ArrayList<T>(Math.min(most, items.size()));
      while (taken.size() < most && !items.isEmpty()) {
        taken.add(items.removeFirst());
      }
      monitor.signalAll();
      return taken;
    }
  }

  /// Refuses new elements; what is inside can still be taken.
  public void close() {
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
  }

  /// Whether it is closed and nothing is left.
  public boolean ended() {
    try (var _ = monitor.lock()) {
      return closed && items.isEmpty();
    }
  }

  /// How many elements wait now.
  public int size() {
    try (var _ = monitor.lock()) {
      return items.size();
    }
  }

  private @Nullable T removeFirst() {
    var item = items.pollFirst();
    if (item != null) {
      monitor.signalAll();
    }
    return item;
  }
}
