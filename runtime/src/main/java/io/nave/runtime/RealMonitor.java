package io.nave.runtime;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A JDK lock with its one condition.
final class RealMonitor implements Monitor {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition signalled = lock.newCondition();
  private final Held held = lock::unlock;

  @Override
  public Held lock() {
    lock.lock();
    return held;
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  public void await() {
    try {
      signalled.await();
    } catch (InterruptedException e) {
      throw RealTask.cancelled();
    }
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  public boolean await(Duration time) {
    try {
      return signalled.awaitNanos(RealTask.nanos(time)) > 0;
    } catch (InterruptedException e) {
      throw RealTask.cancelled();
    }
  }

  @Override
  public void signalAll() {
    signalled.signalAll();
  }
}
