package io.nave.apiserver.rbac;

import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Authorizer;
import io.nave.apiserver.Caller;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.store.Store;
import io.nave.store.StoreClosed;
import io.nave.store.TooOld;
import io.nave.store.WatchFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Role-based access control over the roles and bindings in the store.
///
/// Keeps an index and follows the store with it: whoever asks after something was written first
/// takes in what changed of the four RBAC kinds, so a decision is never older than the state it is
/// about. One task takes in, others wait for it; nothing is rebuilt unless a feed fell behind.
/// `system:masters` may do everything without being looked up. Thread-safe.
public final class Rbac implements Authorizer {
  /// Changes of one kind between two decisions before the index is built anew.
  private static final int FEED_EVENTS_MAX = 50_000;

  /// The store shows a state a moment before its feeds have it.
  private static final Duration FEED_LAG = Duration.ofNanos(100_000);

  /// A second; whoever still waits then goes by what the index knows.
  private static final int FEED_LAGS_MAX = 10_000;

  private record Source(ResourceType type, WatchFeed feed) {}

  private final Store store;
  private final Monitor monitor;
  private boolean busy; // under monitor: somebody takes in changes
  private List<Source> sources = List.of(); // whoever set busy
  private volatile RoleIndex index = new RoleIndex();
  private volatile long known = -1; // the index is at least as new as this revision

  public Rbac(Host host, Store store) {
    this.store = store;
    this.monitor = host.monitor();
  }

  @Override
  public Api.Decision authorize(Caller caller, Api.Attributes attributes) {
    if (caller.groups().contains(Caller.MASTERS)) {
      return new Api.Decision(true, "group " + Caller.MASTERS + " may do everything");
    }
    return index().decide(caller, attributes);
  }

  /// The index, not older than the store is now.
  RoleIndex index() {
    var wanted = store.view().revision();
    if (known >= wanted) {
      return index;
    }
    try (var _ = monitor.lock()) {
      while (busy) {
        monitor.await();
      }
      if (known >= wanted) {
        return index;
      }
      busy = true;
    }
    try {
      catchUp(wanted);
    } finally {
      try (var _ = monitor.lock()) {
        busy = false;
        monitor.signalAll();
      }
    }
    return index;
  }

  private void catchUp(long wanted) {
    if (sources.isEmpty() || !drained(wanted)) {
      rebuild();
    } else {
      known = Math.min(wanted, heard()); // less where a feed kept all waiting too long
    }
  }

  /// @return false when a feed ended and the index has to be built anew
  private boolean drained(long wanted) {
    for (var source : sources) {
      for (var lags = 0; lags < FEED_LAGS_MAX; lags++) {
        takeIn(source, lags == 0 ? Duration.ZERO : FEED_LAG);
        if (source.feed().ended() != WatchFeed.Ended.NO) {
          return false;
        }
        if (source.feed().progress() >= wanted) {
          break;
        }
      }
    }
    return true;
  }

  /// What every feed has told.
  private long heard() {
    return sources.stream().mapToLong(source -> source.feed().progress()).min().orElse(known);
  }

  private void takeIn(Source source, Duration patience) {
    var event = source.feed().next(patience);
    while (event != null) {
      var gone = event.kind() == WatchFeed.Kind.DELETED;
      index.apply(source.type(), event.before(), gone ? null : event.after());
      event = source.feed().next(Duration.ZERO);
    }
  }

  private void rebuild() {
    sources.forEach(source -> source.feed().close());
    sources = List.of();
    var view = store.view();
    var fresh = new RoleIndex();
    for (var type : RoleIndex.TYPES) {
      for (var object : view.list(type.resource(), "")) {
        fresh.apply(type, null, object);
      }
    }
    sources = follow(view.revision());
    index = fresh;
    known = view.revision();
  }

  /// No feeds: the index is built anew at the next change, which is slow but right.
  private List<Source> follow(long revision) {
    var feeds = new ArrayList<Source>();
    try {
      for (var type : RoleIndex.TYPES) {
        feeds.add(new Source(type, store.watch(type.resource(), revision, FEED_EVENTS_MAX)));
      }
      return List.copyOf(feeds);
    } catch (TooOld | StoreClosed e) {
      feeds.forEach(source -> source.feed().close());
      return List.of();
    }
  }
}
