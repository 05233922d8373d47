package io.nave.cli;

import io.nave.runtime.Host;
import io.nave.runtime.Monitor;

/// Waits until the process is asked to stop (Ctrl-C, SIGTERM), and lets the command close its parts
/// before the process ends.
final class Stop {
  private final Monitor monitor;
  private boolean asked; // under monitor
  private boolean closed; // under monitor

  private Stop(Host host) {
    this.monitor = host.monitor();
  }

  /// Returns when the process is asked to stop.
  static void await(Host host) {
    var stop = new Stop(host);
    // The JVM runs hooks on threads of its own: the one place the CLI cannot ask its host for one.
    Runtime.getRuntime().addShutdownHook(new Thread(stop::asked, "stop"));
    try (var _ = stop.monitor.lock()) {
      while (!stop.asked) {
        stop.monitor.await();
      }
    }
  }

  private void asked() {
    try (var _ = monitor.lock()) {
      asked = true;
      monitor.signalAll();
    }
  }
}
