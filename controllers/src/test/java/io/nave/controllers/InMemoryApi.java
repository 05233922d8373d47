package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An API server of one type in memory, with the faults that networks and servers have.
final class InMemoryApi implements ApiClient {
  private record Entry(long revision, Watch.Event event) {}

  private final Host host;
  private final Monitor monitor;
  private final TreeMap<Key, ApiObject> objects = new TreeMap<>();
  private final List<Entry> log = new ArrayList<>();
  private final List<InMemoryWatch> watches = new ArrayList<>();
  private long revision = 100;
  private long compacted = 0;
  @Nullable RuntimeException down; // thrown by every call while set
  int lists;
  int watchesOpened;
  int refused;
  Patch lastPatch;

  InMemoryApi(Host host) {
    this.host = host;
    this.monitor = host.monitor();
  }

  /// Stores an object as it is, with the next revision.
  ApiObject store(ApiObject object) {
    try (var _ = monitor.lock()) {
      var stored = object.editMeta(meta -> meta.put("resourceVersion", Long.toString(++revision)));
      var kind = objects.put(stored.key(), stored) == null ? Watch.Kind.ADDED : Watch.Kind.MODIFIED;
      log.add(new Entry(revision, new Watch.Event(kind, stored)));
      monitor.signalAll();
      return stored;
    }
  }

  void remove(Key key) {
    try (var _ = monitor.lock()) {
      var gone = objects.remove(key);
      if (gone != null) {
        var last = gone.editMeta(meta -> meta.put("resourceVersion", Long.toString(++revision)));
        log.add(new Entry(revision, new Watch.Event(Watch.Kind.DELETED, last)));
        monitor.signalAll();
      }
    }
  }

  void bookmark() {
    try (var _ = monitor.lock()) {
      var mark = ApiObject.of(io.nave.api.Json.object());
      mark = mark.editMeta(meta -> meta.put("resourceVersion", Long.toString(++revision)));
      log.add(new Entry(revision, new Watch.Event(Watch.Kind.BOOKMARK, mark)));
      monitor.signalAll();
    }
  }

  /// Forgets all history: a watch from an older revision is Expired.
  void compact() {
    try (var _ = monitor.lock()) {
      log.clear();
      compacted = revision;
    }
  }

  void breakWatches() {
    stop(new Transport.Unreachable("the wire was cut", null));
  }

  void endWatches() {
    stop(null);
  }

  private void stop(@Nullable RuntimeException fault) {
    try (var _ = monitor.lock()) {
      for (var watch : watches) {
        watch.over = true;
        watch.fault = fault;
      }
      watches.clear();
      monitor.signalAll();
    }
  }

  List<ApiObject> all() {
    try (var _ = monitor.lock()) {
      return List.copyOf(objects.values());
    }
  }

  private void requireUp() {
    var fault = down;
    if (fault != null) {
      refused++;
      throw fault;
    }
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    requireUp();
    try (var _ = monitor.lock()) {
      var object = objects.get(key);
      if (object == null) {
        throw ApiError.notFound(type, key.name());
      }
      return object;
    }
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    requireUp();
    try (var _ = monitor.lock()) {
      lists++;
      return new Listing(List.copyOf(objects.values()), Long.toString(revision));
    }
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    requireUp();
    return store(object);
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    requireUp();
    return store(object);
  }

  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    requireUp();
    lastPatch = patch;
    return get(type, key);
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    requireUp();
    remove(key);
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    requireUp();
    try (var _ = monitor.lock()) {
      watchesOpened++;
      var from = Long.parseLong(resourceVersion);
      if (from < compacted) {
        throw ApiError.expired("too old resource version: " + from + " (" + compacted + ")");
      }
      var watch = new InMemoryWatch(from);
      watches.add(watch);
      return watch;
    }
  }

  private final class InMemoryWatch implements Watch {
    private long at;
    private boolean over;
    private @Nullable RuntimeException fault;

    InMemoryWatch(long at) {
      this.at = at;
    }

    @Override
    public @Nullable Event next(Duration atMost) {
      var until = host.nanoTime() + atMost.toNanos();
      try (var _ = monitor.lock()) {
        while (true) {
          if (over && fault != null) {
            throw fault;
          }
          for (var entry : log) {
            if (entry.revision() > at && !over) {
              at = entry.revision();
              return entry.event();
            }
          }
          var left = until - host.nanoTime();
          if (over || left <= 0) {
            return null;
          }
          monitor.await(Duration.ofNanos(left));
        }
      }
    }

    @Override
    public boolean ended() {
      return over;
    }

    @Override
    public void close() {
      try (var _ = monitor.lock()) {
        watches.remove(this);
      }
    }
  }
}
