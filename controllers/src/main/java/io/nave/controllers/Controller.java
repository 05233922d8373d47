package io.nave.controllers;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The loop that runs a [Reconciler]: it queues keys, hands each to at most one worker at a time,
/// retries what fails with growing waits, keeps the timers of [Outcome.CheckAfter], counts and
/// logs.
///
/// ```java
/// var controller = new Controller(host, "placement", reconciler, Options.workers(2), metrics);
/// controller.follow(placements, change -> List.of(change.key()));
/// hub.open(controller.start());
/// ```
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final Duration SYNC_ROUND = Duration.ofSeconds(30);
  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(10);

  /// How a controller runs.
  ///
  /// @param workers keys handled at the same time, 1 to 64
  /// @param retry waits between tries of a key that fails
  public record Options(int workers, Backoff retry) {
    private static final Backoff RETRY =
        new Backoff(Duration.ofMillis(5), Duration.ofSeconds(60)); // 5 ms * 2^14 > 60 s

    public Options {
      if (workers < 1 || workers > 64) {
        throw new IllegalArgumentException("workers: must be 1 to 64, was " + workers);
      }
    }

    /// The usual waits with this many workers.
    public static Options workers(int workers) {
      return new Options(workers, RETRY);
    }
  }

  /// What is remembered of a key whose last pass did not end well.
  private record Trouble(int failures, String reason) {}

  private final Host host;
  private final String name;
  private final Reconciler reconciler;
  private final Options options;
  private final KeyQueue queue;
  private final ControllerMetrics metrics;
  // Looked up by key only, never iterated. One entry is written by the worker that runs the key.
  private final Map<Key, Trouble> troubles = new ConcurrentHashMap<>();
  private List<Cache<?>> awaited = List.of(); // written before the workers start
  private final List<Task> workers = new ArrayList<>(); // written by start(), read by close()

  public Controller(
      Host host, String name, Reconciler reconciler, Options options, MeterRegistry registry) {
    this.host = host;
    this.name = name;
    this.reconciler = reconciler;
    this.options = options;
    this.queue = new KeyQueue(host);
    this.metrics = new ControllerMetrics(registry, name, queue);
  }

  /// Starts the workers; keys may be queued before.
  ///
  /// @return this
  public Controller start() {
    if (!workers.isEmpty()) {
      throw new IllegalStateException("controller " + name + " was started before");
    }
    for (var i = 1; i <= options.workers(); i++) {
      workers.add(host.start(name + "-" + i, this::work));
    }
    return this;
  }

  /// Starts the workers, which take no key before every cache is synced: deciding on half a view
  /// would undo what need not be undone.
  ///
  /// @return this
  public Controller startAfter(Cache<?>... caches) {
    awaited = List.of(caches);
    return start();
  }

  /// Has the key looked at soon; a key that waits already is looked at once.
  public void enqueue(Key key) {
    queue.add(key);
  }

  /// Has the key looked at when nothing else waits: for what is most likely in order, at a start.
  public void enqueueBehind(Key key) {
    queue.addBehind(key);
  }

  /// Has the key looked at after `delay`; of several such wishes the earliest counts.
  public void enqueueAfter(Key key, Duration delay) {
    queue.addAfter(key, delay, KeyQueue.Timer.ASKED);
  }

  /// Queues the keys a change of the cache is about. Call before the cache is started.
  public <T> void follow(
      Cache<T> cache, Function<? super Cache.Change<T>, ? extends Collection<Key>> keys) {
    cache.onChange(change -> keys.apply(change).forEach(this::enqueue));
  }

  /// Stops: running passes are cancelled, waiting keys forgotten.
  @Override
  public void close() {
    queue.close();
    workers.forEach(Task::cancel);
    for (var worker : workers) {
      if (!worker.join(CLOSE_WAIT_MAX)) {
        LOG.atWarn()
            .addKeyValue("controller", name)
            .addKeyValue("task", worker.name())
            .log("a worker did not stop in time and is left behind");
      }
    }
  }

  private void work() {
    for (var cache : awaited) {
      while (!cache.awaitSynced(SYNC_ROUND)) {
        LOG.atWarn()
            .addKeyValue("controller", name)
            .addKeyValue("cache", cache)
            .log("still waiting for a first list");
      }
    }
    for (var key = queue.take(); key != null; key = queue.take()) {
      run(key);
    }
  }

  /// Handles one ready key on the calling task.
  ///
  /// @return false when none was ready
  boolean step() {
    var key = queue.poll();
    if (key == null) {
      return false;
    }
    run(key);
    return true;
  }

  private void run(Key key) {
    var began = host.nanoTime();
    try {
      var result = pass(key);
      metrics.passed(result, Duration.ofNanos(host.nanoTime() - began));
    } finally {
      queue.done(key);
    }
  }

  private ControllerMetrics.Result pass(Key key) {
    try {
      return conclude(key, reconciler.reconcile(key));
    } catch (Cancelled e) {
      throw e;
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return retry(key, e);
    }
  }

  private ControllerMetrics.Result conclude(Key key, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Settled() -> {
        troubles.remove(key);
        yield ControllerMetrics.Result.SETTLED;
      }
      case Outcome.CheckAfter(var delay) -> {
        troubles.remove(key);
        queue.addAfter(key, delay, KeyQueue.Timer.OWN);
        yield ControllerMetrics.Result.CHECK_AFTER;
      }
      case Outcome.Stalled(var reason) -> {
        var before = troubles.put(key, new Trouble(0, reason));
        log(before == null || !before.reason().equals(reason) ? Level.INFO : Level.DEBUG, key)
            .addKeyValue("reason", reason)
            .log("stalled until someone acts");
        yield ControllerMetrics.Result.STALLED;
      }
    };
  }

  private ControllerMetrics.Result retry(Key key, Throwable fault) {
    var before = troubles.get(key);
    var trouble = new Trouble(before == null ? 1 : before.failures() + 1, reason(fault));
    troubles.put(key, trouble);
    var delay = options.retry().after(trouble.failures(), host.random());
    if (fault instanceof ApiError e && e.retryAfterSeconds() > 0) {
      var asked = Duration.ofSeconds(e.retryAfterSeconds());
      delay = delay.compareTo(asked) < 0 ? asked.plus(delay) : delay;
    }
    queue.addAfter(key, delay, KeyQueue.Timer.OWN);
    var expected = expected(fault);
    var said = before != null && before.reason().equals(trouble.reason());
    var level = expected || (said && !powerOfTwo(trouble.failures())) ? Level.DEBUG : Level.WARN;
    var line =
        log(level, key)
            .addKeyValue("reason", trouble.reason())
            .addKeyValue("failures", trouble.failures())
            .addKeyValue("retry_ms", delay.toMillis());
    if (!said && !expected && !(fault instanceof ApiError)) {
      line = line.setCause(fault);
    }
    line.log("reconciling failed");
    return expected ? ControllerMetrics.Result.RETRIED : ControllerMetrics.Result.FAILED;
  }

  private org.slf4j.spi.LoggingEventBuilder log(Level level, Key key) {
    return LOG.atLevel(level).addKeyValue("controller", name).addKeyValue("key", key);
  }

  /// Faults that come with concurrency and networks and go by being tried again.
  private static boolean expected(Throwable fault) {
    return fault instanceof Transport.Unreachable
        || (fault instanceof ApiError e && e.is(ApiError.Reason.CONFLICT));
  }

  /// A sentence that stays the same while the same thing goes wrong.
  private static String reason(Throwable fault) {
    @Nullable String message = fault.getMessage();
    return fault instanceof ApiError || fault instanceof Transport.Unreachable
        ? Objects.requireNonNullElse(message, fault.getClass().getSimpleName())
        : fault.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static boolean powerOfTwo(int n) {
    return Integer.bitCount(n) == 1;
  }
}
