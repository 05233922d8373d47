package io.nave.store;

import io.nave.api.ApiObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The labels by which the watches of a bucket are told apart, so that ten thousand clients that
/// each want the objects of one label's value do not wake for each other.
///
/// A label is noticed when the first watch asks for it. That watch follows the whole bucket. Before
/// its next change the writer sorts the bucket by the label ([LabelIndex]), and puts all later
/// changes into lanes by the label's value too; watches that begin after that are narrow.
final class FollowedLabels {
  /// Labels of one bucket, first come; each costs every change there a look-up.
  private static final int LABELS_MAX = 8;

  private static final long NOT_YET = Long.MAX_VALUE;

  /// Bucket to label to the first change that is in its lanes.
  private final ConcurrentHashMap<String, ConcurrentHashMap<String, Long>> since =
      new ConcurrentHashMap<>();

  private volatile boolean asked; // whether a label may wait to be noticed

  /// The narrowest scope around `scope` whose lanes hold all its changes after a revision.
  Scope known(Scope scope, long after) {
    if (scope.label().isEmpty()) {
      return scope;
    }
    var labels = since.computeIfAbsent(scope.bucket(), _ -> new ConcurrentHashMap<>());
    var first = labels.get(scope.label());
    if (first == null && labels.size() < LABELS_MAX) {
      labels.putIfAbsent(scope.label(), NOT_YET);
      asked = true;
    }
    return first != null && after >= first - 1 ? scope : Scope.of(scope.bucket());
  }

  /// The revision after which the lanes of a scope by label hold all its changes; 0 for a scope of
  /// another kind, and while the label has no lanes.
  long since(Scope scope) {
    var labels = scope.label().isEmpty() ? null : since.get(scope.bucket());
    var first = labels == null ? null : labels.get(scope.label());
    return first == null || first == NOT_YET ? 0 : first - 1;
  }

  /// The snapshot, sorted by the labels that were asked for meanwhile. Writer only, before it
  /// changes anything.
  Snapshot sorted(Snapshot snapshot) {
    if (!asked) {
      return snapshot;
    }
    asked = false; // before looking: what is asked for from here on is seen now or next time
    var next = snapshot;
    for (var bucket : since.entrySet()) {
      for (var label : bucket.getValue().keySet()) {
        if (bucket.getValue().replace(label, NOT_YET, snapshot.revision() + 1)) {
          next = next.sortedBy(Scope.labelled(bucket.getKey(), label, ""));
        }
      }
    }
    return next;
  }

  /// A snapshot that was loaded anew, sorted as the one before it. Writer only.
  Snapshot sortedAnew(Snapshot loaded) {
    var next = loaded;
    for (var bucket : since.entrySet()) {
      for (var label : bucket.getValue().entrySet()) {
        if (label.getValue() != NOT_YET) {
          next = next.sortedBy(Scope.labelled(bucket.getKey(), label.getKey(), ""));
        }
      }
    }
    return next;
  }

  /// The scopes by label that a change lies in: those of the object before it and after it. Writer
  /// only.
  List<Scope> of(Batch.Applied change) {
    var bucket = change.key().bucket();
    var labels = since.get(bucket);
    if (labels == null) {
      return List.of();
    }
    var found = new ArrayList<Scope>();
    for (var each : labels.entrySet()) {
      var label = each.getKey();
      if (each.getValue() == NOT_YET) {
        continue;
      }
      add(found, bucket, label, change.event().before());
      add(found, bucket, label, change.event().after());
    }
    return found;
  }

  private static void add(
      List<Scope> found, String bucket, String label, @Nullable ApiObject object) {
    var value = object == null ? null : object.labels().get(label);
    if (value != null && (found.isEmpty() || !found.getLast().isOf(label, value))) {
      found.add(Scope.labelled(bucket, label, value));
    }
  }
}
