package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient.Watch;
import io.nave.runtime.Host;
import io.nave.store.Scope;
import io.nave.store.Store;
import io.nave.store.StoreClosed;
import io.nave.store.StoreUnreachable;
import io.nave.store.TooOld;
import io.nave.store.View;
import io.nave.store.WatchFeed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Opens watches from where the client left off, or from the present state.
final class Watches {
  /// Events held for one watch; a client that falls further behind resumes from its last revision.
  private static final int EVENTS_MAX = 10_000;

  private final Host host;
  private final Store store;
  private final Set<RegistryWatch> open = ConcurrentHashMap.newKeySet();
  private volatile Predicate<ServedType> current = _ -> true;

  Watches(Host host, Store store) {
    this.host = host;
    this.store = store;
  }

  Watch open(
      ServedType served,
      String namespace,
      Selection selection,
      String resourceVersion,
      boolean initial,
      boolean bookmarks) {
    var from = revision(resourceVersion);
    var view = store.view();
    if (from > view.revision()) {
      view = latest(); // as told by another server on the same store
    }
    if (from > view.revision()) {
      // A client of another life of this store, such as one before a restored backup.
      throw ApiError.expired(
          "too large resource version: " + from + ", current: " + view.revision());
    }
    var scope = scope(served, namespace, selection);
    if (from > 0 && !initial) {
      var feed = feed(scope, from, view.revision());
      return opened(new RegistryWatch(host, served, namespace, selection, feed, bookmarks));
    }
    var feed = feed(scope, view.revision(), view.revision());
    return opened(
        new RegistryWatch(host, served, namespace, selection, feed, bookmarks)
            .startingWith(
                Reads.all(view, served, namespace, selection),
                view.revision(),
                initial && bookmarks));
  }

  private Watch opened(RegistryWatch watch) {
    open.add(watch.whenClosed(() -> open.remove(watch)));
    if (!current.test(watch.served())) { // the type went while the watch was being opened
      watch.end();
    }
    return watch;
  }

  /// Ends the watches of all other types; their clients ask again, from where they are.
  void keep(Predicate<ServedType> served) {
    current = served;
    open.stream().filter(watch -> !served.test(watch.served())).forEach(RegistryWatch::end);
  }

  /// The narrowest scope that holds all of what is watched: a change elsewhere must not wake it.
  private static Scope scope(ServedType served, String namespace, Selection selection) {
    if (!namespace.isEmpty()) {
      return Scope.namespace(served.bucket(), namespace);
    }
    var name = selection.fields().get("metadata.name");
    if (!served.type().namespaced() && name != null && !name.isEmpty()) {
      return Scope.object(served.bucket(), name);
    }
    return Reads.labelled(served, selection).orElse(Scope.of(served.bucket()));
  }

  private WatchFeed feed(Scope scope, long from, long current) {
    try {
      return store.watch(scope, from, EVENTS_MAX);
    } catch (TooOld e) {
      throw ApiError.expired("too old resource version: " + from + " (" + current + ")");
    } catch (StoreClosed e) {
      throw Conflicts.unavailable(e);
    }
  }

  private View latest() {
    try {
      return store.latest();
    } catch (StoreUnreachable | StoreClosed e) {
      throw Conflicts.unavailable(e);
    }
  }

  /// @throws ApiError BadRequest when it is no revision; empty is 0
  static long revision(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      var value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
    throw invalid(text);
  }

  private static ApiError invalid(String text) {
    return ApiError.badRequest(
        "Invalid resource version \"" + text + "\": take it as it is from an object or a list");
  }
}
