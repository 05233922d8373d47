package io.nave.apiserver.registry;

import io.nave.api.ApiObject;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The writes of one request before they are committed, and the state as they leave it: reading a
/// draft shows its own writes. Two writes of one object become one change. Used by one task, once.
final class Draft implements View {
  private final View base;
  private final Caller caller;
  private final Api.Options options;
  private final Instant now;
  private final Map<StoreKey, Store.Change> changes = new LinkedHashMap<>();
  private final Map<StoreKey, ApiObject> stored = new TreeMap<>();
  private final Set<String> warnings = new LinkedHashSet<>(); // each is told once, as there
  private boolean created;

  Draft(View base, Caller caller, Api.Options options, Instant now) {
    this.base = base;
    this.caller = caller;
    this.options = options;
    this.now = now;
  }

  Caller caller() {
    return caller;
  }

  Api.Options options() {
    return options;
  }

  Instant now() {
    return now;
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }

  boolean unchanged() {
    return changes.isEmpty();
  }

  /// Writes an object that was not there.
  void create(StoreKey key, ApiObject object) {
    created = true;
    put(key, object);
  }

  /// Whether anything here was not there before.
  boolean created() {
    return created;
  }

  boolean touches(String bucket) {
    return changes.keySet().stream().anyMatch(key -> key.bucket().equals(bucket));
  }

  /// Writes the object, on condition that nobody else has since [#base] was read.
  void put(StoreKey key, ApiObject object) {
    changes.put(key, new Store.Change.Put(key, object, baseRevision(key)));
  }

  /// Removes the object, on the same condition.
  ///
  /// @param last what watchers see of it
  void delete(StoreKey key, ApiObject last) {
    var revision = baseRevision(key);
    if (revision == 0) {
      changes.remove(key);
    } else {
      changes.put(key, new Store.Change.Delete(key, last, revision));
    }
  }

  /// The same writes on a newer state: they are still on condition that nobody else has touched
  /// what they touch since this draft's own.
  Draft on(View newer) {
    var next = new Draft(newer, caller, options, now);
    next.changes.putAll(changes);
    next.warnings.addAll(warnings);
    next.created = created;
    return next;
  }

  /// The keys of what it creates, changes or removes.
  Set<StoreKey> touched() {
    return changes.keySet();
  }

  /// Whether the object is there afterwards and was not before.
  boolean creates(StoreKey key) {
    return changes.get(key) instanceof Store.Change.Put put && put.expected() == 0;
  }

  /// @throws io.nave.store.Conflict when anything here was written in between
  void commit(Store store) {
    var order = List.copyOf(changes.values());
    var results = store.commit(order);
    for (var i = 0; i < order.size(); i++) {
      stored.put(order.get(i).key(), results.get(i));
    }
  }

  /// The object as it was stored by [#commit]; as prepared when that did not touch it.
  ApiObject result(StoreKey key, ApiObject prepared) {
    return stored.getOrDefault(key, prepared);
  }

  private long baseRevision(StoreKey key) {
    return base.get(key).map(ApiObject::revision).orElse(0L);
  }

  @Override
  public long revision() {
    return base.revision();
  }

  @Override
  public Optional<ApiObject> get(StoreKey key) {
    return switch (changes.get(key)) {
      case null -> base.get(key);
      case Store.Change.Put put -> Optional.of(put.object());
      case Store.Change.Delete _ -> Optional.empty();
    };
  }

  @Override
  public List<ApiObject> list(String bucket, String namespace) {
    return list(bucket, namespace, null, Integer.MAX_VALUE);
  }

  @Override
  public List<ApiObject> list(
      String bucket, String namespace, @Nullable StoreKey after, int limit) {
    if (changes.isEmpty()) {
      return base.list(bucket, namespace, after, limit);
    }
    var merged = new TreeMap<StoreKey, ApiObject>();
    for (var object : base.list(bucket, namespace, after, Integer.MAX_VALUE)) {
      merged.put(new StoreKey(bucket, object.namespace(), object.name()), object);
    }
    for (var change : changes.values()) {
      overlay(merged, change, bucket, namespace, after);
    }
    return merged.values().stream().limit(limit).toList();
  }

  @Override
  public int count(String bucket, String namespace) {
    int count = base.count(bucket, namespace);
    for (var change : changes.values()) {
      var key = change.key();
      if (key.bucket().equals(bucket)
          && (namespace.isEmpty() || key.namespace().equals(namespace))) {
        var there = base.get(key).isPresent();
        count += (change instanceof Store.Change.Put ? 1 : 0) - (there ? 1 : 0);
      }
    }
    return count;
  }

  private static void overlay(
      Map<StoreKey, ApiObject> merged,
      Store.Change change,
      String bucket,
      String namespace,
      @Nullable StoreKey after) {
    var key = change.key();
    if (!key.bucket().equals(bucket)
        || (!namespace.isEmpty() && !key.namespace().equals(namespace))
        || (after != null && key.compareTo(after) <= 0)) {
      return;
    }
    switch (change) {
      case Store.Change.Put put -> merged.put(key, put.object());
      case Store.Change.Delete _ -> merged.remove(key);
    }
  }

  @Override
  public Set<String> buckets() {
    var all = new TreeSet<>(base.buckets());
    changes.keySet().forEach(key -> all.add(key.bucket()));
    return all;
  }
}
