package io.nave.store;

/// Which changes a watch follows: those of a bucket, of one namespace in it, or of one object of
/// cluster scope. A change wakes only the watches of the scopes it lies in.
///
/// @param part a namespace, or the name of an object of cluster scope; empty for the whole bucket
public record Scope(String bucket, String part) {
  /// All of a bucket.
  public static Scope of(String bucket) {
    return new Scope(bucket, "");
  }

  /// What lies in one namespace of a bucket; all of the bucket when `namespace` is empty.
  public static Scope namespace(String bucket, String namespace) {
    return new Scope(bucket, namespace);
  }

  /// One object of a bucket without namespaces.
  public static Scope object(String bucket, String name) {
    return new Scope(bucket, name);
  }

  /// The narrowest scope a key lies in. Beside it there is only that of the whole bucket.
  static Scope around(StoreKey key) {
    return new Scope(key.bucket(), key.namespace().isEmpty() ? key.name() : key.namespace());
  }

  /// As messages name it.
  @Override
  public String toString() {
    return part.isEmpty() ? bucket : bucket + " in " + part;
  }
}
