package io.nave.api.apply;

import io.nave.api.Json;
import io.nave.api.schema.Shape;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An object without some of its fields.
final class Removal {
  private Removal() {}

  /// A private tree. What was emptied by it goes too.
  static JsonNode of(JsonNode value, FieldSet gone, Shape shape) {
    var left = without(value, gone, shape);
    return left == null ? Json.object() : left;
  }

  private static @Nullable JsonNode without(JsonNode value, FieldSet gone, Shape shape) {
    var object = Form.object(value, shape);
    var list = Form.list(value, shape);
    if (gone.below().isEmpty() || (object == null && list == null)) {
      return value.deepCopy();
    }
    var left = object != null ? fields(object, gone, shape) : elements(list, gone, shape);
    return left.isEmpty() && !value.isEmpty() ? null : left;
  }

  private static ObjectNode fields(ObjectNode object, FieldSet gone, Shape shape) {
    var left = Json.object();
    for (var property : object.properties()) {
      var name = property.getKey();
      var below = gone.at(Step.field(name));
      var kept = below.member() ? null : without(property.getValue(), below, shape.field(name));
      if (kept != null) {
        left.set(name, kept);
      }
    }
    return left;
  }

  private static ArrayNode elements(@Nullable ArrayNode list, FieldSet gone, Shape shape) {
    var left = Json.array();
    if (list == null) {
      return left;
    }
    for (var element : list) {
      var below = gone.at(Form.step(shape, element));
      var kept = below.member() ? null : without(element, below, Form.element(shape));
      if (kept != null) {
        left.add(kept);
      }
    }
    return left;
  }
}
