package io.nave.store;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The objects of some buckets by their values of some labels, at one revision; immutable, as the
/// [Snapshot] it belongs to.
///
/// Sorting a bucket reads the labels of all its objects while commits wait, so one with more than
/// [#OBJECTS_MAX] is not sorted: that is for kinds like certificate requests, of which each of many
/// clients wants its own few.
final class LabelIndex {
  /// By estimate some tenths of a second, if all have to be unpacked.
  static final int OBJECTS_MAX = 50_000;

  static final LabelIndex NONE = new LabelIndex(Map.of(), SortedTree.empty());

  private final Map<String, List<String>> labels; // by bucket
  private final SortedTree<StoreKey, SortedTree<Key, ApiObject>> objects; // by bucket, label, value

  private LabelIndex(
      Map<String, List<String>> labels, SortedTree<StoreKey, SortedTree<Key, ApiObject>> objects) {
    this.labels = labels;
    this.objects = objects;
  }

  /// With one more label of a bucket, and all that is there sorted by it; the same when that is too
  /// much.
  LabelIndex over(Scope followed, SortedTree<Key, ApiObject> present) {
    if (present.size() > OBJECTS_MAX) {
      return this;
    }
    var bucket = followed.bucket();
    var known = new ArrayList<>(labels.getOrDefault(bucket, List.of()));
    known.add(followed.label());
    var next = new TreeMap<>(labels);
    next.put(bucket, List.copyOf(known));
    var found = new TreeMap<StoreKey, TreeMap<Key, ApiObject>>();
    present.scan(
        null,
        (key, object) -> {
          var value = object.labels().get(followed.label());
          if (value != null) {
            found
                .computeIfAbsent(
                    new StoreKey(bucket, followed.label(), value), _ -> new TreeMap<>())
                .put(key, object);
          }
          return true;
        });
    var all = objects;
    for (var each : found.entrySet()) {
      var sorted = each.getValue();
      all =
          all.put(
              each.getKey(),
              SortedTree.ofSorted(List.copyOf(sorted.keySet()), List.copyOf(sorted.values())));
    }
    return new LabelIndex(next, all);
  }

  /// After one object of a bucket came, changed or went.
  LabelIndex after(StoreKey changed, @Nullable ApiObject before, @Nullable ApiObject after) {
    var known = labels.get(changed.bucket());
    if (known == null) {
      return this;
    }
    var next = objects;
    for (var label : known) {
      var was = before == null ? null : before.labels().get(label);
      var is = after == null ? null : after.labels().get(label);
      if (was != null && !was.equals(is)) {
        next = without(next, new StoreKey(changed.bucket(), label, was), changed.key());
      }
      if (is != null) {
        var place = new StoreKey(changed.bucket(), label, is);
        next = with(next, place, changed.key(), Objects.requireNonNull(after));
      }
    }
    return new LabelIndex(labels, next);
  }

  private static SortedTree<StoreKey, SortedTree<Key, ApiObject>> with(
      SortedTree<StoreKey, SortedTree<Key, ApiObject>> all,
      StoreKey place,
      Key key,
      ApiObject object) {
    var same = all.get(place);
    var present = same == null ? SortedTree.<Key, ApiObject>empty() : same;
    return all.put(place, present.put(key, object));
  }

  private static SortedTree<StoreKey, SortedTree<Key, ApiObject>> without(
      SortedTree<StoreKey, SortedTree<Key, ApiObject>> all, StoreKey place, Key key) {
    var same = all.get(place);
    if (same == null) {
      return all;
    }
    var rest = same.remove(key);
    return rest.isEmpty() ? all.remove(place) : all.put(place, rest);
  }

  /// What carries a label's value, in key order; null when the bucket is not sorted by that label.
  @Nullable List<ApiObject> find(Scope labelled) {
    if (!labels.getOrDefault(labelled.bucket(), List.of()).contains(labelled.label())) {
      return null;
    }
    var found = new ArrayList<ApiObject>();
    var same = objects.get(new StoreKey(labelled.bucket(), labelled.label(), labelled.part()));
    if (same != null) {
      same.scan(null, (_, object) -> found.add(object));
    }
    return found;
  }
}
