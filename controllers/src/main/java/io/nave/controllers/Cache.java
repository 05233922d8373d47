package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.CacheContents.Entry;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A local copy of the objects of one type, kept by list and watch: what a controller reads.
///
/// It lags behind the API a little, also behind this process's own writes; a write made on old
/// ground is refused as a Conflict and tried again. When the API cannot be reached it keeps what it
/// has. All reads are in key order and may come from any task. An object is decoded once when it
/// changes; one that cannot be decoded is logged and counts as not there.
///
/// ```java
/// var clusters = Cache.of(host, client, ManagedCluster.class);
/// clusters.index("set", cluster -> cluster.sets());
/// clusters.onChange(change -> controller.enqueue(change.key()));
/// hub.open(clusters.start());
/// clusters.awaitSynced(Duration.ofSeconds(30));
/// ```
///
/// @param <T> what an object is decoded to
public final class Cache<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cache.class);

  /// Which objects a cache holds.
  ///
  /// @param namespace empty: all namespaces, or cluster scope
  public record Scope(ResourceType type, String namespace, Selection selection) {
    /// All objects of a type.
    public static Scope all(ResourceType type) {
      return new Scope(type, "", Selection.all());
    }

    /// All objects of a type in one namespace.
    public static Scope in(ResourceType type, String namespace) {
      return new Scope(type, namespace, Selection.all());
    }
  }

  /// One change. A missing side means: was not there, is no longer there. Both sides may be
  /// different objects of the same name when one was deleted and created again while the cache was
  /// cut off.
  public record Change<T>(Key key, @Nullable T before, @Nullable T after) {}

  private final Host host;
  private final ApiClient client;
  private final Scope scope;
  private final Function<ApiObject, T> decoder;
  private final Monitor monitor;
  private final CacheContents<T> contents = new CacheContents<>(); // under monitor
  private final List<Consumer<? super Change<T>>> listeners = new ArrayList<>(); // before start
  private final CacheContents.Recent recent = new CacheContents.Recent();
  private boolean lean; // before start
  private boolean synced; // under monitor
  private @Nullable Task task; // set by start()

  public Cache(Host host, ApiClient client, Scope scope, Function<ApiObject, T> decoder) {
    this.host = host;
    this.client = client;
    this.scope = scope;
    this.decoder = decoder;
    this.monitor = host.monitor();
  }

  /// A cache of records of one kind, over all namespaces.
  public static <R extends Resource> Cache<R> of(Host host, ApiClient client, Class<R> type) {
    return new Cache<>(
        host, client, Scope.all(ResourceType.of(type)), object -> Codec.decode(object, type));
  }

  /// A cache of records of one kind in one namespace.
  public static <R extends Resource> Cache<R> of(
      Host host, ApiClient client, Class<R> type, String namespace) {
    return new Cache<>(
        host,
        client,
        Scope.in(ResourceType.of(type), namespace),
        object -> Codec.decode(object, type));
  }

  /// A cache of objects as they are.
  public static Cache<ApiObject> of(Host host, ApiClient client, Scope scope) {
    return new Cache<>(host, client, scope, object -> object);
  }

  /// Keeps the bytes of objects, and what they were decoded to only as long as somebody uses it:
  /// for many objects of which few are looked at. Reading one then costs a decoding, also of what
  /// comes with a change. Only before [#start].
  ///
  /// @return this
  public Cache<T> lean() {
    requireNotStarted();
    lean = true;
    return this;
  }

  /// Adds an index: the values under which [#byIndex] finds an object. Only before [#start].
  ///
  /// @return this
  public Cache<T> index(String name, Function<? super T, ? extends Collection<String>> values) {
    requireNotStarted();
    contents.index(name, values);
    return this;
  }

  /// Has every change told, in order, from the cache's own task and after the cache shows it; what
  /// is there at the start comes as changes too. Listeners return quickly: they queue keys. Only
  /// before [#start].
  ///
  /// @return this
  public Cache<T> onChange(Consumer<? super Change<T>> listener) {
    requireNotStarted();
    listeners.add(listener);
    return this;
  }

  /// Begins to list and watch, until [#close].
  ///
  /// @return this
  public Cache<T> start() {
    requireNotStarted();
    var follower = new CacheFollower(host, client, scope, this);
    task = host.start("cache-" + scope.type().plural(), follower::run);
    return this;
  }

  /// Waits until the first list is in and its changes were told.
  ///
  /// @return false when that did not happen within `atMost`
  public boolean awaitSynced(Duration atMost) {
    var until = host.nanoTime() + atMost.toNanos();
    try (var _ = monitor.lock()) {
      while (!synced) {
        var left = until - host.nanoTime();
        if (left <= 0) {
          return false;
        }
        monitor.await(Duration.ofNanos(left));
      }
      return true;
    }
  }

  /// Whether the first list is in.
  public boolean synced() {
    try (var _ = monitor.lock()) {
      return synced;
    }
  }

  public Optional<T> get(Key key) {
    return entry(key).map(this::value);
  }

  private Optional<Entry<T>> entry(Key key) {
    try (var _ = monitor.lock()) {
      return Optional.ofNullable(contents.get(key));
    }
  }

  private T value(Entry<T> entry) {
    return entry.value(decoder, recent);
  }

  private List<T> values(List<Entry<T>> entries) {
    return entries.stream().map(this::value).toList();
  }

  /// The object as the API holds it, for writes that need its uid, revision or unknown fields.
  public Optional<ApiObject> object(Key key) {
    return entry(key).map(Entry::object);
  }

  /// The objects of one namespace as the API holds them, in key order.
  public List<ApiObject> objects(String namespace) {
    List<Entry<T>> found;
    try (var _ = monitor.lock()) {
      found = contents.list(namespace);
    }
    return found.stream().map(Entry::object).toList();
  }

  /// All keys, in order.
  public List<Key> keys() {
    try (var _ = monitor.lock()) {
      return List.copyOf(contents.keys());
    }
  }

  /// Everything, in key order.
  public List<T> list() {
    List<Entry<T>> all;
    try (var _ = monitor.lock()) {
      all = contents.list();
    }
    return values(all);
  }

  /// Everything in one namespace, in key order.
  public List<T> list(String namespace) {
    List<Entry<T>> found;
    try (var _ = monitor.lock()) {
      found = contents.list(namespace);
    }
    return values(found);
  }

  /// What an index holds under a value, in key order.
  ///
  /// @throws IllegalArgumentException when there is no such index
  public List<T> byIndex(String name, String value) {
    List<Entry<T>> found;
    try (var _ = monitor.lock()) {
      found = contents.byIndex(name, value);
    }
    return values(found);
  }

  /// How many there are.
  public int size() {
    try (var _ = monitor.lock()) {
      return contents.size();
    }
  }

  /// How many an index holds under a value.
  ///
  /// @throws IllegalArgumentException when there is no such index
  public int countByIndex(String name, String value) {
    try (var _ = monitor.lock()) {
      return contents.countByIndex(name, value);
    }
  }

  /// The keys an index holds under a value, in order.
  public List<Key> keysByIndex(String name, String value) {
    try (var _ = monitor.lock()) {
      return contents.keysByIndex(name, value);
    }
  }

  @Override
  public void close() {
    if (task != null) {
      task.cancel();
      task.join(Duration.ofSeconds(5));
    }
  }

  /// Makes the contents what a list says. Follower's task only.
  void replace(List<ApiObject> objects) {
    var changes = new ArrayList<Change<T>>();
    var gone = contents.keys();
    for (var object : objects) {
      gone.remove(object.key());
      addIfChanged(changes, object);
    }
    for (var key : gone) {
      addIfPresent(changes, remove(key));
    }
    changes.sort((a, b) -> a.key().compareTo(b.key()));
    changes.forEach(this::tell);
    try (var _ = monitor.lock()) {
      synced = true;
      monitor.signalAll();
    }
  }

  /// Shows one object as it is now. Follower's task only.
  void put(ApiObject object) {
    var changes = new ArrayList<Change<T>>(1);
    addIfChanged(changes, object);
    changes.forEach(this::tell);
  }

  /// Shows that an object is gone. Follower's task only.
  void delete(Key key) {
    var change = remove(key);
    if (change != null) {
      tell(change);
    }
  }

  private void addIfChanged(List<Change<T>> changes, ApiObject object) {
    var entry = contents.get(object.key()); // reading without the lock: only this task writes
    if (entry != null
        && !object.resourceVersion().isEmpty()
        && entry.object().resourceVersion().equals(object.resourceVersion())) {
      return;
    }
    var kept = object.settled(); // what comes over the wire would stay a tree
    T value;
    try {
      value = decoder.apply(kept);
    } catch (ApiError | IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("kind", scope.type().kind())
          .addKeyValue("key", object.key())
          .addKeyValue("revision", object.resourceVersion())
          .addKeyValue("reason", e.getMessage())
          .log("object cannot be decoded and is left out");
      addIfPresent(changes, remove(object.key()));
      return;
    }
    var before = entry == null ? null : value(entry);
    try (var _ = monitor.lock()) {
      changes.add(contents.put(Entry.of(kept, value, lean), value, before));
    }
    if (lean) {
      recent.keep(value);
    }
  }

  private void addIfPresent(List<Change<T>> changes, @Nullable Change<T> change) {
    if (change != null) {
      changes.add(change);
    }
  }

  private @Nullable Change<T> remove(Key key) {
    var entry = contents.get(key); // reading without the lock: only this task writes
    if (entry == null) {
      return null;
    }
    var before = value(entry);
    try (var _ = monitor.lock()) {
      return contents.remove(key, before);
    }
  }

  private void tell(Change<T> change) {
    for (var listener : listeners) {
      listener.accept(change);
    }
  }

  private void requireNotStarted() {
    if (task != null) {
      throw new IllegalStateException("the cache of " + scope.type() + " was started before");
    }
  }

  @Override
  public String toString() {
    return "cache of " + scope.type();
  }
}
