package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.Controller.Options;
import io.nave.runtime.Transport.Unreachable;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

final class ControllerTest {
  private static final ResourceType WORKS = ResourceType.of("g", "v1", "Work", "works", true);
  private static final Key A = Key.of("n", "a");
  private static final Key B = Key.of("n", "b");

  private final SimWorld world = new SimWorld(1);
  private final SimHost host = world.host("hub");
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<String> passes = new ArrayList<>(); // key@milliseconds

  @AfterEach
  void closeTheWorld() {
    world.close();
    assertThat(world.taskFailures()).isEmpty();
  }

  private Controller controller(int workers, Reconciler reconciler) {
    Reconciler noted =
        key -> {
          passes.add(key.name() + "@" + world.elapsed().toMillis());
          return reconciler.reconcile(key);
        };
    return new Controller(host, "test", noted, Options.workers(workers), metrics);
  }

  @Test
  void settledKeysAreLeftAlone() {
    var controller = controller(1, _ -> new Outcome.Settled());
    controller.enqueue(A);
    controller.enqueue(A);
    controller.enqueue(B);
    controller.start();
    world.run(Duration.ofHours(1));
    assertThat(passes).containsExactly("a@0", "b@0");
    assertThat(count("settled")).isEqualTo(2);
  }

  @Test
  void checkAfterLooksAgain() {
    var controller = controller(1, _ -> new Outcome.CheckAfter(Duration.ofMillis(700))).start();
    controller.enqueue(A);
    world.run(Duration.ofMillis(1500));
    assertThat(passes).containsExactly("a@0", "a@700", "a@1400");
    assertThat(count("check_after")).isEqualTo(3);
  }

  @Test
  void aChangeInBetweenMovesTheNextCheck() {
    var controller = controller(1, _ -> new Outcome.CheckAfter(Duration.ofMillis(700))).start();
    controller.enqueue(A);
    world.at(Duration.ofMillis(500), () -> controller.enqueue(A));
    world.run(Duration.ofMillis(1300));
    assertThat(passes).containsExactly("a@0", "a@500", "a@1200");
  }

  @Test
  void stalledKeysWaitForSomeoneToAct() {
    var controller = controller(1, _ -> new Outcome.Stalled("NoSuchSet")).start();
    controller.enqueue(A);
    world.run(Duration.ofHours(1));
    assertThat(passes).hasSize(1);
    controller.enqueue(A);
    world.run(Duration.ofHours(1));
    assertThat(passes).hasSize(2);
    assertThat(count("stalled")).isEqualTo(2);
  }

  @Test
  void failuresAreTriedAgainAfterGrowingWaits() {
    var controller =
        controller(
                1,
                _ -> {
                  throw new IllegalStateException("broken");
                })
            .start();
    controller.enqueue(A);
    world.run(Duration.ofMinutes(30));
    var times = passes.stream().map(p -> Long.parseLong(p.substring(2))).toList();
    assertThat(times.get(1)).isBetween(2L, 5L);
    var longest = 0L;
    for (var i = 1; i < times.size(); i++) {
      var full = Math.min(60_000, 5L << Math.min(i - 1, 20));
      assertThat(times.get(i) - times.get(i - 1)).isBetween(full / 2 - 1, full + 1);
      longest = Math.max(longest, times.get(i) - times.get(i - 1));
    }
    assertThat(longest).isGreaterThan(45_000);
    assertThat(count("failed")).isEqualTo(times.size());
  }

  @Test
  void aSuccessForgetsTheFailuresBefore() {
    var turns = new TreeMap<Integer, Integer>();
    var controller =
        controller(
                1,
                _ -> {
                  var turn = turns.merge(0, 1, Integer::sum);
                  if (turn % 8 != 0) {
                    throw new IllegalStateException("broken");
                  }
                  return new Outcome.Settled();
                })
            .start();
    controller.enqueue(A);
    world.at(Duration.ofSeconds(100), () -> controller.enqueue(A));
    world.run(Duration.ofSeconds(110));
    assertThat(passes).hasSize(16);
    assertThat(passes.get(8)).isEqualTo("a@100000");
    assertThat(Long.parseLong(passes.get(9).substring(2))).isLessThanOrEqualTo(100_005);
  }

  @Test
  void conflictsAndLostConnectionsCountAsRetriedNotFailed() {
    var faults =
        new ArrayList<RuntimeException>(
            List.of(
                ApiError.conflict(WORKS, "a", "it was changed"), new Unreachable("gone", null)));
    var controller =
        controller(
                1,
                _ -> {
                  if (!faults.isEmpty()) {
                    throw faults.removeFirst();
                  }
                  return new Outcome.Settled();
                })
            .start();
    controller.enqueue(A);
    world.run(Duration.ofSeconds(1));
    assertThat(passes).hasSize(3);
    assertThat(count("retried")).isEqualTo(2);
    assertThat(count("failed")).isZero();
  }

