package io.nave.controllers;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The map behind a [Cache] with its indexes. Not thread-safe.
final class CacheContents<T> {
  record Entry<T>(ApiObject object, T value) {}

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

  Cache.Change<T> put(ApiObject object, T value) {
    var key = object.key();
    var before = entries.put(key, new Entry<>(object, value));
    for (var index : indexes.values()) {
      if (before != null) {
        index.remove(key, before.value());
      }
      index.add(key, value);
    }
    return new Cache.Change<>(key, before == null ? null : before.value(), value);
  }

  Cache.@Nullable Change<T> remove(Key key) {
    var before = entries.remove(key);
    if (before == null) {
      return null;
    }
    for (var index : indexes.values()) {
      index.remove(key, before.value());
    }
    return new Cache.Change<>(key, before.value(), null);
  }

  /// A copy for the caller to change.
  NavigableSet<Key> keys() {
    return new TreeSet<>(entries.keySet());
  }

  List<T> list() {
    return values(entries.values());
  }

  List<T> list(String namespace) {
    // Keys are ordered by namespace first, and no name sorts before the empty one.
    var end = Key.of(namespace + "\0", "");
    return values(entries.subMap(Key.of(namespace, ""), end).values());
  }

  List<T> byIndex(String name, String value) {
    var found = new ArrayList<T>();
    for (var key : keysByIndex(name, value)) {
      var entry = entries.get(key);
      if (entry != null) {
        found.add(entry.value());
      }
    }
    return List.copyOf(found);
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

  private static <T> List<T> values(Collection<Entry<T>> entries) {
    var values = new ArrayList<T>(entries.size());
    for (var entry : entries) {
      values.add(entry.value());
    }
    return List.copyOf(values);
  }
}
