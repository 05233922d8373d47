package io.nave.store;

/// Which changes a watch follows: those of a bucket, of one namespace in it, of one object of
/// cluster scope, or of the objects with one value of a label. A change wakes only the watches of
/// the scopes it lies in.
///
/// @param label empty unless objects are told apart by it
/// @param part a value of the label; without one a namespace, or the name of an object of cluster
///   scope; empty for the whole bucket
public record Scope(String bucket, String label, String part) {
  /// All of a bucket.
  public static Scope of(String bucket) {
    return new Scope(bucket, "", "");
  }

  /// What lies in one namespace of a bucket; all of the bucket when `namespace` is empty.
  public static Scope namespace(String bucket, String namespace) {
    return new Scope(bucket, "", namespace);
  }

  /// One object of a bucket without namespaces.
  public static Scope object(String bucket, String name) {
    return new Scope(bucket, "", name);
  }

  /// What carries this value of a label, or did before the change. The first watches that name a
  /// label are told of the other changes in the bucket too.
  public static Scope labelled(String bucket, String label, String value) {
    return new Scope(bucket, label, value);
  }

  /// The narrowest scope a key lies in, whatever its labels.
  static Scope around(StoreKey key) {
    return new Scope(key.bucket(), "", key.namespace().isEmpty() ? key.name() : key.namespace());
  }

  boolean isOf(String label, String value) {
    return this.label.equals(label) && part.equals(value);
  }

  /// As messages name it.
  @Override
  public String toString() {
    if (!label.isEmpty()) {
      return bucket + " with " + label + "=" + part;
    }
    return part.isEmpty() ? bucket : bucket + " in " + part;
  }
}
