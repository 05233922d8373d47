package io.nave.runtime.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.runtime.Cancelled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SimWorldTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aYearPassesWithoutWaiting() {
    try (var world = new SimWorld(1)) {
      var days = new AtomicInteger();
      var host = world.host("calendar");
      host.start(
          "counts days",
          () -> {
            while (true) {
              host.sleep(Duration.ofDays(1));
              days.incrementAndGet();
            }
          });
      world.run(Duration.ofDays(365));
      assertThat(days).hasValue(365);
      assertThat(world.elapsed()).isEqualTo(Duration.ofDays(365));
    }
  }

  @Test
  void eventsHappenAtTheirTimeAndTimeStopsWhereTheConditionHolds() {
    try (var world = new SimWorld(1)) {
      var seen = new ArrayList<Duration>();
      world.at(SECOND.multipliedBy(5), () -> seen.add(world.elapsed()));
      world.at(SECOND, () -> seen.add(world.elapsed()));
      world.runUntil(() -> seen.size() == 2, Duration.ofMinutes(1));
      assertThat(seen).containsExactly(SECOND, SECOND.multipliedBy(5));
      assertThat(world.elapsed()).isEqualTo(SECOND.multipliedBy(5));
    }
  }

  @Test
  void nothingMovesBetweenTheDriversCalls() {
    try (var world = new SimWorld(1)) {
      var ran = new AtomicInteger();
      world.host("a").start("runs", ran::incrementAndGet);
      world.host("a").monitor().lock().close();
      assertThat(ran).hasValue(0);
      world.run(Duration.ZERO);
      assertThat(ran).hasValue(1);
    }
  }

  @Test
  void differentSeedsTryDifferentOrders() {
    var orders = new TreeSet<String>();
    for (int seed = 0; seed < 50; seed++) {
      try (var world = new SimWorld(seed)) {
        var order = new StringBuilder();
        for (var name : new String[] {"a", "b", "c"}) {
          world.host("host").start(name, () -> order.append(name));
        }
        world.run(SECOND);
        orders.add(order.toString());
      }
    }
    assertThat(orders).hasSize(6);
  }

  @Test
  void aTaskMayBeOvertakenWhenItTakesALock() {
    int lost = 0;
    for (int seed = 0; seed < 100; seed++) {
      try (var world = new SimWorld(seed)) {
        var counter = new int[1];
        var host = world.host("host");
        var monitor = host.monitor();
        Runnable unsafeIncrement =
            () -> {
              int read = counter[0];
              monitor.lock().close();
              counter[0] = read + 1;
            };
        host.start("a", unsafeIncrement);
        host.start("b", unsafeIncrement);
        world.run(SECOND);
        lost += 2 - counter[0];
      }
    }
    assertThat(lost).isPositive();
  }

  @Test
  void aCrashEndsAllTasksOfTheHostAtOnceAndNoOthers() {
    try (var world = new SimWorld(7)) {
      var host = world.host("hub");
      var other = world.host("other");
      var box = host.<String>mailbox(1);
      var unwound = new ArrayList<String>();
      for (int i = 0; i < 10; i++) {
        host.start(
            "waits",
            () -> {
              try {
                box.take();
              } catch (RuntimeException e) {
                unwound.add("caught as " + e);
              } finally {
                unwound.add("end");
              }
            });
      }
      var survivor = other.start("lives", () -> other.sleep(Duration.ofHours(1)));
      world.run(SECOND);
      var neverRan = new AtomicInteger();
      host.start("new", neverRan::incrementAndGet);
      host.crash();
      assertThat(unwound).hasSize(10).containsOnly("end");
      world.run(SECOND);
      assertThat(neverRan).hasValue(0);
      assertThat(survivor.ended()).isFalse();
      assertThat(host.start("again", () -> host.sleep(SECOND)).join(SECOND.multipliedBy(2)))
          .isTrue();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @Test
  void aTaskThatCrashesItsOwnHostGoesNoFurther() {
    try (var world = new SimWorld(7)) {
      var host = world.host("hub");
      var after = new AtomicInteger();
      host.start(
          "crashes",
          () -> {
            try {
              host.crash();
              after.incrementAndGet();
            } finally {
              host.disk().write(java.nio.file.Path.of("/f"), new byte[1]);
            }
          });
      world.run(SECOND);
      assertThat(after).hasValue(0);
      assertThat(host.disk().read(java.nio.file.Path.of("/f"))).isEmpty();
    }
  }

  @Test
  void aLockHeldAtTheCrashIsFreeForTheTestAfterwards() {
    try (var world = new SimWorld(7)) {
      var host = world.host("hub");
      var box = host.<String>mailbox(1);
      host.start("waits", box::take);
      world.run(SECOND);
      host.crash();
      assertThat(box.size()).isZero();
    }
  }

  @Test
  void aWrongClockShowsInWallTimeOnly() {
    try (var world = new SimWorld(1)) {
      var host = world.host("late");
      long nanos = host.nanoTime();
      host.skew(Duration.ofMinutes(-10));
      assertThat(host.now()).isEqualTo(world.trueTime().minusSeconds(600));
      assertThat(host.nanoTime()).isEqualTo(nanos);
      host.sleep(SECOND);
      assertThat(host.nanoTime() - nanos).isEqualTo(SECOND.toNanos());
      assertThat(world.host("right").now()).isEqualTo(world.trueTime());
    }
  }

  @Test
  void aDeadlockIsReportedWithWhatEachTaskWaitsFor() {
    try (var world = new SimWorld(99)) {
      var host = world.host("hub");
      var box = host.mailbox(1);
      host.start("consumer", box::take);
      assertThatThrownBy(() -> world.runUntil(() -> false, Duration.ofHours(1)))
          .isInstanceOf(SimFailure.class)
          .hasMessageContaining("no task can run and no timer is set")
          .hasMessageContaining("seed 99")
          .hasMessageContaining("hub/consumer waits for a signal");
      assertThatThrownBy(box::take)
          .isInstanceOf(SimFailure.class)
          .hasMessageContaining("no task can run");
      world.run(SECOND);
      assertThat(world.elapsed()).isEqualTo(SECOND);
    }
  }

  @Test
  void aConditionThatDoesNotComeTrueInTimeIsReported() {
    try (var world = new SimWorld(5)) {
      var host = world.host("hub");
      host.start(
          "ticks",
          () -> {
            while (true) {
              host.sleep(SECOND);
            }
          });
      assertThatThrownBy(() -> world.runUntil(() -> false, SECOND.multipliedBy(90)))
          .isInstanceOf(SimFailure.class)
          .hasMessageContaining("did not come true within PT1M30S")
          .hasMessageContaining("virtual time 90.000000000 s");
    }
  }

  @Test
  void aTaskThatBlocksOutsideOfTheSeamIsFoundWithItsStack() {
    var world = new SimWorld(3);
    world.watchdog(Duration.ofMillis(300));
    var latch = new CountDownLatch(1);
    world
        .host("hub")
        .start(
            "blocks",
            () -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(() -> world.run(SECOND))
        .isInstanceOf(SimFailure.class)
        .hasMessageContaining("hub/blocks has kept the baton")
        .cause()
        .satisfies(cause ->
            assertThat(cause.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(CountDownLatch.class.getName())));
    assertThatThrownBy(() -> world.run(SECOND)).isInstanceOf(SimFailure.class);
    latch.countDown();
    world.close();
  }

  @Test
  void anErrorInATaskFailsTheRunAndAnExceptionDoesNot() {
    try (var world = new SimWorld(3)) {
      var host = world.host("hub");
      host.start(
          "fails",
          () -> {
            throw new IllegalStateException("bad luck");
          });
      world.run(SECOND);
      assertThat(world.taskFailures())
          .containsExactly("hub/fails: java.lang.IllegalStateException: bad luck");
      host.start("asserts", () -> assertThat(1).isEqualTo(2));
      assertThatThrownBy(() -> world.run(SECOND))
          .isInstanceOf(SimFailure.class)
          .hasMessageContaining("hub/asserts failed")
          .hasMessageContaining("seed 3");
      world.at(SECOND, () -> Integer.parseInt("x"));
      assertThatThrownBy(() -> world.run(SECOND)).isInstanceOf(SimFailure.class);
    }
  }

  @Test
  void aForeignThreadIsToldThatItDoesNotBelong() throws Exception {
    try (var world = new SimWorld(3)) {
      var host = world.host("hub");
      var said = new ArrayList<String>();
      host.start(
          "asks for help",
          () -> {
            var helper =
                Thread.ofPlatform()
                    .name("helper")
                    .start(() -> {
                      try {
                        host.sleep(SECOND);
                      } catch (IllegalStateException e) {
                        said.add(e.getMessage());
                      }
                    });
            try {
              helper.join();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      world.run(SECOND);
      assertThat(said).singleElement().asString().contains("thread helper").contains("hub/asks");
    }
  }

  @Test
  void aThousandTasksTakeTurns() {
    try (var world = new SimWorld(11)) {
      var host = world.host("hub");
      var ends = new AtomicInteger();
      for (int i = 0; i < 1000; i++) {
        host.start(
            "task " + i,
            () -> {
              for (int n = 0; n < 20; n++) {
                host.sleep(Duration.ofMillis(1 + host.random().nextInt(50)));
              }
              ends.incrementAndGet();
            });
      }
      world.runUntil(() -> ends.get() == 1000, Duration.ofMinutes(1));
      assertThat(world.handovers()).isGreaterThan(20_000);
    }
  }

  @Test
  void closingTheWorldEndsEveryTask() {
    var world = new SimWorld(1);
    var host = world.host("hub");
    var task =
        host.start(
            "stubborn",
            () -> {
              while (true) {
                try {
                  host.sleep(SECOND);
                } catch (Cancelled e) {
                  continue;
                }
              }
            });
    world.run(SECOND);
    world.close();
    assertThat(task.ended()).isTrue();
  }
}
