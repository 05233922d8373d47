package io.nave.testkit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tells whether what several clients saw of one register could have happened one step at a time,
/// each between its call and its answer.
///
/// The algorithm is that of Wing and Gong with Lowe's memory of the states seen, as Knossos and
/// Porcupine use it: try the operations that could come next, go back when none fits. A system is
/// linearizable when each of its keys is, so give it the history of one key at a time.
public final class Linearizability {
  /// What the register holds before the first write.
  public static final long ABSENT = 0;

  /// The answer time of an operation whose outcome nobody knows: it may happen at any time or
  /// never.
  public static final long NEVER = Long.MAX_VALUE;

  /// What was asked.
  public sealed interface Operation {
    /// It answered `value`.
    record Read(long value) implements Operation {}

    /// [#ABSENT] removes.
    record Write(long value) implements Operation {}

    /// @param done whether the register held `expected` and was set
    record Swap(long expected, long value, boolean done) implements Operation {}
  }

  /// One operation of one client.
  ///
  /// @param call before it was sent, on any clock that all clients share
  /// @param answer after its answer; [#NEVER] when there was none
  public record Event(Operation operation, long call, long answer) {}

  private record Seen(BitSet done, long value) {}

  private record Step(int index, BitSet done, long value) {}

  private final List<Event> events;
  private final Set<Seen> seen = new HashSet<>();

  private Linearizability(List<Event> events) {
    this.events =
        events.stream()
            // A read or a failed swap without an answer says nothing.
            .filter(event -> event.answer() != NEVER || writes(event.operation()))
            .sorted(Comparator.comparingLong(Event::call))
            .toList();
  }

  private static boolean writes(Operation operation) {
    return !(operation instanceof Operation.Read);
  }

  /// Checks the history of one register.
  ///
  /// @return empty when it is linearizable, else what is wrong
  public static Optional<String> fault(List<Event> events) {
    var check = new Linearizability(events);
    return check.search()
        ? Optional.empty()
        : Optional.of("no order of these explains all answers: " + check.events);
  }

  /// Depth first, with its own stack: histories are longer than a thread's.
  private boolean search() {
    var stack = new ArrayList<Step>();
    stack.add(new Step(-1, new BitSet(events.size()), ABSENT));
    while (!stack.isEmpty()) {
      var at = stack.removeLast();
      if (settled(at.done())) {
        return true;
      }
      if (seen.add(new Seen(at.done(), at.value()))) {
        stack.addAll(next(at));
      }
    }
    return false;
  }

  /// Whether all that was answered has its place; the rest need not have happened.
  private boolean settled(BitSet done) {
    for (int i = done.nextClearBit(0); i < events.size(); i = done.nextClearBit(i + 1)) {
      if (events.get(i).answer() != NEVER) {
        return false;
      }
    }
    return true;
  }

  /// What may come next: called before the first answer of those that are still to come.
  private List<Step> next(Step at) {
    long first = NEVER;
    var steps = new ArrayList<Step>();
    for (int i = at.done().nextClearBit(0); i < events.size(); i = at.done().nextClearBit(i + 1)) {
      var event = events.get(i);
      if (event.call() > first) {
        break;
      }
      first = Math.min(first, event.answer());
      var value = after(event, at.value());
      if (value.isPresent()) {
        var done = (BitSet) at.done().clone();
        done.set(i);
        steps.add(new Step(i, done, value.get()));
      }
    }
    return steps.reversed(); // the earliest call is tried first
  }

  /// The register after the operation, or empty when it could not have been answered so.
  private static Optional<Long> after(Event event, long value) {
    return switch (event.operation()) {
      case Operation.Read(var read) -> read == value ? Optional.of(value) : Optional.empty();
      case Operation.Write(var written) -> Optional.of(written);
      case Operation.Swap(var expected, var next, var done) -> {
        if (event.answer() == NEVER) {
          yield Optional.of(expected == value ? next : value);
        }
        if (done) {
          yield expected == value ? Optional.of(next) : Optional.empty();
        }
        yield expected == value ? Optional.empty() : Optional.of(value);
      }
    };
  }
}
