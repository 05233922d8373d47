package io.nave.controllers;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The map behind a [Cache] with its indexes. Not thread-safe.
final class CacheContents<T> {
  /// An object with what it was decoded to: held, or only as long as somebody uses it.
  static final class Entry<T> {
    private final ApiObject object;
    private final @Nullable T held; // null: decoded when it is asked for
    private volatile WeakReference<T> used; // a race decodes twice, harmlessly

    private Entry(ApiObject object, T value, boolean lean) {
      this.object = object;
      held = lean ? null : value;
      used = new WeakReference<>(lean ? value : null);
    }

    static <T> Entry<T> of(ApiObject object, T value, boolean lean) {
      return new Entry<>(object, value, lean);
    }

    ApiObject object() {
      return object;
    }

    /// @param decoder which decoded it before, and so does not fail
    /// @param recent keeps what was decoded for a while
    T value(Function<ApiObject, T> decoder, Recent recent) {
      if (held != null) {
        return held;
      }
      var known = used.get();
      if (known == null) {
        known = decoder.apply(object);
        used = new WeakReference<>(known);
        recent.keep(known);
      }
      return known;
    }
  }

  /// What was decoded last. The collector clears what nobody holds many times a second, and what
  /// has changed is looked at several times within one. Thread-safe.
  static final class Recent {
    static final int KEPT = 256;

    private final AtomicReferenceArray<Object> kept = new AtomicReferenceArray<>(KEPT);
    private final AtomicInteger next = new AtomicInteger();

    void keep(Object value) {
      kept.setPlain(Math.floorMod(next.getAndIncrement(), KEPT), value);
    }
  }

  private final class Index {
    final Function<? super T, ? extends Collection<String>> values;
    final TreeMap<String, TreeSet<Key>> keys = new TreeMap<>();

    Index(Function<? super T, ? extends Collection<String>> values) {
      this.values = values;
    }

    void add(Key key, T value) {
      for (var text : values.apply(value)) {
        keys.computeIfAbsent(text, _ -> new TreeSet<>()).add(key);
      }
    }

    void remove(Key key, T value) {
      for (var text : values.apply(value)) {
        keys.computeIfPresent(
            text,
            (_, found) -> {
              found.remove(key);
              return found.isEmpty() ? null : found;
            });
      }
    }
  }

  private final TreeMap<Key, Entry<T>> entries = new TreeMap<>();
  private final TreeMap<String, Index> indexes = new TreeMap<>();

  void index(String name, Function<? super T, ? extends Collection<String>> values) {
    if (indexes.putIfAbsent(name, new Index(values)) != null) {
      throw new IllegalStateException("there is already an index \"" + name + "\"");
    }
  }

  @Nullable Entry<T> get(Key key) {
    return entries.get(key);
  }

  /// @param before the value it had so far; null: it was not there
  Cache.Change<T> put(Entry<T> entry, T value, @Nullable T before) {
    var key = entry.object().key();
    entries.put(key, entry);
    for (var index : indexes.values()) {
      if (before != null) {
        index.remove(key, before);
      }
      index.add(key, value);
    }
    return new Cache.Change<>(key, before, value);
  }

  /// @param before the value it had so far
  Cache.Change<T> remove(Key key, T before) {
    entries.remove(key);
    for (var index : indexes.values()) {
      index.remove(key, before);
    }
    return new Cache.Change<>(key, before, null);
  }

  /// A copy for the caller to change.
  NavigableSet<Key> keys() {
    return new TreeSet<>(entries.keySet());
  }

  List<Entry<T>> list() {
    return List.copyOf(entries.values());
  }

  List<Entry<T>> list(String namespace) {
    // Keys are ordered by namespace first, and no name sorts before the empty one.
    var end = Key.of(namespace + "\0", "");
    return List.copyOf(entries.subMap(Key.of(namespace, ""), end).values());
  }

  List<Entry<T>> byIndex(String name, String value) {
    var found = new ArrayList<Entry<T>>();
    for (var key : keysByIndex(name, value)) {
      var entry = entries.get(key);
      if (entry != null) {
        found.add(entry);
      }
    }
    return found;
  }

  int size() {
    return entries.size();
  }

  int countByIndex(String name, String value) {
    return found(name, value).size();
  }

  List<Key> keysByIndex(String name, String value) {
    return List.copyOf(found(name, value));
  }

  private Set<Key> found(String name, String value) {
    var index = indexes.get(name);
    if (index == null) {
      throw new IllegalArgumentException(
          "no index \"" + name + "\", there are " + indexes.keySet());
    }
    var keys = index.keys.get(value);
    return keys == null ? Set.of() : keys;
  }
}
