package io.nave.store;

import io.nave.runtime.Host;
import io.nave.store.WatchFeed.Event;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The recent changes, and who follows them.
///
/// Per bucket a linked list that only the writer extends. A feed is a place in that list, so it
/// costs the writer nothing but a wake-up, all feeds share the events, and no feed can miss or
/// repeat one. Forgetting moves the beginning of the list forward; a feed that is still before it
/// keeps its own way to the end, and is bounded by being ended when it is slow.
///
/// The invariant readers live by: every event of a bucket with a revision above that of
/// [Bucket#oldest] can be reached from there.
final class History {
  /// One change in its bucket's list.
  static final class Link {
    final long revision;
    final long number; // counts the events of the bucket
    final @Nullable Event event; // null only in the link before the first event
    volatile @Nullable Link next; // set once, by the writer

    Link(long revision, long number, @Nullable Event event) {
      this.revision = revision;
      this.number = number;
      this.event = event;
    }
  }

  /// The list of one bucket.
  static final class Bucket {
    volatile Link oldest; // the last link that is no longer held; moved by the writer
    volatile Link newest; // moved by the writer
    final ConcurrentSkipListMap<Long, Feed> feeds = new ConcurrentSkipListMap<>();

    Bucket(long from) {
      oldest = new Link(from, 0, null);
      newest = oldest;
    }
  }

  private record Held(Bucket bucket, Link link, long bytes) {}

  private final Host host;
  private final Limits limits;
  private final StoreMetrics metrics;
  private final long from; // nothing is known of changes up to here
  private final ConcurrentSkipListMap<String, Bucket> buckets = new ConcurrentSkipListMap<>();
  private final AtomicLong feedIds = new AtomicLong();
  private final ArrayDeque<Held> held = new ArrayDeque<>(); // writer only, oldest first
  private final LinkedHashSet<Bucket> touched = new LinkedHashSet<>(); // writer only
  private long heldBytes; // writer only
  private volatile long revision; // all events up to here are in the lists
  private volatile boolean closed;

  History(Host host, Limits limits, StoreMetrics metrics, long from) {
    this.host = host;
    this.limits = limits;
    this.metrics = metrics;
    this.from = from;
    this.revision = from;
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
    var bucket = bucket(change.key().bucket());
    var last = bucket.newest;
    var link = new Link(change.revision(), last.number + 1, change.event());
    long bytes = change.event().after().bytes().length;
    held.addLast(new Held(bucket, link, bytes));
    heldBytes += bytes;
    touched.add(bucket);
    last.next = link;
    bucket.newest = link;
  }

  private void trim() {
    while (held.size() > limits.historyEventsMax() || heldBytes > limits.historyBytesMax()) {
      var first = held.removeFirst();
      heldBytes -= first.bytes();
      first.bucket().oldest = first.link();
    }
  }

  /// Wakes the feeds of the buckets that [#append] changed, and ends the slow ones. Writer only.
  void announce() {
    for (var bucket : touched) {
      long newest = bucket.newest.number;
      for (var feed : bucket.feeds.values()) {
        feed.wake(newest);
      }
    }
    touched.clear();
  }

  /// As [Store#watch].
  Feed watch(String name, long after, int capacity) {
    var bucket = bucket(name);
    var joined = bucket.newest;
    var at = joined.revision <= after && joined.event != null ? joined : walk(bucket, name, after);
    long id = feedIds.incrementAndGet();
    var feed =
        new Feed(host, this, at, after, joined.number, capacity, () -> bucket.feeds.remove(id));
    bucket.feeds.put(id, feed);
    if (closed) {
      feed.end(WatchFeed.Ended.CLOSED);
    }
    return feed;
  }

  private static Link walk(Bucket bucket, String name, long after) {
    var at = bucket.oldest;
    if (after < at.revision) {
      throw new TooOld(
          "changes of %s after revision %d are asked for, and only those after %d are still held:"
                  .formatted(name, after, at.revision)
              + " list, and watch from the list's revision");
    }
    var next = at.next;
    while (next != null && next.revision <= after) {
      at = next;
      next = at.next;
    }
    return at;
  }

  /// Every event up to this revision can be reached by the feeds.
  long revision() {
    return revision;
  }

  int feeds() {
    int count = 0;
    for (var bucket : buckets.values()) {
      count += bucket.feeds.size();
    }
    return count;
  }

  void endedSlow() {
    metrics.slow();
  }

  /// Ends every feed, and those that are still being registered.
  void close() {
    closed = true;
    for (var bucket : buckets.values()) {
      for (var feed : bucket.feeds.values()) {
        feed.end(WatchFeed.Ended.CLOSED);
      }
    }
  }

  private Bucket bucket(String name) {
    return buckets.computeIfAbsent(name, _ -> new Bucket(from));
  }
}
