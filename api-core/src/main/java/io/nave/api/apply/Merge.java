package io.nave.api.apply;

import io.nave.api.Json;
import io.nave.api.schema.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One object merged into another: what the second says wins, what it does not mention stays.
final class Merge {
  private Merge() {}

  /// A private tree.
  static JsonNode of(JsonNode live, JsonNode applied, Shape shape) {
    return merge(live, applied, shape);
  }

  private static JsonNode merge(@Nullable JsonNode live, JsonNode applied, Shape shape) {
    if (live == null) {
      return applied.deepCopy();
    }
    var fields = Form.object(applied, shape);
    var list = Form.list(applied, shape);
    if (fields != null) {
      var present = Form.object(live, shape);
      return present == null || (Form.empty(fields) && Form.empty(present))
          ? fields.deepCopy()
          : fields(present, fields, shape);
    }
    if (list != null) {
      var present = Form.list(live, shape);
      return present == null ? list.deepCopy() : elements(present, list, shape);
    }
    // A null says nothing about what an object or list holds.
    return Form.nothing(applied, shape) && !live.isEmpty() ? live.deepCopy() : applied.deepCopy();
  }

  private static ObjectNode fields(ObjectNode live, ObjectNode applied, Shape shape) {
    var merged = live.deepCopy();
    for (var property : applied.properties()) {
      var name = property.getKey();
      merged.set(name, merge(live.get(name), property.getValue(), shape.field(name)));
    }
    return merged;
  }

  /// What both lists have comes in the order of the applied one; what only the live one has keeps
  /// its place among what stands there.
  private static ArrayNode elements(ArrayNode live, ArrayNode applied, Shape shape) {
    var was = byStep(live, shape);
    var wanted = new ArrayDeque<>(byStep(applied, shape).entrySet());
    var shared = new ArrayDeque<String>();
    wanted.forEach(each -> shared.add(each.getKey()));
    shared.removeIf(step -> !was.containsKey(step));
    var all = Set.copyOf(shared);
    var merged = Json.array();
    for (var element : live) {
      var step = Form.step(shape, element);
      if (!all.contains(step)) {
        merged.add(element.deepCopy());
      } else if (step.equals(shared.peek())) {
        shared.remove();
        take(wanted, step, was, shape, merged);
      }
      // Else it stands before its time: it comes when the applied order has come to it.
    }
    take(wanted, null, was, shape, merged);
    return merged;
  }

  /// Takes the wanted elements in their order, up to the one named `last`; null: all.
  private static void take(
      Deque<Map.Entry<String, JsonNode>> wanted,
      @Nullable String last,
      Map<String, JsonNode> was,
      Shape shape,
      ArrayNode merged) {
    while (!wanted.isEmpty()) {
      var next = wanted.remove();
      merged.add(merge(was.get(next.getKey()), next.getValue(), Form.element(shape)));
      if (next.getKey().equals(last)) {
        return;
      }
    }
  }

  private static Map<String, JsonNode> byStep(ArrayNode list, Shape shape) {
    var found = new LinkedHashMap<String, JsonNode>();
    for (var element : list) {
      found.putIfAbsent(Form.step(shape, element), element);
    }
    return found;
  }
}
