package io.nave.apiserver.upkeep;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Meta.OwnerReference;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import io.nave.store.Store;
import io.nave.store.StoreClosed;
import io.nave.store.StoreKey;
import io.nave.store.TooOld;
import io.nave.store.View;
import io.nave.store.WatchFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Deletes objects whose owners are gone, and sees owners off that wait for their dependents. Its
/// keys are uids of owners.
///
/// - Reads: the store's feeds of every type, into an index of who names whom; the present state.
/// - Writes: deletes objects none of whose owners is there; takes owners that are gone off those
///   that have another; takes its finalizers off ([Farewell]).
/// - Safe to repeat: it looks at the present state before each write, and deletes by uid.
///
/// An owner of a kind that is not served here counts as there: nobody can know.
public final class GarbageCollector implements Reconciler, AutoCloseable {
  private static final int FEED_EVENTS_MAX = 50_000;
  private static final Duration FEED_WAIT = Duration.ofHours(1); // its end is told at once
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final Host host;
  private final Store store;
  private final ApiClient client;
  private final Supplier<List<ResourceType>> served;
  // By resource; one that is no longer served stays until nothing more is heard of its objects.
  private final Map<String, ResourceType> types = new ConcurrentSkipListMap<>();
  private final Dependents dependents;
  private final Farewell farewell;
  private final Map<String, Task> followers = new ConcurrentSkipListMap<>(); // by resource
  private volatile Consumer<Key> told = _ -> {}; // set by follow()

  /// @param served all that the server keeps objects of, now
  public GarbageCollector(
      Host host, Store store, ApiClient client, Supplier<List<ResourceType>> served) {
    this.host = host;
    this.store = store;
    this.client = client;
    this.served = served;
    this.dependents = new Dependents(host);
    this.farewell = new Farewell(client, types::values, dependents);
  }

  /// Begins to follow the store.
  ///
  /// @param enqueue told the uid of every owner that may be gone
  /// @return this
  public GarbageCollector follow(Consumer<Key> enqueue) {
    told = enqueue;
    refresh();
    return this;
  }

  /// Follows the types that came since the last call.
  void refresh() {
    for (var type : served.get()) {
      types.putIfAbsent(type.resource(), type);
      followers.computeIfAbsent(
          type.resource(), name -> host.start("gc-" + name, () -> followType(type, told)));
    }
  }

  @Override
  public void close() {
    followers.values().forEach(Task::cancel);
    followers.values().forEach(task -> task.join(CLOSE_WAIT));
  }

  private void followType(ResourceType type, Consumer<Key> enqueue) {
    var ended = WatchFeed.Ended.NO;
    while (ended != WatchFeed.Ended.CLOSED) {
      var view = store.view();
      for (var object : view.list(type.resource(), "")) {
        seen(type, null, object, enqueue);
      }
      try (var feed = store.watch(type.resource(), view.revision(), FEED_EVENTS_MAX)) {
        ended = drain(type, feed, enqueue);
      } catch (TooOld e) {
        ended = WatchFeed.Ended.SLOW;
      } catch (StoreClosed e) {
        ended = WatchFeed.Ended.CLOSED;
      }
    }
  }

  private WatchFeed.Ended drain(ResourceType type, WatchFeed feed, Consumer<Key> enqueue) {
    while (true) {
      var event = feed.next(FEED_WAIT);
      if (event == null) {
        if (feed.ended() != WatchFeed.Ended.NO) {
          return feed.ended();
        }
        if (unserved(type)) {
          return WatchFeed.Ended.CLOSED;
        }
      } else if (event.kind() == WatchFeed.Kind.DELETED) {
        gone(type, event, enqueue);
      } else {
        seen(type, event.before(), event.after(), enqueue);
      }
    }
  }

  /// Whether the type went; if so it is forgotten.
  private boolean unserved(ResourceType type) {
    var gone = served.get().stream().noneMatch(one -> one.resource().equals(type.resource()));
    if (gone) {
      types.remove(type.resource());
      followers.remove(type.resource());
    }
    return gone;
  }

  private void seen(
      ResourceType type, @Nullable ApiObject before, ApiObject after, Consumer<Key> enqueue) {
    dependents.change(type, before, after);
    farewell.seen(type, before, after, enqueue);
    if (after.metadata().path("ownerReferences").isEmpty()) {
      return;
    }
    var view = store.view();
    for (var owner : after.owners()) {
      if (!exists(view, owner, after)) {
        enqueue.accept(Key.of(owner.uid()));
      }
    }
  }

  private void gone(ResourceType type, WatchFeed.Event event, Consumer<Key> enqueue) {
    dependents.change(type, event.before(), null);
    farewell.gone(event.after(), enqueue);
    var uid = event.after().uid();
    if (dependents.any(uid)) {
      enqueue.accept(Key.of(uid));
    }
  }

  @Override
  public Outcome reconcile(Key uid) {
    farewell.reconcile(store.view(), uid.name());
    for (var dependent : dependents.of(uid.name())) {
      var view = store.view();
      view.get(StoreKey.of(dependent.type(), dependent.key()))
          .ifPresent(object -> settle(view, dependent.type(), object, uid.name()));
    }
    return new Outcome.Settled();
  }

  private void settle(View view, ResourceType type, ApiObject object, String uid) {
    var present = new ArrayList<String>();
    var named = false;
    for (var owner : object.owners()) {
      named |= owner.uid().equals(uid);
      if (exists(view, owner, object)) {
        present.add(owner.uid());
      }
    }
    if (!named || present.contains(uid) || object.deleting()) {
      return;
    }
    try {
      if (present.isEmpty()) {
        client.delete(type, object.key(), object.uid());
      } else {
        client.patch(type, object.key(), "", keepingOwners(object, present::contains));
      }
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Takes all other owners off.
  static Patch keepingOwners(ApiObject object, Predicate<String> uids) {
    return Patch.merge(patch -> {
      var meta = patch.putObject("metadata");
      meta.put("uid", object.uid()).put("resourceVersion", object.resourceVersion());
      var kept = meta.putArray("ownerReferences");
      for (var owner : object.metadata().path("ownerReferences")) {
        if (uids.test(owner.path("uid").asString(""))) {
          kept.add(owner);
        }
      }
    });
  }

  private boolean exists(View view, OwnerReference owner, ApiObject dependent) {
    var slash = owner.apiVersion().indexOf('/');
    var group = slash < 0 ? "" : owner.apiVersion().substring(0, slash);
    for (var type : types.values()) {
      if (type.kind().equals(owner.kind()) && type.group().equals(group)) {
        var namespace = type.namespaced() ? dependent.namespace() : "";
        return view.get(new StoreKey(type.resource(), namespace, owner.name()))
            .filter(found -> found.uid().equals(owner.uid()))
            .isPresent();
      }
    }
    return true;
  }
}
