package io.nave.runtime;

import java.time.Duration;

/// A running piece of straight-line code. Cancelling makes its current or next waiting call throw
/// [Cancelled], and every later one too; code that never waits is not stopped. Waiting calls are
/// [Host#sleep], [Monitor#await()], [#join], what is built of them, and requests to a peer; not
/// [Monitor#lock] and not the [Disk].
public interface Task {
  /// The name it was started with; for logs.
  String name();

  /// Asks the task to stop; returns at once. Cancelling twice changes nothing.
  void cancel();

  /// Waits until the task has ended, however it ended.
  ///
  /// @return whether it ended within `atMost`
  /// @throws Cancelled when the waiting task itself is cancelled
  boolean join(Duration atMost);

  /// Whether the task has ended.
  boolean ended();
}
