package io.nave.store;

import io.nave.api.Key;
import io.nave.api.ResourceType;

/// Where an object lives. Ordered by bucket, namespace, name.
///
/// @param bucket `plural.group` of its type: one collection, whatever the version it is served in
/// @param namespace empty for cluster scope
public record StoreKey(String bucket, String namespace, String name)
    implements Comparable<StoreKey> {
  public static StoreKey of(ResourceType type, Key key) {
    return new StoreKey(type.resource(), key.namespace(), key.name());
  }

  public Key key() {
    return new Key(namespace, name);
  }

  @Override
  public int compareTo(StoreKey other) {
    var buckets = bucket.compareTo(other.bucket);
    if (buckets != 0) {
      return buckets;
    }
    var namespaces = namespace.compareTo(other.namespace);
    return namespaces != 0 ? namespaces : name.compareTo(other.name);
  }
}
