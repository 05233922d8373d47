package io.nave.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A virtual thread. Being cancelled is its interrupt flag, which is never cleared, so that code
/// which catches too much is stopped by its next waiting call.
final class RealTask implements Task {
  private static final Logger LOG = LoggerFactory.getLogger(RealTask.class);

  private final String name;
  private final Thread thread;
  private final CountDownLatch done = new CountDownLatch(1);

  RealTask(String host, String name, Runnable body, Consumer<RealTask> whenEnded) {
    this.name = name;
    this.thread =
        Thread.ofVirtual()
            .name(host + "/" + name)
            .unstarted(() -> {
              try {
                run(body);
              } finally {
                whenEnded.accept(this);
                done.countDown();
              }
            });
  }

  /// To be thrown where an [InterruptedException] was caught; keeps the task cancelled.
  static Cancelled cancelled() {
    Thread.currentThread().interrupt();
    return new Cancelled();
  }

  /// A duration as a wait's nanoseconds; what is too long for them is forever.
  static long nanos(Duration time) {
    return TimeUnit.NANOSECONDS.convert(time);
  }

  void start() {
    thread.start();
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  private void run(Runnable body) {
    try {
      body.run();
    } catch (Cancelled e) {
      LOG.atTrace().addKeyValue("task", name).log("task cancelled");
    } catch (Throwable e) {
      LOG.atError().addKeyValue("task", name).setCause(e).log("task failed");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void cancel() {
    thread.interrupt();
  }

  @Override
  public boolean join(Duration atMost) {
    try {
      return done.await(nanos(atMost), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw cancelled();
    }
  }

  @Override
  public boolean ended() {
    return done.getCount() == 0;
  }

  @Override
  public String toString() {
    return thread.getName();
  }
}
