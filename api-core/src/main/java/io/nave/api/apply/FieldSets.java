package io.nave.api.apply;

import io.nave.api.schema.Shape;
import java.util.HashSet;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which fields there are: of an object, and of a set under a schema.
final class FieldSets {
  private FieldSets() {}

  /// The fields of an object, as whoever applies it owns them.
  static FieldSet of(JsonNode value, Shape shape) {
    var set = new FieldSet.Builder();
    collect(value, shape, set);
    return set.build();
  }

  private static void collect(JsonNode value, Shape shape, FieldSet.Builder at) {
    var object = Form.object(value, shape);
    var list = Form.list(value, shape);
    if (object != null) {
      fields(object, shape, at);
    } else if (list != null) {
      elements(list, shape, at);
    } else if (!Form.nothing(value, shape)) {
      at.add();
    }
  }

  private static void fields(ObjectNode object, Shape shape, FieldSet.Builder at) {
    for (var property : object.properties()) {
      var name = property.getKey();
      var value = property.getValue();
      var below = at.below(Step.field(name));
      collect(value, shape.field(name), below);
      var empty = value.isNull() || (value.isObject() && value.isEmpty());
      if (empty || !shape.names(name)) {
        below.add();
      }
    }
  }

  private static void elements(ArrayNode list, Shape shape, FieldSet.Builder at) {
    var seen = new HashSet<String>();
    for (var element : list) {
      var step = Form.step(shape, element);
      var below = at.below(step);
      below.add();
      // Elements of the same name are owned together; the first tells what there is.
      if (seen.add(step) && shape instanceof Shape.Keyed keyed) {
        collect(element, keyed.element(), below);
      }
    }
  }

  /// The set with every field that the schema names on the way to one of its fields.
  static FieldSet withWay(FieldSet set, Shape shape) {
    return withWay(set, shape, set.member());
  }

  private static FieldSet withWay(FieldSet set, Shape shape, boolean member) {
    var below = new TreeMap<String, FieldSet>();
    set.below()
        .forEach((step, child) -> {
          var named = Step.isField(step) && shape.names(Step.name(step));
          below.put(step, withWay(child, Form.below(shape, step), named || child.member()));
        });
    return FieldSet.of(member, below);
  }

  /// The set as this schema has it: what has become one whole since is owned as one whole.
  static FieldSet reconciled(FieldSet set, Shape shape) {
    if (set.below().isEmpty()) {
      return set;
    }
    if (shape instanceof Shape.Whole) {
      return FieldSet.LEAF;
    }
    var below = new TreeMap<String, FieldSet>();
    set.below()
        .forEach((step, child) -> below.put(step, reconciled(child, Form.below(shape, step))));
    return FieldSet.of(set.member(), below);
  }
}
