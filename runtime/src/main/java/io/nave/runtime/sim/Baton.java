package io.nave.runtime.sim;

import io.nave.runtime.Cancelled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Who runs: exactly one task, the holder.
///
/// - A holder gives the baton up in [#block], [#yield], [#kill] or by ending; [#next] chooses.
/// - Urgent tasks come first (they unwind after a crash), then a seeded pick of the runnable; when
///   there is none the clock moves to the next timer, unless the driver waits for that quiet.
/// - `current` is the only shared word: writing it passes the baton and publishes all the rest.
final class Baton {
  /// Hand-overs at one instant after which time is taken to stand still for ever.
  private static final long HANDOVERS_PER_INSTANT_MAX = 20_000_000;

  private static final long NOT_DRIVING = -1;

  private final Timers timers = new Timers();
  private final RandomGenerator random;
  private final SimTask driver = SimTask.driver(this);
  private final List<SimTask> runnable = new ArrayList<>();
  private final ArrayDeque<SimTask> urgent = new ArrayDeque<>();
  private final Diagnosis diagnosis;
  private volatile SimTask current = driver;
  private long handovers; // the driver's watchdog reads it racily
  private long handoversAtInstant;
  private long instant;
  private long driveUntil = NOT_DRIVING;
  private @Nullable SimFailure failure;
  private volatile @Nullable SimFailure broken; // set once, when a task never came back
  private int preemptionOneIn = 16;
  private Duration watchdog = Duration.ofMinutes(1); // machines are busy

  /// What the world can say about itself when something fails.
  interface Diagnosis {
    SimFailure of(String problem, @Nullable Throwable cause);
  }

  Baton(RandomGenerator random, Diagnosis diagnosis) {
    this.random = random;
    this.diagnosis = diagnosis;
    driver.adopt(Thread.currentThread());
  }

  static long nanos(Duration time) {
    return TimeUnit.NANOSECONDS.convert(time);
  }

  Timers timers() {
    return timers;
  }

  long handovers() {
    return handovers;
  }

  void preemptionOneIn(int locks) {
    preemptionOneIn = locks;
  }

  void watchdog(Duration time) {
    watchdog = time;
  }

  // ---- who calls

  /// The calling task, which has the baton.
  SimTask me() {
    var holder = current;
    var caller = Thread.currentThread();
    if (holder.isOn(caller)) {
      var lost = broken;
      if (lost != null) {
        holder.kill(); // it came back too late: the test has failed already
      }
      return holder;
    }
    var lost = broken;
    if (lost != null) {
      throw lost;
    }
    if (holder != driver) {
      throw new IllegalStateException(
          "thread %s calls into a simulation in which %s runs; use tasks of a simulated host only"
              .formatted(caller.getName(), holder));
    }
    driver.adopt(caller);
    return driver;
  }

  /// As [#me()].
  ///
  /// @throws SimCrash when its host has crashed
  SimTask alive() {
    var me = me();
    me.throwIfDead();
    return me;
  }

  boolean isDriver(SimTask task) {
    return task == driver;
  }

  boolean isBroken() {
    return broken != null;
  }

  /// A line on what a task does.
  String describe(SimTask task) {
    return task == current || task.state != SimTask.State.BLOCKED
        ? "\n  " + task + " can run"
        : "\n  %s waits for %s since %s"
            .formatted(task, task.waitsFor, EventLog.time(task.waitsSince));
  }

  // ---- waiting

  /// A new task may run from now on.
  void add(SimTask task) {
    runnable.add(task);
  }

  /// Ends the wait of a blocked task; others are left alone.
  void wake(SimTask task) {
    boolean waits = task.state == SimTask.State.BLOCKED && !task.dead();
    if (waits && (task != driver || driveUntil == NOT_DRIVING)) {
      task.state = SimTask.State.RUNNABLE;
      runnable.add(task);
    }
  }

  /// Waits until woken; the caller checks for what.
  void block(SimTask me, String waitsFor) {
    me.state = SimTask.State.BLOCKED;
    me.waitsFor = waitsFor;
    me.waitsSince = timers.now();
    pass(me);
  }

  /// As [#block], at most `nanos`.
  ///
  /// @return false when the time ran out
  boolean blockFor(SimTask me, long nanos, String waitsFor) {
    var timer = timers.add(timers.in(nanos), () -> wake(me));
    try {
      block(me, waitsFor);
    } finally {
      timers.cancel(timer);
    }
    return !timer.fired();
  }

  /// As [#blockFor], but cancelling ends it too; the caller throws then.
  boolean blockCancellable(SimTask me, long nanos, String waitsFor) {
    me.cancellable = true;
    try {
      return blockFor(me, nanos, waitsFor);
    } finally {
      me.cancellable = false;
    }
  }

  /// As [#blockCancellable].
  ///
  /// @throws Cancelled when the task is cancelled
  boolean pause(SimTask me, long nanos, String waitsFor) {
    me.throwIfCancelled();
    boolean woken = blockCancellable(me, nanos, waitsFor);
    me.throwIfCancelled();
    return woken;
  }

