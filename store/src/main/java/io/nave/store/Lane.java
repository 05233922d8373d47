package io.nave.store;

import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The changes of one [Scope] that are still held, as a linked list that only the writer extends,
/// and who follows them.
///
/// The invariant readers live by: every event of the scope with a revision above that of [#oldest]
/// can be reached from there.
final class Lane {
  /// One change.
  static final class Link {
    final Lane lane;
    final long revision;
    final long number; // counts the events of the lane
    final WatchFeed.@Nullable Event event; // null only in the link before the first event
    volatile @Nullable Link next; // set once, by the writer

    Link(Lane lane, long revision, long number, WatchFeed.@Nullable Event event) {
      this.lane = lane;
      this.revision = revision;
      this.number = number;
      this.event = event;
    }
  }

  final Scope scope;
  final int age; // of the history when it was made
  volatile Link oldest; // the last link that is no longer held; moved by the writer
  volatile Link newest; // moved by the writer
  final ConcurrentSkipListMap<Long, Feed> feeds = new ConcurrentSkipListMap<>();
  int followers; // feeds, and those being made; inside the `compute` of the history's map only

  /// @param from nothing is known of changes up to here
  Lane(Scope scope, int age, long from) {
    this.scope = scope;
    this.age = age;
    oldest = new Link(this, from, 0, null);
    newest = oldest;
  }

  /// Adds an event. Writer only.
  void append(WatchFeed.Event event) {
    var last = newest;
    var link = new Link(this, event.revision(), last.number + 1, event);
    last.next = link;
    newest = link;
  }

  /// Whether nothing is held and nobody follows. Inside `compute` only.
  boolean unused() {
    return oldest == newest && followers == 0;
  }

  /// The last link up to `after`.
  ///
  /// @throws TooOld when changes after it are no longer held
  Link find(long after) {
    var last = newest;
    if (last.revision <= after && last.event != null) {
      return last;
    }
    var at = oldest;
    if (after < at.revision) {
      throw new TooOld(
          "changes of %s after revision %d are asked for, and only those after %d are still held:"
                  .formatted(scope, after, at.revision)
              + " list, and watch from the list's revision");
    }
    var next = at.next;
    while (next != null && next.revision <= after) {
      at = next;
      next = at.next;
    }
    return at;
  }
}
