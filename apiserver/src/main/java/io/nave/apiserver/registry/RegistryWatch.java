package io.nave.apiserver.registry;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient.Watch;
import io.nave.runtime.Host;
import io.nave.store.WatchFeed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A watch of one selection over a feed of the store that holds at least as much. An object that
/// leaves the selection shows as DELETED, one that enters it as ADDED.
final class RegistryWatch implements Watch {
  /// How often a quiet watch is told how far it has come.
  static final Duration BOOKMARK_EVERY = Duration.ofSeconds(60);

  /// Bounds waits so that they can be counted in nanoseconds.
  private static final Duration WAIT_MAX = Duration.ofDays(1);

  private final Host host;
  private final ServedType served;
  private final String namespace;
  private final Selection selection;
  private final WatchFeed feed;
  private final boolean bookmarks;
  private final Deque<Event> first = new ArrayDeque<>(); // reading task only
  private final Queue<WatchFeed.Event> rest = new ConcurrentLinkedQueue<>(); // filled by end()
  private Runnable closed = () -> {}; // set before the watch is handed out
  private long bookmarkDue; // reading task only; on the host's monotonic clock

  RegistryWatch(
      Host host,
      ServedType served,
      String namespace,
      Selection selection,
      WatchFeed feed,
      boolean bookmarks) {
    this.host = host;
    this.served = served;
    this.namespace = namespace;
    this.selection = selection;
    this.feed = feed;
    this.bookmarks = bookmarks;
    this.bookmarkDue = host.nanoTime() + BOOKMARK_EVERY.toNanos();
  }

  /// Puts the objects that are there before everything else.
  ///
  /// @param marked whether a bookmark says where they end
  RegistryWatch startingWith(List<ApiObject> present, long revision, boolean marked) {
    present.forEach(object -> first.add(new Event(Kind.ADDED, object)));
    if (marked) {
      var end = bookmark(revision);
      first.add(
          new Event(
              Kind.BOOKMARK,
              end.editMeta(
                  meta -> meta.putObject("annotations").put("k8s.io/initial-events-end", "true"))));
    }
    return this;
  }

  RegistryWatch whenClosed(Runnable told) {
    closed = told;
    return this;
  }

  ServedType served() {
    return served;
  }

  /// No more events come than there are; then the reader learns of the end as if it were for the
  /// watch's age. Called from any task.
  void end() {
    for (var event = feed.next(Duration.ZERO); event != null; event = feed.next(Duration.ZERO)) {
      rest.add(event);
    }
    feed.close();
  }

  @Override
  public @Nullable Event next(Duration atMost) {
    if (!first.isEmpty()) {
      return first.removeFirst();
    }
    var wait = atMost.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : atMost;
    var deadline = host.nanoTime() + wait.toNanos();
    while (true) {
      var now = host.nanoTime();
      if (bookmarks && now >= bookmarkDue && feed.ended() == WatchFeed.Ended.NO) {
        bookmarkDue = now + BOOKMARK_EVERY.toNanos();
        return new Event(Kind.BOOKMARK, bookmark(feed.progress()));
      }
      var until = bookmarks ? Math.min(deadline - now, bookmarkDue - now) : deadline - now;
      var change = feed.next(Duration.ofNanos(Math.max(0, until)));
      change = change == null ? rest.poll() : change;
      var event = change == null ? null : show(change);
      if (event != null) {
        return event;
      }
      if (change == null && (feed.ended() != WatchFeed.Ended.NO || host.nanoTime() >= deadline)) {
        return null;
      }
    }
  }

  private @Nullable Event show(WatchFeed.Event change) {
    var before = change.before() == null ? null : visible(change.before());
    if (change.kind() == WatchFeed.Kind.DELETED) {
      return before == null ? null : new Event(Kind.DELETED, served.shown(change.after()));
    }
    var after = visible(change.after());
    if (after != null) {
      return new Event(before == null ? Kind.ADDED : Kind.MODIFIED, after);
    }
    return before == null
        ? null
        : new Event(
            Kind.DELETED,
            before.editMeta(meta -> meta.put("resourceVersion", change.after().resourceVersion())));
  }

  /// The object as this watch shows it; null when it is outside of what is watched.
  private @Nullable ApiObject visible(ApiObject stored) {
    if (!namespace.isEmpty() && !namespace.equals(stored.namespace())) {
      return null;
    }
    var shown = served.shown(stored);
    return selection.matches(shown) ? shown : null;
  }

  private ApiObject bookmark(long revision) {
    var tree =
        Json.object()
            .put("apiVersion", served.type().apiVersion())
            .put("kind", served.type().kind());
    tree.putObject("metadata").put("resourceVersion", Long.toString(revision));
    return ApiObject.of(tree);
  }

  @Override
  public boolean ended() {
    return first.isEmpty() && rest.isEmpty() && feed.ended() != WatchFeed.Ended.NO;
  }

  @Override
  public void close() {
    closed.run();
    feed.close();
  }
}
