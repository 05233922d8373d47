package io.nave.store;

import io.nave.api.ApiObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The changes of one [Scope] in order, each exactly once. One task reads it.
public interface WatchFeed extends AutoCloseable {
  /// What happened to an object.
  ///
  /// @param before the state before this change; null when it is new
  /// @param after the state after it, for a delete the last state; carries the event's revision
  record Event(Kind kind, @Nullable ApiObject before, ApiObject after) {
    public long revision() {
      return after.revision();
    }
  }

  enum Kind {
    ADDED,
    MODIFIED,
    DELETED
  }

  enum Ended {
    /// Not ended.
    NO,
    /// The reader fell too far behind: resume from the last event's revision.
    SLOW,
    /// The store was closed, or this feed.
    CLOSED
  }

  /// The next event, or null when none came within `atMost` or the feed has ended.
  @Nullable Event next(Duration atMost);

  /// Whether and why no more events come.
  Ended ended();

  /// The revision up to which all events of this scope have been handed out: what a bookmark may
  /// say.
  long progress();

  @Override
  void close();
}
