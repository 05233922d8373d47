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
///
/// A state is how far the answered operations have come, which of those that overlap are done, and
/// which of the unanswered ones have happened; so it is small however long the history is. What
/// makes judging dear is only many unanswered writes: each may happen anywhere after its call.
/// Leave out those of which other evidence says that they never happened.
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

  /// States looked at before giving up: some hundred megabytes. A history of a few hundred
  /// operations by a handful of clients needs a few thousand.
  private static final int STATES_MAX = 2_000_000;

  private static final int SHOWN_MAX = 12; // operations in a message

  /// @param from all answered operations before this one are done
  /// @param done which of those from `from` on are done too, counted from it
  /// @param happened which of the unanswered ones have happened
  private record State(int from, BitSet done, BitSet happened, long value) {}

  private final List<Event> answered; // by call
  private final List<Event> open; // unanswered, by call: they may happen or not
  private final Set<State> seen = new HashSet<>();
  private State furthest = new State(0, new BitSet(), new BitSet(), ABSENT);

  private Linearizability(List<Event> events) {
    var sorted = events.stream().sorted(Comparator.comparingLong(Event::call)).toList();
    this.answered = sorted.stream().filter(event -> event.answer() != NEVER).toList();
    // A read without an answer says nothing.
    this.open =
        sorted.stream()
            .filter(
                event -> event.answer() == NEVER && !(event.operation() instanceof Operation.Read))
            .toList();
  }

  /// Checks the history of one register.
  ///
  /// @return empty when it is linearizable, else what is wrong
  /// @throws IllegalStateException when too much is unanswered to tell
  public static Optional<String> fault(List<Event> events) {
    var check = new Linearizability(events);
    return check.search() ? Optional.empty() : Optional.of(check.explained());
  }

  /// Depth first, with its own stack: histories are longer than a thread's.
  private boolean search() {
    var stack = new ArrayList<State>();
    stack.add(furthest);
    while (!stack.isEmpty()) {
      var at = stack.removeLast();
      if (at.from() == answered.size()) {
        return true; // the rest need not have happened
      }
      if (seen.add(at)) {
        furthest = at.from() > furthest.from() ? at : furthest;
        next(at, stack);
      }
      if (seen.size() > STATES_MAX) {
        throw new IllegalStateException(
            "more than "
                + STATES_MAX
                + " orders of "
                + answered.size()
                + " answered and "
                + open.size()
                + " unanswered operations: record a shorter history, or fewer unanswered ones");
      }
    }
    return false;
  }

  /// Adds what may come next: called before the first answer of those that are still to come. The
  /// earliest answered call lies on top, to be tried first; the unanswered ones below.
  private void next(State at, List<State> stack) {
    var ready = new ArrayList<Integer>();
    long first = NEVER;
    for (int i = at.done().nextClearBit(0);
        at.from() + i < answered.size() && answered.get(at.from() + i).call() <= first;
        i = at.done().nextClearBit(i + 1)) {
      first = Math.min(first, answered.get(at.from() + i).answer());
      ready.add(i);
    }
    for (int i = 0; i < open.size() && open.get(i).call() <= first; i++) {
      var value = at.happened().get(i) ? Optional.<Long>empty() : after(open.get(i), at.value());
      if (value.isPresent() && value.get() != at.value()) { // one without effect need not happen
        var happened = (BitSet) at.happened().clone();
        happened.set(i);
        stack.add(new State(at.from(), at.done(), happened, value.get()));
      }
    }
    for (int i : ready.reversed()) {
      var value = after(answered.get(at.from() + i), at.value());
      if (value.isPresent()) {
        stack.add(done(at, i, value.get()));
      }
    }
  }

  private static State done(State at, int index, long value) {
    var done = (BitSet) at.done().clone();
    done.set(index);
    int passed = done.nextClearBit(0);
    return new State(
        at.from() + passed,
        done.get(passed, Math.max(passed, done.length())),
        at.happened(),
        value);
  }

  private String explained() {
    var left = answered.subList(furthest.from(), answered.size());
    return "no order explains all answers: the first %d operations can be ordered, leaving %d; none of these can be next: %s"
        .formatted(
            furthest.from(), furthest.value(), left.subList(0, Math.min(left.size(), SHOWN_MAX)));
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
