package io.nave.runtime.sim;

import io.nave.runtime.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A lock of the simulation. Taking it is a place where the seed may let another task go first.
final class SimMonitor implements Monitor {
  private final Baton baton;
  private final List<SimTask> entering = new ArrayList<>();
  private final List<SimTask> waiting = new ArrayList<>();
  private final Held held = this::release;
  private @Nullable SimTask owner;
  private int holds;

  SimMonitor(Baton baton) {
    this.baton = baton;
  }

  @Override
  public Held lock() {
    var me = baton.alive();
    if (owner != me) {
      baton.preempt(me);
      enter(me, 1);
    } else {
      holds++;
    }
    return held;
  }

  private void enter(SimTask me, int count) {
    while (owner != null) {
      entering.add(me);
      try {
        baton.block(me, "a monitor that " + owner + " holds");
      } finally {
        entering.remove(me);
      }
    }
    owner = me;
    holds = count;
  }

  /// A task whose host crashed while it waited does not hold the lock any more.
  private void release() {
    var me = baton.me();
    if (owner != me) {
      if (me.dead()) {
        return;
      }
      throw notHeld(me);
    }
    if (--holds == 0) {
      free();
    }
  }

  private void free() {
    owner = null;
    entering.forEach(baton::wake);
  }

  @Override
  public void await() {
    await(Long.MAX_VALUE);
  }

  @Override
  public boolean await(Duration time) {
    return await(Baton.nanos(time));
  }

  private boolean await(long nanos) {
    var me = baton.alive();
    requireHeld(me);
    me.throwIfCancelled();
    int count = holds;
    free();
    waiting.add(me);
    boolean signalled;
    try {
      signalled = baton.blockCancellable(me, nanos, "a signal");
    } finally {
      waiting.remove(me);
    }
    enter(me, count);
    me.throwIfCancelled();
    return signalled;
  }

  @Override
  public void signalAll() {
    requireHeld(baton.alive());
    waiting.forEach(baton::wake);
  }

  private void requireHeld(SimTask me) {
    if (owner != me) {
      throw notHeld(me);
    }
  }

  private IllegalMonitorStateException notHeld(SimTask me) {
    return new IllegalMonitorStateException(
        "task "
            + me
            + " does not hold the monitor; "
            + (owner == null ? "nobody" : owner)
            + " does");
  }
}