  /// Lets another runnable task go first, now and then; the driver is never interrupted.
  void preempt(SimTask me) {
    if (me != driver && !runnable.isEmpty() && random.nextInt(preemptionOneIn) == 0) {
      runnable.add(me);
      pass(me);
    }
  }

  // ---- the driver

  /// Driver only: the others run until nothing more happens at or before `until`.
  void drive(SimTask me, long until) {
    if (me != driver) {
      throw new IllegalStateException("the world is run by the test, not by task " + me);
    }
    driveUntil = until;
    try {
      block(driver, "the world");
    } finally {
      driveUntil = NOT_DRIVING;
    }
  }

  /// Ends the driver's call with `problem`; the first one counts.
  void fail(String problem, @Nullable Throwable cause) {
    if (failure == null) {
      failure = diagnosis.of(problem, cause);
    }
  }

  /// Driver only: throws what [#fail] left.
  void throwFailure() {
    var failed = failure;
    if (failed != null) {
      failure = null;
      throw failed;
    }
  }

  // ---- ends

  /// Something was thrown out of a task's body.
  void left(SimTask task, Throwable thrown) {
    var host = task.host();
    if (task.dead() || thrown instanceof Cancelled || host == null) {
      return;
    }
    host.failed(task, thrown);
  }

  /// The task's last act: its thread ends and another runs.
  void ended(SimTask task) {
    task.end();
    if (broken == null) {
      handOver(next());
    }
  }

  /// Ends tasks at once: each unwinds by [SimCrash] before anything else runs. Does not return when
  /// the caller is among them.
  void kill(SimTask me, List<SimTask> victims) {
    for (var victim : victims) {
      victim.kill();
      if (victim == me) {
        continue;
      }
      if (victim.started()) {
        urgent.addLast(victim);
      } else {
        victim.end();
      }
    }
    runnable.removeIf(SimTask::dead);
    if (!urgent.isEmpty()) {
      urgent.forEach(victim -> victim.state = SimTask.State.RUNNABLE);
      urgent.addLast(me);
      pass(me);
    }
    me.throwIfDead();
  }

  // ---- the baton itself

  private void pass(SimTask me) {
    var next = next();
    if (next != me) {
      handOver(next);
      awaitBaton(me);
    }
    me.state = SimTask.State.RUNNABLE;
    if (me == driver) {
      throwFailure();
    }
    me.throwIfDead();
  }

  private void handOver(SimTask next) {
    handovers++;
    current = next;
    next.resume();
  }

  private SimTask next() {
    while (true) {
      if (failure != null || standsStill()) {
        runnable.remove(driver);
        return driver;
      }
      if (!urgent.isEmpty()) {
        return urgent.removeFirst();
      }
      if (!runnable.isEmpty()) {
        return pick();
      }
      if (driveUntil != NOT_DRIVING && timers.nextAt() > driveUntil) {
        return driver;
      }
      if (!timers.fireNext()) {
        fail("no task can run and no timer is set", null);
      }
    }
  }

  private SimTask pick() {
    int last = runnable.size() - 1;
    int picked = last == 0 ? 0 : random.nextInt(last + 1);
    var task = runnable.get(picked);
    runnable.set(picked, runnable.get(last));
    runnable.remove(last);
    return task;
  }

  private boolean standsStill() {
    if (instant != timers.now()) {
      instant = timers.now();
      handoversAtInstant = 0;
    }
    if (++handoversAtInstant > HANDOVERS_PER_INSTANT_MAX) {
      handoversAtInstant = 0;
      fail(HANDOVERS_PER_INSTANT_MAX + " hand-overs passed and time stood still", null);
      return true;
    }
    return false;
  }

  private void awaitBaton(SimTask me) {
    if (me == driver) {
      awaitBatonWatching();
      return;
    }
    while (current != me) {
      LockSupport.park(this);
    }
  }

  /// The driver's wait is the watchdog: a task that neither waits in the seam nor ends is found.
  private void awaitBatonWatching() {
    long seen = handovers;
    long since = System.nanoTime();
    while (current != driver) {
      LockSupport.parkNanos(this, 200_000_000);
      if (seen != handovers) {
        seen = handovers;
        since = System.nanoTime();
      } else if (current != driver && System.nanoTime() - since > watchdog.toNanos()) {
        throw lost(current);
      }
    }
  }

  private SimFailure lost(SimTask holder) {
    var stack = new StackOverview("where task " + holder + " is");
    var thread = holder.thread();
    if (thread != null) {
      stack.setStackTrace(thread.getStackTrace());
    }
    var lost =
        diagnosis.of(
            "task %s has kept the baton for %d s of real time: it computes, or it blocks outside of the seam"
                .formatted(holder, watchdog.toSeconds()),
            stack);
    broken = lost;
    return lost;
  }

  /// Carries the stack trace of another thread.
  private static final class StackOverview extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StackOverview(String message) {
      super(message);
    }
  }
}
