package io.nave.store;

import io.nave.api.ApiObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The store at one revision; immutable, cheap to hold for the length of a request.
public interface View {
  /// The revision of the last change in this view; 0 for a store that never held anything.
  long revision();

  Optional<ApiObject> get(StoreKey key);

  /// The objects of a bucket in key order.
  ///
  /// @param namespace only this namespace, or all of them when empty
  List<ApiObject> list(String bucket, String namespace);

  /// A page of [#list]: at most `limit` objects whose keys come after `after` (from the beginning
  /// when null).
  List<ApiObject> list(
      String bucket,
      String namespace,
      @org.jspecify.annotations.Nullable StoreKey after,
      int limit);

  /// Of a bucket at least the objects with a label's value, in key order: only those once watches
  /// ask for that label, everything before that or when it is very much.
  default List<ApiObject> list(Scope labelled) {
    return list(labelled.bucket(), "");
  }

  /// How many objects [#list] would give, without visiting them.
  int count(String bucket, String namespace);

  /// The buckets that hold anything, sorted.
  Set<String> buckets();
}
