package io.nave.runtime;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// The machine this process runs on: a virtual thread per task, the system's clock, randomness and
/// files. Its methods may also be called from threads that are not its tasks; an interrupt cancels
/// them.
public final class RealHost implements Host, AutoCloseable {
  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(5);

  private final String name;
  private final Set<RealTask> tasks = ConcurrentHashMap.newKeySet();
  private final SecureRandom secureRandom = new SecureRandom();
  private final RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
  private final Disk disk = new RealDisk();
  private volatile boolean closed;

  private RealHost(String name) {
    this.name = name;
  }

  /// A host whose tasks carry `name` in their threads' names.
  public static RealHost start(String name) {
    return new RealHost(name);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public SecureRandom secureRandom() {
    return secureRandom;
  }

  @Override
  public Task start(String taskName, Runnable body) {
    var task = new RealTask(name, taskName, body, tasks::remove);
    tasks.add(task);
    if (closed) { // after the add: either this sees `closed` or close() sees the task
      tasks.remove(task);
      throw new Cancelled();
    }
    task.start();
    return task;
  }

  @Override
  public void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw RealTask.cancelled();
    }
  }

  @Override
  public Monitor monitor() {
    return new RealMonitor();
  }

  @Override
  public Disk disk() {
    return disk;
  }

  /// Cancels all tasks and waits a few seconds for them to end; [#start(String, Runnable)] throws
  /// [Cancelled] from here on. Called from one of its own tasks it does not wait for that one.
  @Override
  public void close() {
    closed = true;
    tasks.forEach(Task::cancel);
    long deadline = System.nanoTime() + CLOSE_WAIT_MAX.toNanos();
    try {
      for (var task : tasks) {
        if (!task.isCurrent()) {
          task.join(Duration.ofNanos(deadline - System.nanoTime()));
        }
      }
    } catch (Cancelled e) {
      // The closing task is itself asked to stop: the others have been told, and that is enough.
      return;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
