package io.nave.api.apply;

import io.nave.api.Json;
import io.nave.api.schema.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What one object has that another has not, field by field.
///
/// @param added fields that only the later one has
/// @param modified fields of both with different values
/// @param removed fields that only the earlier one has
record Difference(FieldSet added, FieldSet modified, FieldSet removed) {
  static Difference between(JsonNode before, JsonNode after, Shape shape) {
    var walk = new Walk(new FieldSet.Builder(), new FieldSet.Builder(), new FieldSet.Builder());
    walk.compare(before, after, shape);
    return new Difference(walk.added.build(), walk.modified.build(), walk.removed.build());
  }

  boolean isEmpty() {
    return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
  }

  /// What the later object says for itself.
  FieldSet said() {
    return added.union(modified);
  }

  /// Stands at the same place in the three sets. The builders of places without a difference stay
  /// empty and vanish.
  private record Walk(FieldSet.Builder added, FieldSet.Builder modified, FieldSet.Builder removed) {
    Walk below(String step) {
      return new Walk(added.below(step), modified.below(step), removed.below(step));
    }

    void compare(@Nullable JsonNode before, @Nullable JsonNode after, Shape shape) {
      var oldFields = Form.object(before, shape);
      var newFields = Form.object(after, shape);
      var oldList = Form.list(before, shape);
      var newList = Form.list(after, shape);
      if (!Form.empty(oldFields) || !Form.empty(newFields)) {
        fields(oldFields, newFields, shape);
        container(before, after, shape, oldFields != null, newFields != null);
      } else if (!Form.empty(oldList) || !Form.empty(newList)) {
        elements(oldList, newList, shape);
        container(before, after, shape, oldList != null, newList != null);
      } else {
        leaf(before, after);
      }
    }

    /// The object or list itself, after what is in it.
    private void container(
        @Nullable JsonNode before,
        @Nullable JsonNode after,
        Shape shape,
        boolean wasOne,
        boolean isOne) {
      if (before == null) {
        added.add();
      } else if (after == null) {
        removed.add();
      } else if (!(wasOne || Form.nothing(before, shape))
          || !(isOne || Form.nothing(after, shape))) {
        modified.add(); // a scalar took its place, or it that of a scalar
      }
    }

    private void leaf(@Nullable JsonNode before, @Nullable JsonNode after) {
      if (before == null) {
        added.add();
      } else if (after == null) {
        removed.add();
      } else if (!Json.same(before, after)) {
        modified.add();
      }
    }

    private void fields(@Nullable ObjectNode before, @Nullable ObjectNode after, Shape shape) {
      var names = new LinkedHashSet<String>();
      if (before != null) {
        names.addAll(before.propertyNames());
      }
      if (after != null) {
        names.addAll(after.propertyNames());
      }
      for (var name : names) {
        var was = before == null ? null : before.get(name);
        var is = after == null ? null : after.get(name);
        below(Step.field(name)).compare(was, is, shape.field(name));
      }
    }

    private void elements(@Nullable ArrayNode before, @Nullable ArrayNode after, Shape shape) {
      var was = byStep(before, shape);
      var is = byStep(after, shape);
      var steps = new LinkedHashSet<>(was.keySet());
      steps.addAll(is.keySet());
      for (var step : steps) {
        var old = was.getOrDefault(step, List.of());
        var next = is.getOrDefault(step, List.of());
        if (old.size() > 1 || next.size() > 1) {
          below(step).repeated(old, next);
        } else {
          below(step)
              .compare(
                  old.isEmpty() ? null : old.getFirst(),
                  next.isEmpty() ? null : next.getFirst(),
                  Form.element(shape));
        }
      }
    }

    /// Elements of the same name are one whole.
    private void repeated(List<JsonNode> before, List<JsonNode> after) {
      if (before.isEmpty()) {
        added.add();
      } else if (after.isEmpty()) {
        removed.add();
      } else if (!before.equals(after)) {
        modified.add();
      }
    }

    private static Map<String, List<JsonNode>> byStep(@Nullable ArrayNode list, Shape shape) {
      var found = new LinkedHashMap<String, List<JsonNode>>();
      if (list != null) {
        for (var element : list) {
          found.computeIfAbsent(Form.step(shape, element), _ -> new ArrayList<>()).add(element);
        }
      }
      return found;
    }
  }
}
