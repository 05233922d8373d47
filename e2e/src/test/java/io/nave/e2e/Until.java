package io.nave.e2e;

import io.nave.runtime.Host;
import io.nave.runtime.RealHost;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for what other processes do. Fails with what was last seen.
final class Until {
  /// Enough for a slow machine with other work, and for whoever tries again only after a minute; a
  /// test that passes never waits so long.
  static final Duration AT_MOST = Duration.ofSeconds(120);

  /// The machine the tests run on.
  static final Host HOST = RealHost.start("e2e");

  /// Between two looks at least, and at most: a look that starts a program takes what the awaited
  /// ones need, so it is not taken all the time.
  private static final Duration ROUND = Duration.ofMillis(100);

  private static final Duration ROUND_MAX = Duration.ofSeconds(1);

  private Until() {}

  /// Waits for something to be there.
  ///
  /// @throws AssertionError when it is not in time
  static <T> T present(String what, Supplier<Optional<T>> look) {
    return present(what, AT_MOST, look, () -> "");
  }

  /// Waits for something to be so.
  static void holds(String what, BooleanSupplier look) {
    present(
        what, AT_MOST, () -> look.getAsBoolean() ? Optional.of(true) : Optional.empty(), () -> "");
  }

  /// Waits until `look` gives `expected`.
  static <T> void equals(String what, T expected, Supplier<T> look) {
    var last = new Last<T>();
    present(
        what,
        AT_MOST,
        () -> expected.equals(last.keep(look.get())) ? Optional.of(true) : Optional.empty(),
        () -> "; expected " + expected + ", last seen " + last.value);
  }

  /// Waits until a text contains `part`.
  static String contains(String what, String part, Supplier<String> look) {
    var last = new Last<String>();
    return present(
        what + " to contain \"" + part + "\"",
        AT_MOST,
        () -> Optional.of(last.keep(look.get())).filter(each -> each.contains(part)),
        () -> "; last seen:\n" + last.value);
  }

  static <T> T present(
      String what, Duration atMost, Supplier<Optional<T>> look, Supplier<String> more) {
    var until = HOST.nanoTime() + atMost.toNanos();
    while (true) {
      var begun = HOST.nanoTime();
      var found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      var now = HOST.nanoTime();
      if (now > until) {
        throw new AssertionError("waited " + atMost.toSeconds() + " s for " + what + more.get());
      }
      HOST.sleep(pause(Duration.ofNanos(now - begun)));
    }
  }

  /// Twice as long as the look took.
  private static Duration pause(Duration look) {
    var twice = look.multipliedBy(2);
    var least = twice.compareTo(ROUND) < 0 ? ROUND : twice;
    return least.compareTo(ROUND_MAX) > 0 ? ROUND_MAX : least;
  }

  private static final class Last<T> {
    private @Nullable T value;

    T keep(T next) {
      value = next;
      return next;
    }
  }
}
