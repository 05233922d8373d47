package io.nave.registration.agent;

import io.nave.controllers.Backoff;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Things an agent does again and again, on one task, each at its own pace.
final class Duties {
  private static final Backoff RETRY =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15)); // well below a lease's grace

  /// What a duty that failed wants.
  interface Failure {
    /// @throws RuntimeException to end all duties
    void failed(String duty, RuntimeException fault);
  }

  private final class Duty {
    final String name;
    final Supplier<Duration> body;
    long dueNanos; // duties' task only
    int failures;
    boolean woken; // under monitor

    Duty(String name, Supplier<Duration> body) {
      this.name = name;
      this.body = body;
      this.dueNanos = host.nanoTime();
    }

    void perform() {
      Duration pause;
      try {
        pause = body.get();
        failures = 0;
      } catch (RuntimeException e) {
        failure.failed(name, e);
        failures++;
        pause = RETRY.after(failures, host.random());
      }
      dueNanos = host.nanoTime() + pause.toNanos();
    }
  }

  private final Host host;
  private final Monitor monitor;
  private final Failure failure;
  private final List<Duty> all = new ArrayList<>();

  Duties(Host host, Failure failure) {
    this.host = host;
    this.monitor = host.monitor();
    this.failure = failure;
  }

  /// Adds a duty that is due at once.
  ///
  /// @param body does it and says after what time it is due again
  Duties add(String name, Supplier<Duration> body) {
    all.add(new Duty(name, body));
    return this;
  }

  /// Has a duty performed now, whenever it was due; from any task.
  void wake(String name) {
    try (var _ = monitor.lock()) {
      for (var duty : all) {
        duty.woken |= duty.name.equals(name);
      }
      monitor.signalAll();
    }
  }

  /// Performs them until one ends it by throwing through [Failure].
  void run() {
    while (true) {
      next().perform();
    }
  }

  /// Waits for the duty that is due first.
  private Duty next() {
    try (var _ = monitor.lock()) {
      while (true) {
        var next = all.getFirst();
        for (var duty : all) {
          if (duty.woken) {
            duty.woken = false;
            return duty;
          }
          if (duty.dueNanos - next.dueNanos < 0) {
            next = duty;
          }
        }
        var wait = next.dueNanos - host.nanoTime();
        if (wait <= 0) {
          return next;
        }
        monitor.await(Duration.ofNanos(wait));
      }
    }
  }
}
