package io.nave.runtime;

import java.time.Duration;

/// Lets a program run until the process is asked to stop (Ctrl-C, SIGTERM), and the process wait
/// until the program has closed its parts. Open it before them, so that it closes after them.
public final class Stop implements AutoCloseable {
  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(15);

  private final Monitor monitor;
  private boolean asked; // under monitor
  private boolean closed; // under monitor

  private Stop(Host host) {
    this.monitor = host.monitor();
  }

  /// Takes notice of signals from now on.
  public static Stop on(Host host) {
    var stop = new Stop(host);
    // The JVM runs hooks on threads of its own: no host can be asked for one.
    Runtime.getRuntime().addShutdownHook(new Thread(stop::ask, "stop"));
    return stop;
  }

  /// Returns when the process is asked to stop.
  public void await() {
    try (var _ = monitor.lock()) {
      while (!asked) {
        monitor.await();
      }
    }
  }

  private void ask() {
    try (var _ = monitor.lock()) {
      asked = true;
      monitor.signalAll();
      while (!closed && monitor.await(CLOSE_WAIT_MAX)) {
        // woken by something else: still waiting for the parts
      }
    }
  }

  @Override
  public void close() {
    try (var _ = monitor.lock()) {
      closed = true;
      monitor.signalAll();
    }
  }
}
