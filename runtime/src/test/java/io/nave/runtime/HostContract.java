package io.nave.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What every host promises. The test's own thread waits as a task would.
abstract class HostContract {
  static final Duration LONG = Duration.ofMinutes(1);
  static final Duration SHORT = Duration.ofMillis(20);

  abstract Host host();

  /// A folder on the host's disk that is not there yet.
  abstract Path folder();

  @Test
  void aTaskRunsAndCanBeJoined() {
    var ran = new AtomicBoolean();
    var task = host().start("one", () -> ran.set(true));
    assertThat(task.join(LONG)).isTrue();
    assertThat(ran).isTrue();
    assertThat(task.ended()).isTrue();
    assertThat(task.name()).isEqualTo("one");
  }

  @Test
  void joiningGivesUpAfterItsTime() {
    var never = host().mailbox(1);
    var task = host().start("waits", never::take);
    assertThat(task.join(SHORT)).isFalse();
    assertThat(task.ended()).isFalse();
    never.close();
    assertThat(task.join(LONG)).isTrue();
  }

  @Test
  void aFailingTaskEndsAloneAndCanStillBeJoined() {
    var failing = host().start("fails", () -> check(false));
    assertThat(failing.join(LONG)).isTrue();
    assertThat(host().start("next", () -> {}).join(LONG)).isTrue();
  }

