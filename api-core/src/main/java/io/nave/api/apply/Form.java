package io.nave.api.apply;

import io.nave.api.schema.Shape;
import io.nave.api.schema.Shapes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How a value is taken apart under its shape. A value that does not fit its shape is one whole:
/// validation will say what is wrong with it.
final class Form {
  private Form() {}

  /// The object, when its fields have owners of their own; else null.
  static @Nullable ObjectNode object(@Nullable JsonNode value, Shape shape) {
    return switch (shape) {
      case Shape.Fields _, Shape.Deduced _ -> value instanceof ObjectNode object ? object : null;
      case Shape.Whole _, Shape.Keyed _, Shape.Members _ -> null;
    };
  }

  /// The list, when its elements have owners of their own; else null.
  static @Nullable ArrayNode list(@Nullable JsonNode value, Shape shape) {
    return switch (shape) {
      case Shape.Keyed _, Shape.Members _ -> value instanceof ArrayNode list ? list : null;
      case Shape.Fields _, Shape.Deduced _, Shape.Whole _ -> null;
    };
  }

  /// Whether it is as good as absent: no value, or a null where an object or list could be.
  static boolean nothing(@Nullable JsonNode value, Shape shape) {
    return switch (shape) {
      case Shape.Fields _, Shape.Keyed _, Shape.Members _ -> value == null || value.isNull();
      case Shape.Whole _, Shape.Deduced _ -> value == null;
    };
  }

  static boolean empty(@Nullable JsonNode container) {
    return container == null || container.isEmpty();
  }

  /// The step to an element of a list of this shape.
  static String step(Shape list, JsonNode element) {
    return list instanceof Shape.Keyed keyed ? Step.element(keyed, element) : Step.value(element);
  }

  static Shape element(Shape list) {
    return list instanceof Shape.Keyed keyed ? keyed.element() : Shapes.WHOLE;
  }

  /// The shape one step further.
  static Shape below(Shape shape, String step) {
    return Step.isField(step) ? shape.field(Step.name(step)) : element(shape);
  }
}
