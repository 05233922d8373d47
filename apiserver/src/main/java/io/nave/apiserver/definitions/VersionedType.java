package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Validation;

/// One version of a defined kind.
record VersionedType(ResourceType type, Schema schema) {
  boolean holds(ApiObject object) {
    return object.apiVersion().equals(type.apiVersion());
  }

  /// The object without what this version's schema does not know, and with its defaults. The very
  /// same object when nothing differs; that is found out once for each object and schema.
  @SuppressWarnings("ReferenceEquality") // the very same
  ApiObject revised(ApiObject object) {
    if (object.isVouchedFor(schema)) {
      return object;
    }
    var tree = object.json();
    var revised = Validation.revise(tree, schema);
    if (revised == tree) {
      object.vouch(schema);
      return object;
    }
    return ApiObject.of(revised);
  }
}
