package io.nave.store;

import io.nave.runtime.Host;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The recent changes, and who follows them.
///
/// A change stands in two lanes: that of its bucket, and that of its namespace there (of its name,
/// in a bucket without namespaces); and in those of the labels that watches ask for. A feed is a
/// place in one lane, so it costs the writer nothing but a wake-up when something happened there,
/// all feeds share the events, and no feed can miss or repeat one. Forgetting moves the beginning
/// of the lanes forward; a feed that is still before it keeps its own way to the end, and is
/// bounded by being ended when it is slow.
///
/// Lanes come with their first event or watch and go when they hold nothing and nobody follows
/// them, so they are bounded by both. One that comes again knows nothing of what was forgotten
/// meanwhile, and says so to whoever asks for it. Lanes are made, extended and removed inside the
/// map's own `compute`, so none goes while it is being used.
///
/// A restart begins a new age. Lanes of an older one are no longer extended, so their feeds end: by
/// the restart, or, those it came too early to see, by whoever is just making them.
final class History {
  private final Host host;
  private final Limits limits;
  private final StoreMetrics metrics;
  private final ConcurrentHashMap<Scope, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicLong feedIds = new AtomicLong();
  private final AtomicInteger feeds = new AtomicInteger();
  private final FollowedLabels labels = new FollowedLabels();

  /// Of each event its place in each of its lanes. Writer only, oldest first.
  private final ArrayDeque<List<Lane.Link>> held = new ArrayDeque<>();

  private final LinkedHashSet<Lane> touched = new LinkedHashSet<>(); // writer only
  private long heldBytes; // writer only
  private volatile long forgotten; // every event above is held; written by the writer
  private volatile long revision; // all events up to here are in the lanes
  private final AtomicInteger age = new AtomicInteger(); // of the lanes that are extended
  private volatile Past past;
  private volatile boolean closed;

  /// @param from no change up to here is held
  /// @param past what is known of the time up to there
  History(Host host, Limits limits, StoreMetrics metrics, long from, Past past) {
    this.host = host;
    this.limits = limits;
    this.metrics = metrics;
    this.forgotten = from;
    this.revision = from;
    this.past = past;
  }

  /// Adds changes and forgets the oldest above the limits. Writer only.
  void append(List<Batch.Applied> changes) {
    for (var change : changes) {
      append(change);
    }
    revision = changes.getLast().revision();
    trim();
  }

  private void append(Batch.Applied change) {
    var whole = extended(Scope.of(change.key().bucket()), change.event());
    var part = extended(Scope.around(change.key()), change.event());
    var labelled = labels.of(change);
    held.addLast(labelled.isEmpty() ? List.of(whole, part) : places(change, whole, part, labelled));
    heldBytes += bytes(whole);
  }

  private List<Lane.Link> places(
      Batch.Applied change, Lane.Link whole, Lane.Link part, List<Scope> labelled) {
    var places = new ArrayList<Lane.Link>(2 + labelled.size());
    places.add(whole);
    places.add(part);
    for (var scope : labelled) {
      places.add(extended(scope, change.event()));
    }
    return places;
  }

  private static long bytes(Lane.Link place) {
    var event = place.event;
    return event == null ? 0 : event.after().size();
  }

  private Lane.Link extended(Scope scope, WatchFeed.Event event) {
    var extended =
        lanes.compute(
            scope,
            (_, present) -> {
              var lane = present == null || present.age != age.get() ? newLane(scope) : present;
              lane.append(event);
              return lane;
            });
    touched.add(extended);
    return extended.newest;
  }

  /// Inside `compute` only.
  private Lane newLane(Scope scope) {
    return new Lane(
        scope, age.get(), forgotten); // in this order: what an age forgot is known before the age
  }

  private void trim() {
    while (held.size() > limits.historyEventsMax() || heldBytes > limits.historyBytesMax()) {
      var oldest = held.removeFirst();
      heldBytes -= bytes(oldest.getFirst());
      forgotten = oldest.getFirst().revision; // before its lane can go and be made anew
      past = Past.UNKNOWN; // nobody can go on from its end
      for (var place : oldest) {
        place.lane.oldest = place;
        removeUnused(place.lane.scope);
      }
    }
  }

  private void removeUnused(Scope scope) {
    lanes.computeIfPresent(scope, (_, lane) -> lane.unused() ? null : lane);
  }