  @Test
  void sleepingLetsMonotonicTimePass() {
    long before = host().nanoTime();
    host().sleep(SHORT);
    assertThat(host().nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void wallClockMovesForwardWhileSleeping() {
    var before = host().now();
    host().sleep(SHORT);
    assertThat(host().now()).isAfter(before);
  }

  @Test
  void cancellingEndsASleep() {
    assertCancelled(() -> host().sleep(LONG.multipliedBy(100)));
  }

  @Test
  void cancellingEndsAMonitorWaitWithTheLockHeld() {
    var monitor = host().monitor();
    assertCancelled(() -> {
      try (var _ = monitor.lock()) {
        try {
          monitor.await();
        } finally {
          monitor.signalAll(); // throws unless the lock is held
        }
      }
    });
  }

  @Test
  void cancellingEndsAJoin() {
    var never = host().mailbox(1);
    var waiting = host().start("waits", never::take);
    assertCancelled(() -> waiting.join(LONG.multipliedBy(100)));
    never.close();
  }

  @Test
  void cancellingEndsATakeAndAPut() {
    var empty = host().mailbox(1);
    assertCancelled(empty::take);
    var full = host().<String>mailbox(1);
    full.offer("x");
    assertCancelled(() -> full.put("y"));
    assertThat(full.size()).isEqualTo(1);
  }

  @Test
  void aTaskCancelledBeforeItWaitsIsStoppedByItsFirstWait() {
    var go = new AtomicBoolean();
    var outcome = new AtomicReference<String>("");
    var monitor = host().monitor();
    var task =
        host()
            .start(
                "spins",
                () -> {
                  while (!go.get()) {
                    try (var _ = monitor.lock()) {
                      Thread.onSpinWait();
                    }
                  }
                  outcome.set(outcomeOf(() -> host().sleep(Duration.ofHours(1))));
                });
    task.cancel();
    go.set(true);
    assertThat(task.join(LONG)).isTrue();
    assertThat(outcome.get()).isEqualTo("cancelled");
  }

  @Test
  void aTaskThatSwallowsItsCancellingIsStoppedByItsNextWait() {
    var outcomes = new ArrayList<String>();
    var task =
        host()
            .start(
                "stubborn",
                () -> {
                  for (int i = 0; i < 3; i++) {
                    outcomes.add(outcomeOf(() -> host().sleep(Duration.ofHours(1))));
                  }
                });
    task.cancel();
    task.cancel();
    assertThat(task.join(LONG)).isTrue();
    assertThat(outcomes).containsExactly("cancelled", "cancelled", "cancelled");
  }

  @Test
  void aMonitorIsReentrantAndExcludesOthers() {
    var monitor = host().monitor();
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var total = new int[1];
    var tasks = new ArrayList<Task>();
    for (int i = 0; i < 8; i++) {
      tasks.add(
          host()
              .start(
                  "adds",
                  () -> {
                    for (int n = 0; n < 500; n++) {
                      try (var _ = monitor.lock();
                          var _ = monitor.lock()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        total[0]++;
                        inside.decrementAndGet();
                      }
                    }
                  }));
    }
    assertThat(tasks).allMatch(task -> task.join(LONG));
    assertThat(most).hasValue(1);
    assertThat(total[0]).isEqualTo(4000);
  }

  @Test
  void aNestedWaitReleasesTheWholeLock() {
    var monitor = host().monitor();
    var ready = new AtomicBoolean();
    var task =
        host()
            .start(
                "waits",
                () -> {
                  try (var _ = monitor.lock();
                      var _ = monitor.lock()) {
                    while (!ready.get()) {
                      monitor.await();
                    }
                  }
                });
    assertThat(task.join(SHORT)).isFalse();
    try (var _ = monitor.lock()) {
      ready.set(true);
      monitor.signalAll();
    }
    assertThat(task.join(LONG)).isTrue();
  }

  @Test
  void aTimedWaitTellsThatItsTimeRanOut() {
    var monitor = host().monitor();
    try (var _ = monitor.lock()) {
      long before = host().nanoTime();
      boolean signalled = true;
      while (signalled) {
        signalled = monitor.await(SHORT);
      }
      assertThat(host().nanoTime() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
    }
  }

  @Test
  void aMonitorThatIsNotHeldCannotBeSignalledOrWaitedFor() {
    var monitor = host().monitor();
    assertThatThrownBy(monitor::signalAll).isInstanceOf(IllegalMonitorStateException.class);
    assertThatThrownBy(monitor::await).isInstanceOf(IllegalMonitorStateException.class);
  }

  @Test
  void aMailboxKeepsOrderAndNeverHoldsMoreThanItsCapacity() {
    var box = host().<Integer>mailbox(3);
    var taken = new ArrayList<Integer>();
    var most = new AtomicInteger();
    var taker =
        host()
            .start(
                "takes",
                () -> {
                  for (var item = box.take(); item != null; item = box.take()) {
                    most.accumulateAndGet(box.size(), Math::max);
                    taken.add(item);
                  }
                });
    var expected = new ArrayList<Integer>();
    for (int i = 0; i < 200; i++) {
      expected.add(i);
      assertThat(box.put(i)).isTrue();
    }
    box.close();
    assertThat(taker.join(LONG)).isTrue();
    assertThat(taken).isEqualTo(expected);
    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(box.ended()).isTrue();
  }

  @Test
  void aFullOrClosedMailboxRefusesAnOffer() {
    var box = host().<String>mailbox(1);
    assertThat(box.offer("a")).isTrue();
    assertThat(box.offer("b")).isFalse();
    box.close();
    assertThat(box.ended()).isFalse();
    assertThat(box.take()).isEqualTo("a");
    assertThat(box.offer("c")).isFalse();
    assertThat(box.put("d")).isFalse();
    assertThat(box.take()).isNull();
    assertThat(box.ended()).isTrue();
    assertThatThrownBy(() -> host().mailbox(0)).hasMessageContaining("was 0");
  }

  @Test
  void closingAMailboxReleasesTakersAndPutters() {
    var empty = host().<String>mailbox(1);
    var full = host().<String>mailbox(1);
    full.offer("x");
    var taker = host().start("takes", () -> check(empty.take() == null));
    var putter = host().start("puts", () -> check(!full.put("y")));
    assertThat(taker.join(SHORT)).isFalse();
    empty.close();
    full.close();
    assertThat(taker.join(LONG)).isTrue();
    assertThat(putter.join(LONG)).isTrue();
  }

  @Test
  void aMailboxIsTakenInGroups() {
    var box = host().<Integer>mailbox(10);
    for (int i = 0; i < 5; i++) {
      box.offer(i);
    }
    assertThat(box.takeAll(3)).containsExactly(0, 1, 2);
    assertThat(box.takeAll(3)).containsExactly(3, 4);
    box.close();
    assertThat(box.takeAll(3)).isEmpty();
  }

  @Test
  void pollingGivesUpAfterItsTimeEvenWhenOthersTakeWhatItWasWokenFor() {
    var box = host().<Integer>mailbox(1);
    var stop = new AtomicBoolean();
    var others =
        host()
            .start(
                "puts and takes",
                () -> {
                  while (!stop.get()) {
                    if (box.offer(1)) {
                      box.poll(Duration.ZERO);
                    }
                    host().sleep(Duration.ofMillis(1));
                  }
                });
    long before = host().nanoTime();
    while (box.poll(SHORT) != null) {
      before = host().nanoTime();
    }
    assertThat(Duration.ofNanos(host().nanoTime() - before)).isBetween(SHORT, LONG.dividedBy(4));
    stop.set(true);
    assertThat(others.join(LONG)).isTrue();
  }

  @Test
  void randomnessIsNotConstant() {
    assertThat(host().random().nextLong()).isNotEqualTo(host().random().nextLong());
    var first = new byte[32];
    var second = new byte[32];
    host().secureRandom().nextBytes(first);
    host().secureRandom().nextBytes(second);
    assertThat(first).isNotEqualTo(second);
    assertThat(host().secureRandom().generateSeed(8)).hasSize(8);
  }

  @Test
  void aFileIsReplacedDeletedAndListed() {
    var disk = host().disk();
    var file = folder().resolve("keys/b.pem");
    assertThat(disk.read(file)).isEmpty();
    assertThat(disk.list(folder().resolve("keys"))).isEmpty();
    disk.write(file, "one".getBytes(UTF_8));
    disk.write(file, "two".getBytes(UTF_8));
    disk.write(folder().resolve("keys/a.pem"), new byte[0]);
    disk.write(folder().resolve("keys/deeper/c.pem"), new byte[0]);
    assertThat(disk.read(file)).hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("two"));
    assertThat(disk.list(folder().resolve("keys")))
        .containsExactly(folder().resolve("keys/a.pem"), file);
    disk.delete(file);
    disk.delete(file);
    assertThat(disk.read(file)).isEmpty();
  }

  @Test
  void aFileGrowsAndMoves() {
    var disk = host().disk();
    var file = folder().resolve("log/a");
    disk.append(file, "one ".getBytes(UTF_8));
    disk.append(file, "two".getBytes(UTF_8));
    assertThat(disk.read(file))
        .hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("one two"));
    var other = folder().resolve("log/b");
    disk.move(file, other);
    assertThat(disk.read(file)).isEmpty();
    assertThat(disk.read(other))
        .hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("one two"));
    disk.append(file, "new".getBytes(UTF_8));
    assertThat(disk.list(folder().resolve("log"))).containsExactly(file, other);
    assertThatThrownBy(() -> disk.move(folder().resolve("log/none"), file))
        .isInstanceOf(Disk.DiskFailure.class);
  }

