package io.nave.runtime.sim;

import io.nave.runtime.Cancelled;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A task of the simulation, or the driver. All fields belong to the holder of the baton.
final class SimTask implements Task {
  enum State {
    RUNNABLE,
    BLOCKED,
    ENDED
  }

  private final Baton baton;
  private final @Nullable SimHost host; // null for the driver
  private final String name;
  private final Runnable body;
  private final List<SimTask> joiners = new ArrayList<>();
  private @Nullable Thread thread;
  private boolean cancelled;
  private boolean dead;

  State state = State.RUNNABLE;
  boolean cancellable; // in a wait that cancelling ends
  String waitsFor = "its first turn";
  long waitsSince;

  SimTask(Baton baton, @Nullable SimHost host, String name, Runnable body) {
    this.baton = baton;
    this.host = host;
    this.name = name;
    this.body = body;
  }

  /// The driver: runs on the threads that call it.
  static SimTask driver(Baton baton) {
    return new SimTask(baton, null, "driver", () -> {});
  }

  boolean isOn(Thread candidate) {
    return thread == candidate;
  }

  void adopt(Thread caller) {
    thread = caller;
  }

  @Nullable Thread thread() {
    return thread;
  }

  boolean started() {
    return thread != null;
  }

  /// Lets it run: the baton is already its own.
  void resume() {
    if (thread == null) {
      thread = Thread.ofVirtual().name(this.toString()).unstarted(this::live);
      thread.start();
    } else {
      LockSupport.unpark(thread);
    }
  }

  private void live() {
    try {
      body.run();
    } catch (Throwable e) {
      baton.left(this, e);
    }
    baton.ended(this);
  }

  /// Ends its life in the books.
  void end() {
    state = State.ENDED;
    joiners.forEach(baton::wake);
    if (host != null) {
      host.ended(this);
    }
  }

  void kill() {
    dead = true;
  }

  boolean dead() {
    return dead;
  }

  void throwIfDead() {
    if (dead) {
      throw new SimCrash(host == null ? "driver" : host.name());
    }
  }

  void throwIfCancelled() {
    if (cancelled) {
      throw new Cancelled();
    }
  }

  @Nullable SimHost host() {
    return host;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void cancel() {
    baton.alive();
    cancelled = true;
    if (cancellable) {
      baton.wake(this);
    }
  }

  @Override
  public boolean join(Duration atMost) {
    var me = baton.alive();
    me.throwIfCancelled();
    if (state != State.ENDED) {
      joiners.add(me);
      try {
        baton.pause(me, Baton.nanos(atMost), "the end of task " + name);
      } finally {
        joiners.remove(me);
      }
    }
    return state == State.ENDED;
  }

  @Override
  public boolean ended() {
    return state == State.ENDED;
  }

  @Override
  public String toString() {
    return host == null ? name : host.name() + "/" + name;
  }
}
