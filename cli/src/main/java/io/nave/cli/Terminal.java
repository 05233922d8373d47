package io.nave.cli;

import io.nave.runtime.Host;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// What a person sees while a command works: titles, steps with the time they took, and a bar while
/// they wait. Bars move only on a terminal; in a pipe each step is one line.
final class Terminal {
  private static final Duration ROUND = Duration.ofMillis(40);

  private final Host host;
  private final PrintStream out;
  private final boolean live;
  private final long began;

  Terminal(Host host, PrintStream out) {
    this.host = host;
    this.out = out;
    this.live = onTerminal();
    this.began = host.nanoTime();
  }

  @SuppressWarnings("SystemConsoleNull") // JDK 25 gives null when the output is a pipe
  private static boolean onTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /// Seconds since the command began.
  double seconds() {
    return (host.nanoTime() - began) / 1e9;
  }

  void title(String text) {
    out.printf("%n%s%n", text);
  }

  void line(String text) {
    out.println("  " + text);
  }

  /// Something that was done.
  void step(String text) {
    out.printf("  %5.1f s  %s%n", seconds(), text);
  }

  /// Waits until `reached` says `goal`, showing how far it is.
  ///
  /// @return false when that did not happen within `atMost`
  boolean await(String what, int goal, IntSupplier reached, Duration atMost) {
    var until = host.nanoTime() + atMost.toNanos();
    try (var bar = new Bar(what, goal)) {
      var now = reached.getAsInt();
      while (now < goal && host.nanoTime() < until) {
        bar.show(now);
        host.sleep(ROUND);
        now = reached.getAsInt();
      }
      bar.show(now);
      return now >= goal;
    }
  }

  /// A bar on a terminal, nothing elsewhere.
  private final class Bar implements AutoCloseable {
    private final ProgressBar bar;
    private final boolean shown = live;

    Bar(String what, int goal) {
      bar =
          shown
              ? new ProgressBarBuilder()
                  .setTaskName("           " + what)
                  .setInitialMax(goal)
                  .setStyle(ProgressBarStyle.ASCII)
                  .setUpdateIntervalMillis(50)
                  .setConsumer(new ConsoleProgressBarConsumer(out, 78))
                  .clearDisplayOnFinish()
                  .build()
              : new ProgressBarBuilder()
                  .setConsumer(new Silent())
                  .setUpdateIntervalMillis(60_000)
                  .build();
    }

    void show(int reached) {
      bar.stepTo(reached);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  /// Draws nothing.
  private static final class Silent implements me.tongfei.progressbar.ProgressBarConsumer {
    @Override
    public int getMaxRenderedLength() {
      return 10;
    }

    @Override
    public void accept(String drawn) {}

    @Override
    public void close() {}
  }
}
