package io.nave.runtime;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// The machine a part of Nave runs on: its clock, its tasks, its randomness and its disk.
///
/// A hub or an agent gets exactly one host and hands it down; a simulated host can be crashed, cut
/// off or given a wrong clock without its tenant knowing. All methods may be called from any task.
public interface Host {
  /// Wall-clock time of this host; may jump, may be wrong. For what is written into objects.
  Instant now();

  /// Monotonic nanoseconds from an arbitrary origin, for measuring and for deadlines.
  long nanoTime();

  /// Randomness for jitter, names and sampling. Not for secrets.
  RandomGenerator random();

  /// Randomness for keys, serial numbers and tokens.
  SecureRandom secureRandom();

  /// Runs `body` on a task of its own. An exception that leaves `body` is logged with the task's
  /// name and ends only that task.
  Task start(String name, Runnable body);

  /// Waits for `time` of this host's time.
  ///
  /// @throws Cancelled when the task was cancelled before or while it slept
  void sleep(Duration time);

  /// A new lock with one wait set, for state shared between tasks.
  Monitor monitor();

  /// The disk of this host.
  Disk disk();

  /// A bounded queue between tasks of this host.
  ///
  /// @param capacity most elements held, at least 1
  default <T> Mailbox<T> mailbox(int capacity) {
    return new Mailbox<>(this, capacity);
  }
}
