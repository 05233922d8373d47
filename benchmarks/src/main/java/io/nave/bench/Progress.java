package io.nave.bench;

import io.nave.runtime.Host;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;

/// What a person sees while a scenario runs: the phases, and once a second how far it is.
final class Progress {
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Host host;
  private final PrintStream out;
  private final long began;

  Progress(Host host, PrintStream out) {
    this.host = host;
    this.out = out;
    this.began = host.nanoTime();
  }

  void phase(String text) {
    out.printf("%6.1f s  %s%n", (host.nanoTime() - began) / 1e9, text);
    out.flush();
  }

  /// Tells `how` once a second while `work` is done.
  void during(Supplier<String> how, Runnable work) {
    var teller =
        host.start(
            "progress",
            () -> {
              while (true) {
                host.sleep(ROUND);
                phase("  " + how.get());
              }
            });
    try {
      work.run();
    } finally {
      teller.cancel();
    }
  }
}
