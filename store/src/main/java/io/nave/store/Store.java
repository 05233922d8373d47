package io.nave.store;

import io.nave.api.ApiObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The hub's memory: every object at its latest revision, and the recent changes in order.
///
/// One writer orders all commits and syncs once per batch; readers take an immutable [View] and
/// never wait. An acknowledged commit survives a crash: the log is synced before [#commit] returns.
/// All methods may be called from any task.
public interface Store extends AutoCloseable {
  /// Applies all changes or none. Each change gets a revision of its own, consecutive and in order,
  /// so that a watch can be resumed between any two; all become visible at once.
  ///
  /// @return the stored objects in the order of the changes, each with its `resourceVersion` set;
  ///   for a delete the last state, with the revision of the delete
  /// @throws Conflict if any expected revision is no longer the latest; read again and retry
  /// @throws StoreFull if the quota is spent or the disk nearly full; only deletes pass until then
  /// @throws StoreClosed after [#close] or when the writer has stopped on a broken invariant
  List<ApiObject> commit(List<Change> changes);

  /// The present state, as of the last commit acknowledged here. What other processes on the same
  /// engine committed may be a moment away.
  View view();

  /// A state that holds every commit acknowledged anywhere before this call. May wait for it.
  ///
  /// @throws StoreUnreachable when the engine's servers do not answer in time
  default View latest() {
    return view();
  }

  /// Follows the changes in a scope from just after `revision`. Changes elsewhere cost the watch
  /// nothing.
  ///
  /// @param capacity most events held for this watch, at least 1; one that falls further behind is
  ///   ended with [WatchFeed.Ended.SLOW]
  /// @throws TooOld when the changes after `revision` are no longer all held: list and start anew
  WatchFeed watch(Scope scope, long revision, int capacity);

  /// Follows all of a bucket.
  default WatchFeed watch(String bucket, long revision, int capacity) {
    return watch(Scope.of(bucket), revision, capacity);
  }

  /// Whether commits can still be made, now or once there is room or an answer: false after
  /// [#close], and when the writer has stopped on a broken invariant or a broken engine.
  boolean running();

  @Override
  void close();

  /// One change of one object.
  sealed interface Change {
    StoreKey key();

    /// Stores the object under the key.
    ///
    /// @param object its `metadata.resourceVersion` is replaced by the new revision
    /// @param expected the revision that must be the latest; 0: there must be none; [#ANY]: no test
    record Put(StoreKey key, ApiObject object, long expected) implements Change {}

    /// Removes the key.
    ///
    /// @param last the state that watchers see in the DELETED event; null: the stored one
    /// @param expected as in [Put], never 0
    record Delete(StoreKey key, @Nullable ApiObject last, long expected) implements Change {}

    /// No test of the present revision.
    long ANY = -1;
  }
}
