package io.nave.store;

import io.nave.api.ApiObject;
import io.nave.store.Store.Change;
import io.nave.store.WatchFeed.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Commits being made ready for one write: each is checked against the state that the commits
/// before it leave behind. Memory only; one task.
final class Batch {
  /// A change that was accepted.
  record Applied(StoreKey key, long revision, Event event) {
    Engine.Entry entry() {
      var gone = event.kind() == WatchFeed.Kind.DELETED;
      return new Engine.Entry(key, gone ? null : event.after().bytes(), revision);
    }
  }

  private final Limits limits;
  private final List<Applied> applied = new ArrayList<>();
  private Snapshot state; // after the commits taken so far

  Batch(Snapshot before, Limits limits) {
    this.state = before;
    this.limits = limits;
  }

  /// Takes one commit, all of it or none.
  ///
  /// @return the stored objects in the order of the changes
  /// @throws Conflict as [Store#commit]
  /// @throws StoreFull as [Store#commit]
  List<ApiObject> take(List<Change> changes) {
    var next = state;
    var accepted = new ArrayList<Applied>(changes.size());
    for (var change : changes) {
      var step = apply(next, change);
      accepted.add(step);
      next =
          step.event().kind() == WatchFeed.Kind.DELETED
              ? next.without(change.key(), step.revision())
              : next.with(change.key(), step.event().after(), step.revision());
    }
    checkQuota(next, changes);
    state = next;
    applied.addAll(accepted);
    return accepted.stream().map(step -> step.event().after()).toList();
  }

  /// The state after all commits taken.
  Snapshot state() {
    return state;
  }

  /// The changes of all commits taken, in order.
  List<Applied> applied() {
    return applied;
  }

  private static Applied apply(Snapshot state, Change change) {
    long revision = state.revision() + 1;
    var before = state.find(change.key());
    var event =
        switch (change) {
          case Change.Put put -> put(before, put, revision);
          case Change.Delete delete -> delete(before, delete, revision);
        };
    return new Applied(change.key(), revision, event);
  }

  private static Event put(@Nullable ApiObject before, Change.Put put, long revision) {
    check(put.key(), before, put.expected());
    var after = stamped(put.object(), revision);
    var kind = before == null ? WatchFeed.Kind.ADDED : WatchFeed.Kind.MODIFIED;
    return new Event(kind, before, after);
  }

  private static Event delete(@Nullable ApiObject before, Change.Delete delete, long revision) {
    check(delete.key(), before, delete.expected());
    if (before == null) {
      throw new Conflict(text(delete.key()) + " is to be deleted and does not exist");
    }
    var last = delete.last() == null ? before : delete.last();
    return new Event(WatchFeed.Kind.DELETED, before, stamped(last, revision));
  }

  private static void check(StoreKey key, @Nullable ApiObject before, long expected) {
    long found = before == null ? 0 : before.revision();
    if (expected != Change.ANY && expected != found) {
      throw new Conflict(
          text(key)
              + (expected == 0 ? " should not exist" : " should be at revision " + expected)
              + (found == 0 ? " and does not exist" : " and is at revision " + found));
    }
  }

  /// The object with its new revision, as it is kept. Only the way to `metadata` is copied: trees
  /// are never changed once they belong to an [ApiObject], so the rest can be shared.
  private static ApiObject stamped(ApiObject object, long revision) {
    var tree = object.json().objectNode();
    tree.setAll(object.json());
    var meta = tree.objectNode();
    for (var field : object.json().path("metadata").properties()) {
      meta.set(field.getKey(), field.getValue());
    }
    meta.put("resourceVersion", Long.toString(revision));
    tree.set("metadata", meta);
    return ApiObject.of(tree).settled();
  }

  private void checkQuota(Snapshot next, List<Change> changes) {
    if (next.bytes() <= limits.bytesMax() || next.bytes() <= state.bytes()) {
      return;
    }
    if (next.bytes() <= limits.bytesMaxForDeleting() && changes.stream().allMatch(Batch::leaves)) {
      return;
    }
    throw new StoreFull(
        "the store holds %d bytes and this commit would make them %d; at most %d are allowed:"
                .formatted(state.bytes(), next.bytes(), limits.bytesMax())
            + " delete objects, or raise store.bytes.max");
  }

  /// Whether a change helps something to go.
  private static boolean leaves(Change change) {
    return switch (change) {
      case Change.Put put -> put.object().deleting();
      case Change.Delete _ -> true;
    };
  }

  private static String text(StoreKey key) {
    return key.bucket() + " " + key.key();
  }
}
