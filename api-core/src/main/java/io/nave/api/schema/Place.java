package io.nave.api.schema;

import org.jspecify.annotations.Nullable;

/// Where in an object a value stands; rendered only when there is something to say about it.
///
/// @param index in a list, or -1
record Place(@Nullable Place parent, String field, int index) {
  static final Place ROOT = new Place(null, "", -1);

  Place field(String name) {
    return new Place(this, name, -1);
  }

  Place index(int i) {
    return new Place(this, "", i);
  }

  /// As Kubernetes writes it: `spec.taints[0].effect`; empty for the object itself.
  @Override
  public String toString() {
    if (parent == null) {
      return "";
    }
    var before = parent.toString();
    if (index >= 0) {
      return before + "[" + index + "]";
    }
    return before.isEmpty() ? field : before + "." + field;
  }
}
