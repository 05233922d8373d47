package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The applied objects as they are now, and word of every change of theirs.
///
/// One watch covers a type in a namespace, or one object of cluster scope; there are at most
/// [#WATCHES_MAX]. What lies beyond is not watched and has to be asked for from time to time.
final class Watched implements AutoCloseable {
  /// As upstream; a watch costs a connection's stream and the memory of what it shows.
  static final int WATCHES_MAX = 50;

  private final Host host;
  private final ApiClient cluster;
  private final Consumer<String> wake;
  private final Monitor monitor;
  // All under monitor.
  private final TreeMap<String, Cache<ApiObject>> caches = new TreeMap<>(); // by place
  private final TreeMap<String, Integer> users = new TreeMap<>(); // targets, by place
  private final TreeMap<Target, TreeSet<String>> works = new TreeMap<>();
  private final TreeMap<String, Set<Target>> targets = new TreeMap<>(); // by work
  private boolean closed;

  /// @param wake is told the name of a work whose object changed; returns quickly
  Watched(Host host, ApiClient cluster, Consumer<String> wake) {
    this.host = host;
    this.cluster = cluster;
    this.wake = wake;
    this.monitor = host.monitor();
  }

  /// The object as it is now: from memory when it is watched, otherwise asked for. Absence is
  /// always asked for, and so is what memory has not caught up with.
  ///
  /// @param atLeast a revision the answer must not be older than, 0 for none
  /// @return null when it is not there
  @Nullable ApiObject live(Target target, long atLeast) {
    Cache<ApiObject> cache;
    try (var _ = monitor.lock()) {
      cache = caches.get(place(target));
    }
    if (cache != null && cache.synced()) {
      var object = cache.object(target.key()).orElse(null);
      if (object != null && object.revision() >= atLeast) {
        return object;
      }
    }
    return asked(target);
  }

  /// The object as the cluster has it now, in the target's version.
  ///
  /// @return null when it is not there
  @Nullable ApiObject asked(Target target) {
    return cluster.find(target.type(), target.key()).orElse(null);
  }

  /// Sets what a work looks at from now on.
  ///
  /// @return whether all of it is watched
  boolean follow(String work, Collection<Target> wanted) {
    var opened = new ArrayList<Cache<ApiObject>>();
    List<Cache<ApiObject>> left;
    boolean all = true;
    try (var _ = monitor.lock()) {
      if (closed) {
        return false;
      }
      var before = targets.getOrDefault(work, Set.of());
      var next = new TreeSet<>(wanted);
      for (var target : next) {
        if (!before.contains(target)) {
          works.computeIfAbsent(target, _ -> new TreeSet<>()).add(work);
          users.merge(place(target), 1, Integer::sum);
        }
      }
      left = drop(work, before, next);
      targets.put(work, next);
      for (var target : next) {
        all &= open(target, opened);
      }
    }
    opened.forEach(Cache::start);
    left.forEach(Cache::close);
    return all;
  }

  /// Ends all looking of a work.
  void unfollow(String work) {
    List<Cache<ApiObject>> left;
    try (var _ = monitor.lock()) {
      left = drop(work, targets.getOrDefault(work, Set.of()), Set.of());
      targets.remove(work);
    }
    left.forEach(Cache::close);
  }

  /// How many watches are open.
  int watches() {
    try (var _ = monitor.lock()) {
      return caches.size();
    }
  }

  @Override
  public void close() {
    List<Cache<ApiObject>> left;
    try (var _ = monitor.lock()) {
      closed = true;
      left = List.copyOf(caches.values());
      caches.clear();
    }
    left.forEach(Cache::close);
  }

  /// @return the caches nobody needs any more, to be closed outside the lock
  private List<Cache<ApiObject>> drop(String work, Set<Target> before, Set<Target> kept) {
    var left = new ArrayList<Cache<ApiObject>>();
    for (var target : before) {
      if (kept.contains(target)) {
        continue;
      }
      works.computeIfPresent(
          target,
          (_, names) -> {
            names.remove(work);
            return names.isEmpty() ? null : names;
          });
      var place = place(target);
      if (users.merge(place, -1, Integer::sum) <= 0) {
        users.remove(place);
        var cache = caches.remove(place);
        if (cache != null) {
          left.add(cache);
        }
      }
    }
    return left;
  }

  private boolean open(Target target, List<Cache<ApiObject>> opened) {
    var place = place(target);
    if (caches.containsKey(place)) {
      return true;
    }
    if (caches.size() >= WATCHES_MAX) {
      return false;
    }
    var type = target.type();
    var scope =
        type.namespaced()
            ? Cache.Scope.in(type, target.key().namespace())
            : new Cache.Scope(type, "", Selection.named(target.key().name()));
    var cache = Cache.of(host, cluster, scope);
    cache.onChange(change -> changed(type, change));
    caches.put(place, cache);
    opened.add(cache);
    return true;
  }

  private void changed(ResourceType type, Cache.Change<ApiObject> change) {
    List<String> names;
    try (var _ = monitor.lock()) {
      names = List.copyOf(works.getOrDefault(new Target(type, change.key()), new TreeSet<>()));
    }
    names.forEach(wake);
  }

  private static String place(Target target) {
    return target.type().resource()
        + (target.type().namespaced() ? "/" + target.key().namespace() : " " + target.key().name());
  }
}