  @Test
  void aFolderIsDeletedWithEverythingInIt() {
    var disk = host().disk();
    var keys = folder().resolve("keys");
    disk.write(keys.resolve("a.pem"), new byte[0]);
    disk.write(keys.resolve("deeper/b.pem"), new byte[0]);
    disk.write(folder().resolve("other"), new byte[0]);
    disk.deleteFolder(keys);
    disk.deleteFolder(keys);
    assertThat(disk.list(keys)).isEmpty();
    assertThat(disk.read(keys.resolve("deeper/b.pem"))).isEmpty();
    assertThat(disk.read(folder().resolve("other"))).isPresent();
  }

  @Test
  void aFolderIsLockedOnceUntilItIsGivenBack() {
    var disk = host().disk();
    var lock = disk.lock(folder());
    assertThatThrownBy(() -> disk.lock(folder()))
        .isInstanceOf(Disk.DiskFailure.class)
        .hasMessageMatching(".* is in use by process \\d+; stop it or choose another --data-dir");
    assertThat(disk.list(folder())).isEmpty();
    lock.close();
    lock.close();
    disk.lock(folder()).close();
  }

  @Test
  void aCancelledTaskCanStillUseTheDisk() {
    var file = folder().resolve("state");
    var task =
        host()
            .start(
                "writes",
                () -> {
                  check(outcomeOf(() -> host().sleep(LONG)).equals("cancelled"));
                  host().disk().write(file, new byte[] {1});
                  check(outcomeOf(() -> host().sleep(LONG)).equals("cancelled"));
                  host().disk().write(file, host().disk().read(file).orElseThrow());
                });
    task.cancel();
    assertThat(task.join(LONG)).isTrue();
    assertThat(host().disk().read(file)).hasValueSatisfying(b -> assertThat(b).hasSize(1));
  }

  static void check(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("expected by this test");
    }
  }

  static String outcomeOf(Runnable waiting) {
    try {
      waiting.run();
      return "done";
    } catch (Cancelled e) {
      return "cancelled";
    }
  }

  private void assertCancelled(Runnable waiting) {
    var outcome = new AtomicReference<>("");
    var task = host().start("waits", () -> outcome.set(outcomeOf(waiting)));
    assertThat(task.join(SHORT)).isFalse();
    task.cancel();
    assertThat(task.join(LONG)).isTrue();
    assertThat(outcome.get()).isEqualTo("cancelled");
  }
}
