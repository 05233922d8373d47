package io.nave.store;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All objects at one revision. A change makes a new snapshot that shares nearly all of this one.
///
/// @param tree objects by bucket and key; a bucket without objects is absent
/// @param bytes what the quota counts: the characters of the keys and the encoded objects
/// @param labels the same objects by the labels that watches ask for
record Snapshot(
    long revision,
    SortedTree<String, SortedTree<Key, ApiObject>> tree,
    long bytes,
    long objects,
    LabelIndex labels)
    implements View {
  static final Snapshot EMPTY = new Snapshot(0, SortedTree.empty(), 0, 0, LabelIndex.NONE);

  /// With the object under the key, as of `next`.
  Snapshot with(StoreKey key, ApiObject object, long next) {
    var before = find(key);
    var bucket = bucket(key.bucket()).put(key.key(), object);
    return new Snapshot(
        next,
        tree.put(key.bucket(), bucket),
        bytes - cost(key, before) + cost(key, object),
        before == null ? objects + 1 : objects,
        labels.after(key, before, object));
  }

  /// Without the key, as of `next`.
  Snapshot without(StoreKey key, long next) {
    var before = find(key);
    if (before == null) {
      return at(next);
    }
    var bucket = bucket(key.bucket()).remove(key.key());
    var rest = bucket.isEmpty() ? tree.remove(key.bucket()) : tree.put(key.bucket(), bucket);
    return new Snapshot(
        next, rest, bytes - cost(key, before), objects - 1, labels.after(key, before, null));
  }

  /// The same objects at another revision.
  Snapshot at(long next) {
    return new Snapshot(next, tree, bytes, objects, labels);
  }

  /// The same, with a bucket sorted by a label too.
  Snapshot sortedBy(Scope followed) {
    return new Snapshot(
        revision, tree, bytes, objects, labels.over(followed, bucket(followed.bucket())));
  }

  @Nullable ApiObject find(StoreKey key) {
    var bucket = tree.get(key.bucket());
    return bucket == null ? null : bucket.get(key.key());
  }

  @Override
  public Optional<ApiObject> get(StoreKey key) {
    return Optional.ofNullable(find(key));
  }

  @Override
  public List<ApiObject> list(String bucket, String namespace) {
    return list(bucket, namespace, null, Integer.MAX_VALUE);
  }

  @Override
  public List<ApiObject> list(
      String bucket, String namespace, @Nullable StoreKey after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, was " + limit);
    }
    var objects = bucket(bucket);
    var found =
        new ArrayList<ApiObject>(namespace.isEmpty() ? Math.min(limit, objects.size()) : 16);
    objects.scan(
        start(namespace, after),
        (key, object) -> {
          if (!namespace.isEmpty() && !key.namespace().equals(namespace)) {
            return false;
          }
          found.add(object);
          return found.size() < limit;
        });
    return Collections.unmodifiableList(found);
  }

  @Override
  public List<ApiObject> list(Scope labelled) {
    var found = labels.find(labelled);
    return found == null ? list(labelled.bucket(), "") : Collections.unmodifiableList(found);
  }

  @Override
  public int count(String bucket, String namespace) {
    var objects = bucket(bucket);
    if (namespace.isEmpty()) {
      return objects.size();
    }
    // No name is empty, and nothing is between a name and the same with a zero character.
    return objects.countBefore(Key.of(namespace + '\0', ""))
        - objects.countBefore(Key.of(namespace, ""));
  }

  @Override
  public Set<String> buckets() {
    var names = new TreeSet<String>();
    tree.scan(null, (name, _) -> names.add(name));
    return Collections.unmodifiableSet(names);
  }

  /// The key after which a listing begins: no name is empty, so `namespace/` is before all of its
  /// objects.
  private static @Nullable Key start(String namespace, @Nullable StoreKey after) {
    var first = namespace.isEmpty() ? null : Key.of(namespace, "");
    if (after == null) {
      return first;
    }
    var key = after.key();
    return first != null && first.compareTo(key) > 0 ? first : key;
  }

  private SortedTree<Key, ApiObject> bucket(String name) {
    var bucket = tree.get(name);
    return bucket == null ? SortedTree.empty() : bucket;
  }

  /// What the quota counts of one object.
  static long cost(StoreKey key, @Nullable ApiObject object) {
    return object == null
        ? 0
        : key.bucket().length()
            + key.namespace().length()
            + key.name().length()
            + (long) object.size();
  }

  @Override
  public String toString() {
    return objects + " objects at revision " + revision;
  }
}
