package io.nave.runtime.sim;

import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A simulated machine: its tasks share the world's clock and baton, its randomness is its own
/// stream of the world's seed. After [#crash()] it is up again at once, with nothing but its disk;
/// start new tasks on it to restart what ran there.
public final class SimHost implements Host {
  private static final Logger LOG = LoggerFactory.getLogger(SimHost.class);

  private final SimWorld world;
  private final Baton baton;
  private final String name;
  private final SplittableRandom random;
  private final SecureRandom secureRandom;
  private final long nanoOrigin;
  private final SimDisk disk;
  private final Set<SimTask> tasks = new LinkedHashSet<>();
  private Duration skew = Duration.ZERO;

  SimHost(SimWorld world, Baton baton, String name) {
    this.world = world;
    this.baton = baton;
    this.name = name;
    this.random = new SplittableRandom(world.seed() ^ (0x9E3779B97F4A7C15L * name.hashCode()));
    this.secureRandom = new SimSecureRandom(random.nextLong());
    this.nanoOrigin = random.nextLong(1L << 50);
    this.disk = new SimDisk(this, baton, random.split());
  }

  /// Its name; also where its requests come from, as servers see it.
  public String name() {
    return name;
  }

  /// The world it stands in.
  public SimWorld world() {
    return world;
  }

  /// Sets how far its wall clock is ahead of true time (behind when negative), from now on.
  /// Monotonic time and waiting are not affected.
  public void skew(Duration ahead) {
    log("clock skew " + ahead);
    skew = ahead;
  }

  /// The machine stops dead: its tasks end at once by [SimCrash], its connections break, locks on
  /// its disk are free. Does not return when called by one of its own tasks.
  public void crash() {
    var me = baton.alive();
    log("crash");
    world.network().crashed(this);
    disk.crashed();
    baton.kill(me, List.copyOf(tasks));
  }

  @Override
  public Instant now() {
    return world.trueTime().plus(skew);
  }

  @Override
  public long nanoTime() {
    return nanoOrigin + baton.timers().now();
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
    baton.alive();
    return spawn(taskName, body);
  }

  /// As [#start], also from inside the scheduler.
  Task spawn(String taskName, Runnable body) {
    var task = new SimTask(baton, this, taskName, body);
    tasks.add(task);
    log("start " + taskName);
    baton.add(task);
    return task;
  }

  @Override
  public void sleep(Duration time) {
    var me = baton.alive();
    baton.pause(me, Baton.nanos(time), "the end of its sleep");
  }

  @Override
  public Monitor monitor() {
    return new SimMonitor(baton);
  }

  @Override
  public SimDisk disk() {
    return disk;
  }

  void log(String event) {
    world.log(name, event);
  }

  Set<SimTask> tasks() {
    return tasks;
  }

  void ended(SimTask task) {
    tasks.remove(task);
    if (!task.dead()) {
      log("end " + task.name());
    }
  }

  /// An exception ends its task only; an [Error], and anything from the test's own events, ends the
  /// run: what is wrong then is the program or the test.
  void failed(SimTask task, Throwable thrown) {
    log("task " + task.name() + " failed: " + thrown);
    if (thrown instanceof Error || world.isOwn(this)) {
      baton.fail("task " + task + " failed: " + thrown, thrown);
    } else {
      LOG.atError()
          .addKeyValue("host", name)
          .addKeyValue("task", task.name())
          .setCause(thrown)
          .log("task failed");
    }
    world.taskFailed(task + ": " + thrown);
  }

  @Override
  public String toString() {
    return name;
  }
}
