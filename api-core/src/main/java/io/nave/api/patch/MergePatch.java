package io.nave.api.patch;

import io.nave.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// RFC 7396: objects merge, null deletes, anything else replaces; arrays are replaced whole.
final class MergePatch {
  private MergePatch() {}

  static ObjectNode apply(ObjectNode original, ObjectNode patch) {
    var target = original.deepCopy();
    merge(target, patch);
    return target;
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (var change : patch.properties()) {
      var field = change.getKey();
      var value = change.getValue();
      if (value.isNull()) {
        target.remove(field);
      } else if (value instanceof ObjectNode nested) {
        merge(childObject(target, field), nested);
      } else {
        target.set(field, value.deepCopy());
      }
    }
  }

  private static ObjectNode childObject(ObjectNode target, String field) {
    JsonNode child = target.get(field);
    if (child instanceof ObjectNode object) {
      return object;
    }
    var created = Json.object();
    target.set(field, created);
    return created;
  }
}
