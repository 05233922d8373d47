package io.nave.api.schema;

import io.nave.api.ApiError;
import io.nave.api.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// What is wrong with one object, collected in Kubernetes' words.
final class Faults {
  /// Longest value that is quoted in a message.
  private static final int QUOTED_MAX = 500;

  private final List<ApiError.Cause> found = new ArrayList<>();

  List<ApiError.Cause> found() {
    return found;
  }

  void add(String reason, Place at, String message) {
    if (found.size() < Validation.TOLD_MAX) {
      var field = at.toString();
      found.add(new ApiError.Cause(reason, field.isEmpty() ? "<nil>" : field, message));
    }
  }

  void required(Place at, String detail) {
    add(
        "FieldValueRequired",
        at,
        detail.isEmpty() ? "Required value" : "Required value: " + detail);
  }

  void wrongType(Place at, String expected, String found) {
    add(
        "FieldValueTypeInvalid",
        at,
        "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
            .formatted(found, at, expected, found));
  }

  /// @param value as it is to be shown
  void invalid(Place at, String value, String what) {
    add("FieldValueInvalid", at, "Invalid value: " + value + ": " + at + " in body " + what);
  }

  void invalid(Place at, JsonNode value, String what) {
    invalid(at, quoted(value), what);
  }

  /// The value fits too few or too many of several schemas.
  void alternatives(Place at, String what) {
    add("FieldValueInvalid", at, "Invalid value: \"\": \"" + at + "\" " + what);
  }

  void checkAllowed(JsonNode value, Schema schema, Place at) {
    if (schema.allowed.stream().noneMatch(one -> Json.same(one, value))) {
      var supported = new StringJoiner(", ");
      schema.allowed.forEach(one -> supported.add(Json.text(one)));
      add(
          "FieldValueNotSupported",
          at,
          "Unsupported value: " + quoted(value) + ": supported values: " + supported);
    }
  }

  /// Checks `min<Unit>` and `max<Unit>`.
  void checkSize(int size, Schema schema, Place at, String unit, String units) {
    var min = schema.bound("min" + unit);
    if (min != null && size < min.asLong()) {
      invalid(at, "" + size, "should have at least " + min.asLong() + " " + units);
    }
    var max = schema.bound("max" + unit);
    if (max != null && size > max.asLong()) {
      add(
          "FieldValueTooMany",
          at,
          "Too many: " + size + ": must have at most " + max.asLong() + " items");
    }
  }

  /// Checks that no element of a list of type `set` or `map` stands in it twice.
  void checkUnique(ArrayNode list, Schema schema, Place at) {
    if (schema.listType.equals("atomic")) {
      return;
    }
    var seen = new HashSet<String>();
    for (var i = 0; i < list.size(); i++) {
      var identity = schema.listType.equals("set") ? list.get(i) : keyOf(list.get(i), schema);
      if (!seen.add(Json.text(identity))) {
        add("FieldValueDuplicate", at.index(i), "Duplicate value: " + quoted(identity));
      }
    }
  }

  private static JsonNode keyOf(JsonNode element, Schema schema) {
    var key = Json.object();
    for (var field : schema.listKeys) {
      var value = element.get(field);
      if (value != null) {
        key.set(field, value);
      }
    }
    return key;
  }

  static String quoted(JsonNode value) {
    var text = Json.text(value);
    return text.length() <= QUOTED_MAX ? text : text.substring(0, QUOTED_MAX) + "...";
  }
}
