package io.nave.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A [Store] in this process: objects and history in memory, made durable by an [Engine]; several
/// of them may stand on one [SharedEngine].
///
/// One task writes (`Writer`); each batch is checked (`Batch`), handed to the engine, and only then
/// becomes the new [View] (`Snapshot`) and part of the `History` that feeds follow. A failing
/// engine stops the writer: views stay readable, everything else says [StoreClosed] with the
/// reason.
public final class EmbeddedStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStore.class);
  private static final Duration CLOSE_WAITS = Duration.ofSeconds(30); // a slow disk's last sync

  private final Host host;
  private final History history;
  private final StoreMetrics metrics;
  private final Writer writer;
  private final Task task;
  private final Engine engine;

  private EmbeddedStore(
      Host host,
      Engine engine,
      Limits limits,
      Sealer sealer,
      MeterRegistry meters,
      Snapshot loaded,
      Past past) {
    this.host = host;
    this.engine = engine;
    this.metrics = new StoreMetrics(meters);
    this.history = new History(host, limits, metrics, loaded.revision(), past);
    this.writer = new Writer(host, engine, limits, sealer, history, metrics, loaded);
    metrics.observe(writer::published, history::feeds);
    this.task = host.start("store-writer", writer::run);
    if (engine instanceof SharedEngine shared) {
      shared.follow(writer::poke);
    }
  }

  /// Loads what the engine holds and starts the writer.
  ///
  /// Watches can resume from the loaded revision on, and from before it where nothing has changed
  /// since ([Past]); the changes before it are not held any more.
  ///
  /// @param engine belongs to the store from here on, also when this fails
  /// @throws StoreBroken when the content cannot be trusted
  public static EmbeddedStore open(Host host, Engine engine, Limits limits, MeterRegistry meters) {
    return open(host, engine, limits, Sealer.none(), meters);
  }

  /// As [#open(Host, Engine, Limits, MeterRegistry)], with some objects encrypted where they are
  /// kept. Those that are not, or with an older key, are written anew before this returns.
  public static EmbeddedStore open(
      Host host, Engine engine, Limits limits, Sealer sealer, MeterRegistry meters) {
    try {
      var loading = new Loading(sealer);
      var loaded = loading.load(engine);
      LOG.atInfo()
          .addKeyValue("objects", loaded.objects())
          .addKeyValue("revision", loaded.revision())
          .log("store opened");
      var store = new EmbeddedStore(host, engine, limits, sealer, meters, loaded, loading.past());
      store.sealAnew(loading.stale());
      return store;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /// A commit writes an object with the newest key, so it is enough to commit it as it is.
  private void sealAnew(List<StoreKey> stale) {
    for (var key : stale) {
      try {
        view()
            .get(key)
            .ifPresent(object -> commit(List.of(new Change.Put(key, object, object.revision()))));
      } catch (Conflict e) {
        LOG.atDebug().addKeyValue("key", key).log("another process has written it anew");
      }
    }
    if (!stale.isEmpty()) {
      LOG.atInfo().addKeyValue("objects", stale.size()).log("encrypted with the newest key");
    }
  }

  @Override
  public List<ApiObject> commit(List<Change> changes) {
    changes.forEach(EmbeddedStore::check);
    if (changes.isEmpty()) {
      return List.of();
    }
    long start = host.nanoTime();
    var answer = writer.commit(List.copyOf(changes));
    metrics.commit(answer, host.nanoTime() - start);
    return switch (answer) {
      case Writer.Answer.Done(var objects) -> objects;
      case Writer.Answer.Refused(var reason) -> throw reason;
    };
  }

  @Override
  public View view() {
    return writer.published();
  }

  @Override
  public View latest() {
    return engine instanceof SharedEngine shared
        ? writer.publishedAt(shared.head())
        : writer.published();
  }

  @Override
  public WatchFeed watch(Scope scope, long revision, int capacity) {
    if (writer.isClosed()) {
      throw writer.closed();
    }
    return history.watch(scope, revision, capacity);
  }

  @Override
  public boolean running() {
    return !writer.isClosed();
  }

  /// Writes what is queued, ends all watches and closes the engine.
  @Override
  public void close() {
    writer.close();
    try {
      if (!task.join(CLOSE_WAITS)) {
        LOG.atWarn().log("the store's last write takes long; not waiting for it");
      }
    } finally {
      metrics.close();
    }
  }

  /// Commits that wait for the writer.
  int queued() {
    return writer.queued();
  }

  private static void check(Change change) {
    var key = change.key();
    if (key.bucket().isEmpty() || key.name().isEmpty()) {
      throw new IllegalArgumentException("a key needs a bucket and a name, was " + key);
    }
    if (key.bucket().contains("/") || key.namespace().contains("/")) {
      throw new IllegalArgumentException("bucket and namespace must not hold a '/', was " + key);
    }
    if (change instanceof Change.Delete delete && delete.expected() == 0) {
      throw new IllegalArgumentException("a delete cannot expect that there is none: " + key);
    }
  }
}
