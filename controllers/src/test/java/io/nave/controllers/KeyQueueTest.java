package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.controllers.KeyQueue.Timer;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class KeyQueueTest {
  private static final Key A = Key.of("a");
  private static final Key B = Key.of("b");

  private final SimWorld world = new SimWorld(1);
  private final KeyQueue queue = new KeyQueue(world.host("hub"));

  @Test
  void givesKeysInOrderOfArrivalAndEachOnce() {
    queue.add(B);
    queue.add(A);
    queue.add(B);
    assertThat(queue.depth()).isEqualTo(2);
    assertThat(queue.poll()).isEqualTo(B);
    assertThat(queue.poll()).isEqualTo(A);
    assertThat(queue.poll()).isNull();
  }

  @Test
  void aKeyThatRunsIsNotGivenAgainUntilItIsDone() {
    queue.add(A);
    assertThat(queue.poll()).isEqualTo(A);
    queue.add(A);
    queue.add(A);
    assertThat(queue.poll()).isNull();
    queue.done(A);
    assertThat(queue.poll()).isEqualTo(A);
    queue.done(A);
    assertThat(queue.poll()).isNull();
  }

  @Test
  void aKeyBehindIsGivenWhenNoneIsReady() {
    queue.addBehind(A);
    queue.add(B);
    assertThat(queue.depth()).isEqualTo(2);
    assertThat(queue.poll()).isEqualTo(B);
    assertThat(queue.poll()).isEqualTo(A);
    assertThat(queue.poll()).isNull();

    queue.addBehind(A); // while it runs: a change that must not be missed
    queue.done(A);
    assertThat(queue.poll()).isEqualTo(A);
  }

  @Test
  void aKeyBehindComesForwardWhenItIsAdded() {
    queue.addBehind(B);
    queue.addBehind(A);
    queue.add(A);
    queue.addBehind(A);
    assertThat(queue.poll()).isEqualTo(A);
    assertThat(queue.poll()).isEqualTo(B);
    assertThat(queue.poll()).isNull();
  }

  @Test
  void aTimerMakesItsKeyReadyWhenItIsDue() {
    queue.addAfter(A, Duration.ofSeconds(10), Timer.ASKED);
    world.run(Duration.ofSeconds(9));
    assertThat(queue.poll()).isNull();
    world.run(Duration.ofSeconds(1));
    assertThat(queue.depth()).isEqualTo(1);
    assertThat(queue.poll()).isEqualTo(A);
    queue.done(A);
    world.run(Duration.ofHours(1));
    assertThat(queue.poll()).isNull();
  }

  @Test
  void ofTwoAskedForTimesTheEarlierCounts() {
    queue.addAfter(A, Duration.ofSeconds(10), Timer.ASKED);
    queue.addAfter(A, Duration.ofSeconds(5), Timer.ASKED);
    queue.addAfter(A, Duration.ofSeconds(20), Timer.ASKED);
    world.run(Duration.ofSeconds(5));
    assertThat(queue.poll()).isEqualTo(A);
    queue.done(A);
    world.run(Duration.ofHours(1));
    assertThat(queue.poll()).isNull();
  }

  @Test
  void aRunReplacesTheTimerOfTheRunBeforeButNotWhatOthersAskedFor() {
    queue.addAfter(A, Duration.ofSeconds(10), Timer.OWN);
    queue.addAfter(A, Duration.ofSeconds(30), Timer.ASKED);
    queue.add(A);
    assertThat(queue.poll()).isEqualTo(A);
    queue.done(A);
    world.run(Duration.ofSeconds(29));
    assertThat(queue.poll()).isNull();
    world.run(Duration.ofSeconds(1));
    assertThat(queue.poll()).isEqualTo(A);
  }

  @Test
  void aTimerThatIsDueDuringARunMakesTheKeyRunAgain() {
    queue.add(A);
    queue.poll();
    queue.addAfter(A, Duration.ofSeconds(1), Timer.ASKED);
    world.run(Duration.ofSeconds(2));
    assertThat(queue.poll()).isNull();
    queue.done(A);
    assertThat(queue.poll()).isEqualTo(A);
  }

  @Test
  void noDelayAtAllIsNow() {
    queue.addAfter(A, Duration.ZERO, Timer.ASKED);
    queue.addAfter(B, Duration.ofSeconds(-1), Timer.ASKED);
    assertThat(queue.depth()).isEqualTo(2);
  }

  @Test
  void aDelayOfAgesIsNoOverflow() {
    queue.addAfter(A, Duration.ofSeconds(Long.MAX_VALUE), Timer.ASKED);
    queue.addAfter(B, Duration.ofSeconds(1), Timer.ASKED);
    world.run(Duration.ofSeconds(1));
    assertThat(queue.poll()).isEqualTo(B);
    assertThat(queue.poll()).isNull();
  }

  @Test
  void takersWaitForKeysForTimersAndForTheEnd() {
    var taken = new ArrayList<String>();
    world
        .host("hub")
        .start(
            "taker",
            () -> {
              for (var key = queue.take(); key != null; key = queue.take()) {
                taken.add(key + "@" + world.elapsed().toSeconds());
                queue.done(key);
              }
              taken.add("end@" + world.elapsed().toSeconds());
            });
    world.at(Duration.ofSeconds(5), () -> queue.addAfter(A, Duration.ofSeconds(7), Timer.ASKED));
    world.at(Duration.ofSeconds(6), () -> queue.add(B));
    world.at(Duration.ofSeconds(7), () -> queue.addAfter(B, Duration.ofSeconds(1), Timer.ASKED));
    world.at(Duration.ofSeconds(20), queue::close);
    world.run(Duration.ofMinutes(1));
    assertThat(taken).containsExactly("b@6", "b@8", "a@12", "end@20");
  }

  @Test
  void aClosedQueueTakesNothingMore() {
    queue.add(A);
    queue.close();
    queue.add(B);
    queue.addAfter(B, Duration.ofSeconds(1), Timer.OWN);
    world.run(Duration.ofSeconds(2));
    assertThat(queue.poll()).isNull();
    assertThat(queue.take()).isNull();
    assertThat(queue.depth()).isZero();
  }
}
