package io.nave.api.apply;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.schema.Shape;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One step of a path, as the text that `FieldsV1` has for it: `f:name` to a field, `k:{...}` to
/// the element of a list with these fields, `v:...` to the element of a list that is this value,
/// `i:n` to the element at this index.
final class Step {
  private Step() {}

  static String field(String name) {
    return "f:" + name;
  }

  static boolean isField(String step) {
    return step.startsWith("f:");
  }

  /// The name of the field that a step goes to.
  static String name(String step) {
    return step.substring(2);
  }

  static String value(JsonNode value) {
    return "v:" + Json.text(value);
  }

  /// To an element of a list.
  static String element(Shape.Keyed list, JsonNode element) {
    var named = new TreeMap<String, JsonNode>();
    for (var key : list.keys()) {
      var value = element.path(key);
      var known = value.isMissingNode() ? list.defaults().get(key) : value;
      if (known != null) {
        named.put(key, known);
      }
    }
    return "k:" + Json.text(ordered(named));
  }

  private static ObjectNode ordered(SortedMap<String, JsonNode> fields) {
    var object = Json.object();
    object.setAll(fields);
    return object;
  }

  /// A step as others may have written it.
  ///
  /// @throws IllegalArgumentException when it is none
  static String canonical(String step) {
    if (isField(step)) {
      return step; // whose name may be empty: what is stored as it came may have such a field
    }
    try {
      if (step.startsWith("k:") && Json.parse(step.substring(2)) instanceof ObjectNode fields) {
        var sorted = new TreeMap<String, JsonNode>();
        fields.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
        return "k:" + Json.text(ordered(sorted));
      }
      if (step.startsWith("v:") && step.length() > 2) {
        return value(Json.parse(step.substring(2)));
      }
      if (step.startsWith("i:")) {
        return "i:" + Integer.parseInt(step.substring(2));
      }
    } catch (ApiError | NumberFormatException e) {
      throw new IllegalArgumentException("not a step of fieldsV1: " + step, e);
    }
    throw new IllegalArgumentException("not a step of fieldsV1: " + step);
  }

  /// As messages show it.
  static String shown(String step) {
    var rest = step.substring(2);
    return switch (step.charAt(0)) {
      case 'k' -> shownKey(Json.parse(rest));
      case 'v' -> "[=" + rest + "]";
      case 'i' -> "[" + rest + "]";
      default -> "." + rest;
    };
  }

  private static String shownKey(JsonNode fields) {
    var text = new StringBuilder("[");
    for (var field : fields.properties()) {
      text.append(text.length() == 1 ? "" : ",");
      text.append(field.getKey()).append('=').append(Json.text(field.getValue()));
    }
    return text.append(']').toString();
  }
}
