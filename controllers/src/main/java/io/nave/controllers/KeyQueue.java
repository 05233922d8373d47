package io.nave.controllers;

import io.nave.api.Key;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The keys a controller has to look at, each at most once.
///
/// A key is waiting (ready, in order of arrival, or behind all that are ready), running, or
/// neither; beside that it may have a timer of each [Timer] kind. Adding a ready key changes
/// nothing; adding a running one marks it dirty, and it becomes ready again when its run is over.
/// So no key ever runs twice at a time and no change is missed. Bounded by the number of distinct
/// keys, that is by what exists.
final class KeyQueue {
  /// Why a key will become ready later.
  enum Timer {
    /// Asked for from outside: stays until it is due; of two the earlier one counts.
    ASKED,
    /// Asked for by the last run of the key: the next run replaces it.
    OWN
  }

  private record Due(long nanos, Key key, Timer timer) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      // Differences, since the origin of monotonic time is arbitrary and it may wrap.
      var order = Long.signum(nanos - other.nanos);
      order = order != 0 ? order : key.compareTo(other.key);
      return order != 0 ? order : timer.compareTo(other.timer);
    }
  }

  private record Slot(Key key, Timer timer) implements Comparable<Slot> {
    @Override
    public int compareTo(Slot other) {
      var order = key.compareTo(other.key);
      return order != 0 ? order : timer.compareTo(other.timer);
    }
  }

  private final Host host;
  private final Monitor monitor;
  // All under monitor.
  private final LinkedHashSet<Key> ready = new LinkedHashSet<>();
  private final LinkedHashSet<Key> behind = new LinkedHashSet<>(); // none of them is ready
  private final TreeSet<Key> running = new TreeSet<>();
  private final TreeSet<Key> dirty = new TreeSet<>();
  private final TreeSet<Due> due = new TreeSet<>();
  private final TreeMap<Slot, Due> timers = new TreeMap<>();
  private boolean closed;

  KeyQueue(Host host) {
    this.host = host;
    this.monitor = host.monitor();
  }

  /// Makes the key ready, now or when its present run is over.
  void add(Key key) {
    try (var _ = monitor.lock()) {
      if (!closed) {
        makeReady(key);
      }
    }
  }

  /// Has the key taken when none is ready; one that is ready keeps its place.
  void addBehind(Key key) {
    try (var _ = monitor.lock()) {
      if (closed || ready.contains(key)) {
        return;
      }
      if (running.contains(key)) {
        dirty.add(key);
      } else if (behind.add(key)) {
        monitor.signalAll();
      }
    }
  }

  /// Makes the key ready after `delay`.
  void addAfter(Key key, Duration delay, Timer timer) {
    try (var _ = monitor.lock()) {
      if (closed) {
        return;
      }
      if (!delay.isPositive()) {
        makeReady(key);
        return;
      }
      var slot = new Slot(key, timer);
      var next = new Due(host.nanoTime() + nanos(delay), key, timer);
      var before = timers.get(slot);
      if (before == null || timer == Timer.OWN || next.compareTo(before) < 0) {
        clear(slot);
        timers.put(slot, next);
        due.add(next);
        monitor.signalAll();
      }
    }
  }

  /// The next ready key, which now runs; [#done] must follow. Null when the queue was closed.
  ///
  /// @throws io.nave.runtime.Cancelled when the task is cancelled while it waits
  @Nullable Key take() {
    try (var _ = monitor.lock()) {
      while (!closed) {
        var key = firstReady();
        if (key != null) {
          return key;
        }
        if (due.isEmpty()) {
          monitor.await();
        } else {
          monitor.await(Duration.ofNanos(due.first().nanos() - host.nanoTime()));
        }
      }
      return null;
    }
  }

  /// As [#take], without waiting: null also when nothing is ready.
  @Nullable Key poll() {
    try (var _ = monitor.lock()) {
      return closed ? null : firstReady();
    }
  }

  /// Ends the run of a key.
  void done(Key key) {
    try (var _ = monitor.lock()) {
      running.remove(key);
      if (dirty.remove(key)) {
        makeReady(key);
      }
    }
  }

  /// How many keys wait to be taken.
  int depth() {
    try (var _ = monitor.lock()) {
      fire();
      return ready.size() + behind.size();
    }
  }

  /// Drops everything and lets takers go.
  void close() {
    try (var _ = monitor.lock()) {
      closed = true;
      ready.clear();
      behind.clear();
      dirty.clear();
      due.clear();
      timers.clear();
      monitor.signalAll();
    }
  }

  private @Nullable Key firstReady() {
    fire();
    var first = ready.isEmpty() ? behind : ready;
    if (first.isEmpty()) {
      return null;
    }
    var key = first.removeFirst();
    running.add(key);
    clear(new Slot(key, Timer.OWN));
    return key;
  }

  private void fire() {
    while (!due.isEmpty() && due.first().nanos() - host.nanoTime() <= 0) {
      var fired = due.removeFirst();
      timers.remove(new Slot(fired.key(), fired.timer()));
      makeReady(fired.key());
    }
  }

  private void makeReady(Key key) {
    if (running.contains(key)) {
      dirty.add(key);
    } else if (ready.add(key)) {
      behind.remove(key);
      monitor.signalAll();
    }
  }

  private void clear(Slot slot) {
    var old = timers.remove(slot);
    if (old != null) {
      due.remove(old);
    }
  }

  private static long nanos(Duration delay) {
    var most = Duration.ofDays(365); // far below where nanoseconds overflow
    return (delay.compareTo(most) < 0 ? delay : most).toNanos();
  }
}
