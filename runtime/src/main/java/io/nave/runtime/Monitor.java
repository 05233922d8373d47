package io.nave.runtime;

import java.time.Duration;

/// A re-entrant lock with one wait set. Hold it for a few lines of memory work only, never across a
/// call of [Disk], [Transport] or another monitor's waiting methods.
///
/// ```java
/// try (var held = monitor.lock()) {
///   while (queue.isEmpty()) monitor.await();
///   return queue.removeFirst();
/// }
/// ```
public interface Monitor {
  /// Waits for the lock. Not cancellable: holders are brief.
  Held lock();

  /// Releases the lock, waits for a signal, takes the lock again. May wake without a signal.
  ///
  /// @throws Cancelled when the task is cancelled; the lock is held again then
  void await();

  /// As [#await()], at most `time` of the host's time.
  ///
  /// @return false when the time ran out first
  boolean await(Duration time);

  /// Wakes every waiter. The caller holds the lock.
  void signalAll();

  /// A lock being held; closing releases it.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
