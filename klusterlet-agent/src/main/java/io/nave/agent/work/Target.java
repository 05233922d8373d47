package io.nave.agent.work;

import io.nave.api.Key;
import io.nave.api.ResourceType;
import org.jspecify.annotations.Nullable;

/// One object in the cluster. Two targets are the same when group, resource and key are, whatever
/// version they were written in.
record Target(ResourceType type, Key key) implements Comparable<Target> {
  @Override
  public int compareTo(Target other) {
    var order = type.resource().compareTo(other.type.resource());
    return order != 0 ? order : key.compareTo(other.key);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Target that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * type.resource().hashCode() + key.hashCode();
  }

  @Override
  public String toString() {
    return type.resource() + " " + key;
  }
}