  @Test
  void waitsAtLeastAsLongAsTheServerAsks() {
    var turns = new ArrayList<Key>();
    var controller =
        controller(
                1,
                key -> {
                  turns.add(key);
                  if (turns.size() == 1) {
                    throw ApiError.tooManyRequests("busy", 30);
                  }
                  return new Outcome.Settled();
                })
            .start();
    controller.enqueue(A);
    world.run(Duration.ofMinutes(1));
    assertThat(passes).hasSize(2);
    assertThat(Long.parseLong(passes.get(1).substring(2))).isBetween(30_000L, 30_010L);
  }

  @Test
  void aFailingKeyDoesNotHoldUpOthersAndDoesNotEndItsWorker() {
    var controller =
        controller(
                1,
                key -> {
                  if (key.equals(A)) {
                    throw new AssertionError("deep in some library");
                  }
                  return new Outcome.Settled();
                })
            .start();
    controller.enqueue(A);
    controller.enqueue(B);
    world.run(Duration.ZERO);
    assertThat(passes).containsExactly("a@0", "b@0");
  }

  @Test
  void enqueueAfterWaits() {
    var controller = controller(1, _ -> new Outcome.Settled()).start();
    controller.enqueueAfter(A, Duration.ofSeconds(3));
    world.run(Duration.ofSeconds(10));
    assertThat(passes).containsExactly("a@3000");
  }

  @Test
  void stepHandlesOneKeyOnTheCallersTask() {
    var controller = controller(1, _ -> new Outcome.Settled());
    controller.enqueue(A);
    assertThat(metrics.get("hub_controller_queue_depth").gauge().value()).isEqualTo(1);
    assertThat(controller.step()).isTrue();
    assertThat(controller.step()).isFalse();
    assertThat(passes).containsExactly("a@0");
    assertThat(metrics.get("hub_controller_queue_depth").gauge().value()).isZero();
    assertThat(metrics.get("hub_controller_reconcile").timer().count()).isEqualTo(1);
  }

  @Test
  void closingStopsWhatRunsAndForgetsWhatWaits() {
    var controller =
        controller(
                2,
                _ -> {
                  host.sleep(Duration.ofHours(1));
                  return new Outcome.Settled();
                })
            .start();
    for (var i = 0; i < 5; i++) {
      controller.enqueue(Key.of("k" + i));
    }
    world.run(Duration.ofSeconds(1));
    var before = world.elapsed();
    controller.close();
    assertThat(world.elapsed()).isEqualTo(before);
    controller.enqueue(A);
    world.run(Duration.ofHours(2));
    assertThat(passes).hasSize(2);
    assertThat(count("settled")).isZero();
  }

  @Test
  void startsOnce() {
    var controller = controller(1, _ -> new Outcome.Settled()).start();
    assertThatThrownBy(controller::start).hasMessageContaining("was started before");
  }

  @Test
  void wantsASaneNumberOfWorkers() {
    assertThatThrownBy(() -> Options.workers(0)).hasMessage("workers: must be 1 to 64, was 0");
    assertThatThrownBy(() -> Options.workers(65)).isInstanceOf(IllegalArgumentException.class);
  }

  /// - Goal: a key never runs twice at a time, and the last run of each key begins after its last
  ///   change.
  /// - Method: several workers with runs that take time and fail at random, changes all the time.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 30)
  void noKeyRunsTwiceAtATimeAndNoChangeIsMissed(long seed) {
    try (var other = new SimWorld(seed)) {
      var machine = other.host("hub");
      var random = machine.random();
      var running = new TreeSet<Key>();
      var seen = new TreeMap<Key, Integer>();
      var present = new TreeMap<Key, Integer>();
      Reconciler reconciler =
          key -> {
            if (!running.add(key)) {
              throw new OutOfMemoryError("key runs twice: " + key); // an Error fails the world
            }
            var value = present.getOrDefault(key, 0);
            try {
              machine.sleep(Duration.ofMillis(random.nextInt(20)));
              if (random.nextInt(4) == 0) {
                throw new IllegalStateException("at random");
              }
              seen.put(key, value);
              return new Outcome.Settled();
            } finally {
              running.remove(key);
            }
          };
      var controller =
          new Controller(machine, "sim", reconciler, Options.workers(4), new SimpleMeterRegistry())
              .start();
      for (var i = 1; i <= 300; i++) {
        var key = Key.of("k" + random.nextInt(6));
        present.put(key, i);
        controller.enqueue(key);
        other.run(Duration.ofMillis(random.nextInt(10)));
      }
      other.run(Duration.ofMinutes(10));
      assertThat(seen).isEqualTo(present);
    }
  }

  private double count(String result) {
    return metrics.get("hub_controller_reconciles_total").tag("result", result).counter().count();
  }
}
