package io.nave.testkit;

import static io.nave.testkit.Linearizability.NEVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.testkit.Linearizability.Event;
import io.nave.testkit.Linearizability.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

final class LinearizabilityTest {
  private static Event write(long value, long call, long answer) {
    return new Event(new Operation.Write(value), call, answer);
  }

  private static Event read(long value, long call, long answer) {
    return new Event(new Operation.Read(value), call, answer);
  }

  private static Event swap(long expected, long value, boolean done, long call, long answer) {
    return new Event(new Operation.Swap(expected, value, done), call, answer);
  }

  private static void right(Event... events) {
    assertThat(Linearizability.fault(List.of(events))).isEmpty();
  }

  private static void wrong(Event... events) {
    assertThat(Linearizability.fault(List.of(events))).isPresent();
  }

  @Test
  void oneAfterTheOther() {
    right(write(1, 0, 1), read(1, 2, 3), swap(1, 2, true, 4, 5), read(2, 6, 7));
    wrong(write(1, 0, 1), read(0, 2, 3));
    wrong(write(1, 0, 1), swap(2, 3, true, 2, 3));
    wrong(write(1, 0, 1), swap(1, 3, false, 2, 3));
  }

  @Test
  void readsDuringAWriteMaySeeEitherButNeverGoBack() {
    right(write(1, 0, 10), read(0, 1, 2), read(1, 3, 4));
    wrong(write(1, 0, 10), read(1, 1, 2), read(0, 3, 4));
  }

  @Test
  void anOperationWithoutAnAnswerMayHaveHappenedAtAnyTimeOrNever() {
    right(write(1, 0, NEVER), read(0, 1, 2), read(1, 3, 4));
    right(write(1, 0, NEVER), read(0, 1, 2), read(0, 3, 4));
    wrong(write(1, 0, NEVER), read(1, 1, 2), read(0, 3, 4));
    right(write(1, 0, 1), swap(1, 2, true, 2, NEVER), read(1, 3, 4), read(2, 5, 6));
  }

  @Test
  void twoSwapsOfOneValueCannotBothSucceed() {
    wrong(write(1, 0, 1), swap(1, 2, true, 2, 9), swap(1, 3, true, 2, 9));
    right(write(1, 0, 1), swap(1, 2, true, 2, 9), swap(1, 3, false, 2, 9));
  }

  /// - Goal: a real register is never accused, a lost write always is.
  /// - Method: a history made around a register, then one answer of it falsified.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void acceptsWhatARegisterDoesAndFindsALostWrite(long seed) {
    var random = new Random(seed);
    var events = new ArrayList<Event>();
    long value = 0;
    for (int i = 1; i <= 200; i++) {
      long at = i * 10L;
      long call = at - random.nextInt(40);
      long answer = at + 1 + random.nextInt(40);
      switch (random.nextInt(3)) {
        case 0 -> {
          value = i;
          events.add(write(value, call, answer));
        }
        case 1 -> events.add(read(value, call, answer));
        default -> {
          long expected = random.nextBoolean() ? value : -1;
          events.add(swap(expected, i, expected == value, call, answer));
          value = expected == value ? i : value;
        }
      }
    }
    assertThat(Linearizability.fault(events)).isEmpty();
    events.add(write(1000, 5000, 5001));
    events.add(read(value, 5002, 5003));
    assertThat(Linearizability.fault(events)).isPresent();
  }
}
