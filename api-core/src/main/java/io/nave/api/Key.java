package io.nave.api;

/// The name of one object among those of its kind. Ordered by namespace, then name.
///
/// @param namespace empty for objects of cluster scope
public record Key(String namespace, String name) implements Comparable<Key> {
  /// A key of cluster scope.
  public static Key of(String name) {
    return new Key("", name);
  }

  /// A key in a namespace.
  public static Key of(String namespace, String name) {
    return new Key(namespace, name);
  }

  @Override
  public int compareTo(Key other) {
    var namespaces = namespace.compareTo(other.namespace);
    return namespaces != 0 ? namespaces : name.compareTo(other.name);
  }

  /// `namespace/name`, or the name alone.
  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