  /// Wakes the feeds of the lanes that [#append] changed, and ends the slow ones. Writer only.
  void announce() {
    for (var lane : touched) {
      long newest = lane.newest.number;
      for (var feed : lane.feeds.values()) {
        feed.wake(newest);
      }
    }
    touched.clear();
  }

  /// As [Store#watch].
  Feed watch(Scope asked, long after, int capacity) {
    long from = reached(asked, after);
    var scope = labels.known(asked, from);
    var lane = joined(scope);
    long id = feedIds.incrementAndGet();
    Feed feed;
    try {
      long joined = lane.newest.number;
      var at = lane.find(from);
      feed = new Feed(host, this, at, after, joined, capacity, () -> leave(scope, lane, id));
    } catch (RuntimeException e) {
      left(scope, lane);
      throw e;
    }
    feeds.incrementAndGet();
    lane.feeds.put(id, feed);
    if (closed) {
      feed.end(WatchFeed.Ended.CLOSED);
    } else if (lane.age != age.get()) {
      feed.end(WatchFeed.Ended.SLOW);
    }
    return feed;
  }

  /// The latest revision at which a scope is known to be as it was at `after`.
  private long reached(Scope scope, long after) {
    var before = past;
    if (after < before.revision() && before.unchanged(scope, after)) {
      return reached(scope, before.revision());
    }
    var narrow = labels.since(scope);
    return after < narrow && unchanged(Scope.of(scope.bucket()), after, narrow) ? narrow : after;
  }

  /// Whether nothing happened in a scope after one revision and up to another.
  private boolean unchanged(Scope scope, long after, long until) {
    var lane = lanes.get(scope);
    if (lane == null) {
      return after >= forgotten;
    }
    var newest = lane.newest;
    var oldest = lane.oldest;
    if (lane.age != age.get() || after < oldest.revision) {
      return false;
    }
    if (newest.revision <= after) {
      return true;
    }
    var next = oldest.next;
    while (next != null && next.revision <= after) {
      next = next.next;
    }
    return next == null || next.revision > until;
  }

  /// Seldom a lane of the age that is just ending; whoever joins it finds that out.
  private Lane joined(Scope scope) {
    retireOlder(scope, lanes.get(scope));
    return lanes.compute(
        scope,
        (_, present) -> {
          var lane = present == null ? newLane(scope) : present;
          lane.followers++;
          return lane;
        });
  }

  private void leave(Scope scope, Lane lane, long id) {
    if (lane.feeds.remove(id) != null) {
      feeds.decrementAndGet();
      left(scope, lane);
    }
  }

  /// Another lane may stand in its place by now, with followers of its own.
  private void left(Scope scope, Lane lane) {
    lanes.computeIfPresent(
        scope,
        (_, present) -> {
          if (present != lane) {
            return present;
          }
          lane.followers--;
          return lane.unused() ? null : lane;
        });
  }

  /// Forgets everything and ends every feed: the changes up to `next` are not known one by one.
  /// Writer only.
  void restart(long next) {
    held.clear();
    heldBytes = 0;
    touched.clear();
    forgotten = next;
    past = Past.UNKNOWN;
    age.incrementAndGet(); // after what it forgot
    revision = next;
    lanes.forEach(this::retireOlder);
  }

  /// Takes a lane of an older age away from its followers.
  private void retireOlder(Scope scope, @Nullable Lane lane) {
    if (lane != null && lane.age != age.get() && lanes.remove(scope, lane)) {
      lane.feeds.values().forEach(feed -> feed.end(WatchFeed.Ended.SLOW));
    }
  }

  /// What the writer is to sort by.
  FollowedLabels labels() {
    return labels;
  }

  /// Every event up to this revision can be reached by the feeds.
  long revision() {
    return revision;
  }

  int feeds() {
    return feeds.get();
  }

  /// How many scopes something is known of or followed in.
  int lanes() {
    return lanes.size();
  }

  void endedSlow() {
    metrics.slow();
  }

  /// Ends every feed, and those that are still being registered.
  void close() {
    closed = true;
    for (var lane : lanes.values()) {
      for (var feed : lane.feeds.values()) {
        feed.end(WatchFeed.Ended.CLOSED);
      }
    }
  }
}
