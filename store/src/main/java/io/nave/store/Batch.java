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
    Engine.Entry entry(Sealer sealer) {
      var bytes = sealer.seal(key, event.after().bytes());
      return event.kind() == WatchFeed.Kind.DELETED
          ? new Engine.Entry(key, null, revision, bytes)
          : new Engine.Entry(key, bytes, revision, null);
    }
  }

  private final Limits limits;
  private final boolean readOnly;
  private final List<Applied> applied = new ArrayList<>();
  private Snapshot state; // after the commits taken so far

  /// @param readOnly whether only commits that take away are accepted
  Batch(Snapshot before, Limits limits, boolean readOnly) {
    this.state = before;
    this.limits = limits;
    this.readOnly = readOnly;
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
      next = after(next, step);
    }
    checkQuota(next, changes);
    state = next;
    applied.addAll(accepted);
    return accepted.stream().map(step -> step.event().after()).toList();
  }

  /// Takes what another process has already made durable.
  ///
  /// @throws StoreBroken when it does not follow on the state
  void heard(Engine.Entry entry, Sealer sealer) {
    if (entry.revision() != state.revision() + 1) {
      throw new StoreBroken(
          "heard of revision %d of %s where %d was due: the history has a hole; start again"
              .formatted(entry.revision(), text(entry.key()), state.revision() + 1));
    }
    var before = state.find(entry.key());
    var step = new Applied(entry.key(), entry.revision(), event(entry, before, sealer));
    state = after(state, step);
    applied.add(step);
  }

  private static Event event(Engine.Entry entry, @Nullable ApiObject before, Sealer sealer) {
    byte[] bytes = entry.bytes();
    if (bytes != null) {
      var after = ApiObject.stored(sealer.open(entry.key(), bytes));
      return new Event(
          before == null ? WatchFeed.Kind.ADDED : WatchFeed.Kind.MODIFIED, before, after);
    }
    byte[] last = entry.last();
    if (last == null) {
      throw new StoreBroken(text(entry.key()) + " is gone, and nobody says what it was last");
    }
    return new Event(
        WatchFeed.Kind.DELETED, before, ApiObject.stored(sealer.open(entry.key(), last)));
  }

  private static Snapshot after(Snapshot state, Applied step) {
    return step.event().kind() == WatchFeed.Kind.DELETED
        ? state.without(step.key(), step.revision())
        : state.with(step.key(), step.event().after(), step.revision());
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
    if (next.bytes() <= state.bytes() || (next.bytes() <= limits.bytesMax() && !readOnly)) {
      return;
    }
    if (next.bytes() <= limits.bytesMaxForDeleting() && changes.stream().allMatch(Batch::leaves)) {
      return;
    }
    if (readOnly) {
      throw new StoreFull(
          "the disk of the store has less than %d bytes left, so it only takes deletes: make room"
                  .formatted(limits.roomMin())
              + " on it, and it goes on by itself");
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
