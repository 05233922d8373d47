package io.nave.runtime.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Hosts, their network and their time, all from one seed.
///
/// ```java
/// try (var world = new SimWorld(seed)) {
///   var hub = world.host("hub");
///   hub.start("main", () -> ...);
///   world.at(Duration.ofSeconds(30), hub::crash);
///   world.runUntil(() -> agent.joined(), Duration.ofMinutes(5));
/// }
/// ```
///
/// The thread that calls these methods drives the world: between its calls nothing moves. It may
/// use hosts as a task would, and time passes while it waits. Only one thread at a time.
public final class SimWorld implements AutoCloseable {
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
  private static final int TAIL_LINES = 25;
  private static final int TASKS_LISTED_MAX = 100;

  private final long seed;
  private final EventLog events = new EventLog();
  private final Baton baton;
  private final Map<String, SimHost> hosts = new LinkedHashMap<>();
  private final List<String> taskFailures = new ArrayList<>();
  private final SimNetwork network;
  private final SimHost own;

  public SimWorld(long seed) {
    this.seed = seed;
    var random = new SplittableRandom(seed);
    this.baton = new Baton(random.split(), this::diagnose);
    this.network = new SimNetwork(this, baton, random.split());
    this.own = new SimHost(this, baton, "world");
  }

  public long seed() {
    return seed;
  }

  /// The host of that name, new when there is none yet.
  public SimHost host(String name) {
    return hosts.computeIfAbsent(name, _ -> new SimHost(this, baton, name));
  }

  /// The wires between its hosts.
  public SimNetwork network() {
    return network;
  }

  /// Virtual time since the world began.
  public Duration elapsed() {
    return Duration.ofNanos(baton.timers().now());
  }

  /// The time an unskewed clock shows.
  public Instant trueTime() {
    return BEGINNING.plusNanos(baton.timers().now());
  }

  /// Has `event` run `after` from now, on a task of its own outside of all hosts. Anything it
  /// throws fails the run.
  public void at(Duration after, Runnable event) {
    baton.alive();
    long due = baton.timers().in(Baton.nanos(after));
    baton.timers().add(due, () -> own.spawn("event", event));
  }

  /// Lets the world run for `time`, all of its last instant included.
  ///
  /// @throws SimFailure when a task ended by an [Error] or does not come back
  public void run(Duration time) {
    var me = baton.alive();
    var timers = baton.timers();
    long end = timers.in(Baton.nanos(time));
    baton.drive(me, end);
    timers.skipTo(end);
  }

  /// Lets the world run until `condition` holds, asking whenever nothing more happens at an
  /// instant.
  ///
  /// @throws SimFailure when it does not hold within `atMost`, or nothing can ever happen again, or
  ///   as [#run]
  public void runUntil(BooleanSupplier condition, Duration atMost) {
    var me = baton.alive();
    var timers = baton.timers();
    long end = timers.in(Baton.nanos(atMost));
    baton.drive(me, timers.now());
    while (!condition.getAsBoolean()) {
      long next = timers.nextAt();
      if (next == Timers.NEVER) {
        throw diagnose(
            "no task can run and no timer is set, so the condition cannot come true", null);
      }
      if (next > end) {
        timers.skipTo(end);
        throw diagnose("the condition did not come true within " + atMost, null);
      }
      baton.drive(me, next);
    }
  }

  /// Adds a line to the event log.
  public void log(String event) {
    log("world", event);
  }

  void log(String host, String event) {
    events.add(baton.timers().now(), host, event);
  }

  /// All that happened so far: the same text for the same seed and program.
  public String eventLog() {
    return events.text();
  }

  /// What was thrown out of tasks so far, but for [io.nave.runtime.Cancelled] and crashes.
  public List<String> taskFailures() {
    return List.copyOf(taskFailures);
  }

  /// How often the baton changed hands; for measuring.
  public long handovers() {
    return baton.handovers();
  }

  /// Has one in `locks` takings of a free monitor let another task go first; 16 unless set.
  public void preemptionOneIn(int locks) {
    baton.preemptionOneIn(locks);
  }

  /// How long of real time a task may go without a seam call; a minute unless set.
  public void watchdog(Duration realTime) {
    baton.watchdog(realTime);
  }

  /// Ends all tasks.
  @Override
  public void close() {
    if (baton.isBroken()) {
      return;
    }
    var me = baton.alive();
    var all = new ArrayList<SimTask>(own.tasks());
    hosts.values().forEach(host -> all.addAll(host.tasks()));
    baton.kill(me, all);
  }

  boolean isOwn(SimHost host) {
    return host == own;
  }

  void taskFailed(String failure) {
    taskFailures.add(failure);
  }

  private SimFailure diagnose(String problem, @Nullable Throwable cause) {
    var text = new StringBuilder(problem);
    text.append("\nseed ").append(seed);
    text.append(", virtual time ").append(EventLog.time(baton.timers().now())).append(" s");
    text.append("\ntasks:");
    var tasks = new ArrayList<SimTask>(own.tasks());
    hosts.values().forEach(host -> tasks.addAll(host.tasks()));
    tasks.stream().limit(TASKS_LISTED_MAX).forEach(task -> text.append(baton.describe(task)));
    if (tasks.size() > TASKS_LISTED_MAX) {
      text.append("\n  and ").append(tasks.size() - TASKS_LISTED_MAX).append(" more");
    }
    text.append("\nlast events:\n").append(events.tail(TAIL_LINES));
    return new SimFailure(text.toString(), cause);
  }
}
