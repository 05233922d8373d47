package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.Outside.Answer;
import io.nave.applications.Outside.Question;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sends the questions of steps, beside the passes, and keeps the answers until they are read.
/// Thread-safe.
final class Asking {
  /// So that slow services cannot take the whole hub.
  private static final int UNDER_WAY_MAX = 16;

  /// Answers are read in the next pass; an answer that is forgotten is asked for again.
  private static final int KEPT_MAX = 1_000;

  private record Slot(@Nullable Answer answer) {}

  private final Host host;
  private final Outbound outbound;
  private final Consumer<Key> wake;
  private final Monitor monitor;
  private final Map<String, Slot> slots = new LinkedHashMap<>(); // under monitor
  private int underWay; // under monitor

  /// @param wake told the application whose answer came
  Asking(Host host, Outbound outbound, Consumer<Key> wake) {
    this.host = host;
    this.outbound = outbound;
    this.wake = wake;
    monitor = host.monitor();
  }

  Optional<Answer> ask(Key application, String id, Question question) {
    try (var _ = monitor.lock()) {
      var slot = slots.get(id);
      if (slot != null || underWay >= UNDER_WAY_MAX) {
        return Optional.ofNullable(slot).map(Slot::answer);
      }
      slots.put(id, new Slot(null));
      underWay++;
    }
    host.start("step-call", () -> call(application, id, question));
    return Optional.empty();
  }

  private void call(Key application, String id, Question question) {
    Answer answer = new Answer(0, "the call was cut short");
    try {
      answer = outbound.call(question);
    } finally {
      try (var _ = monitor.lock()) {
        underWay--;
        slots.put(id, new Slot(answer));
        var oldest = slots.entrySet().iterator();
        while (slots.size() > KEPT_MAX && oldest.hasNext()) {
          if (oldest.next().getValue().answer() != null) {
            oldest.remove();
          }
        }
      }
      wake.accept(application);
    }
  }
}
