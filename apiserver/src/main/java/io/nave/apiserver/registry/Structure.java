package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.rules.SchemaRules;
import io.nave.api.schema.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What objects of a type may hold, as its schema says.
final class Structure {
  private Structure() {}

  /// The object without fields its schema does not know, and with its defaults. What is dropped is
  /// told as the request's `fieldValidation` asks.
  ///
  /// @param unknown fields that were dropped already
  /// @throws ApiError BadRequest naming the unknown fields, when it asks for `Strict`
  static ApiObject read(ServedType served, ApiObject object, List<String> unknown, Draft draft) {
    var schema = served.schema();
    if (schema == null) {
      tell(served, unknown, draft);
      return object;
    }
    var sent = served.strategy().builtIn() ? withoutNulls(object.json()) : object.json();
    var admitted = Validation.admit(sent, schema);
    var dropped = new ArrayList<>(admitted.dropped());
    dropped.addAll(unknown);
    tell(served, dropped, draft);
    return ApiObject.of(admitted.object());
  }

  /// What somebody else made of an object that was read: again without unknown fields, and with
  /// defaults.
  static ApiObject revised(ServedType served, ApiObject object) {
    var schema = served.schema();
    return schema == null ? object : ApiObject.of(Validation.revise(object.json(), schema));
  }

  /// A copy without nulls.
  static ObjectNode withoutNulls(ObjectNode object) {
    var copy = object.deepCopy();
    dropNulls(copy);
    return copy;
  }

  private static void dropNulls(JsonNode tree) {
    if (tree instanceof ObjectNode fields) {
      for (var name : List.copyOf(fields.propertyNames())) {
        if (fields.path(name).isNull()) {
          fields.remove(name);
        }
      }
    }
    tree.forEach(Structure::dropNulls);
  }

  private static void tell(ServedType served, List<String> dropped, Draft draft) {
    if (dropped.isEmpty()) {
      return;
    }
    switch (draft.options().fieldValidation()) {
      case "Strict" -> throw strict(served, dropped);
      case "Warn" -> dropped.forEach(field -> draft.warn("unknown field \"" + field + "\""));
      default -> {
        // Ignore: pruned without a word.
      }
    }
  }

  private static ApiError strict(ServedType served, List<String> dropped) {
    var fields = new StringJoiner(", ");
    dropped.forEach(field -> fields.add("unknown field \"" + field + "\""));
    var type = served.type();
    return ApiError.badRequest(
        type.kind()
            + " in version \""
            + type.version()
            + "\" cannot be handled as a "
            + type.kind()
            + ": strict decoding error: "
            + fields);
  }

  /// What is wrong with an object by its schema and the schema's rules. What was wrong before and
  /// is no worse now stays allowed, so that a kind can become stricter without locking its objects.
  ///
  /// @param old the stored object; null for a new one
  static List<ApiError.Cause> validate(ServedType served, @Nullable ApiObject old, ApiObject next) {
    var schema = served.schema();
    if (schema == null) {
      return List.of();
    }
    var found = new ArrayList<>(Validation.faults(next.json(), schema, ""));
    if (old != null && !found.isEmpty() && !served.strategy().builtIn()) {
      var before = Validation.faults(old.json(), schema, "");
      found.removeIf(fault -> before.contains(fault) && unchanged(fault, old.json(), next.json()));
    }
    if (found.isEmpty() && schema.ruled()) {
      found.addAll(SchemaRules.of(schema).faults(next.json(), old == null ? null : old.json()));
    }
    return found;
  }

  private static boolean unchanged(ApiError.Cause fault, JsonNode old, JsonNode next) {
    var value = at(next, fault.field());
    var missing = fault.reason().equals("FieldValueRequired");
    return value.isMissingNode() == missing && value.equals(at(old, fault.field()));
  }

  /// The value at a path such as `spec.taints[0].effect`.
  private static JsonNode at(JsonNode tree, String path) {
    var value = tree;
    for (var step : path.replace("[", ".[").split("\\.")) {
      value =
          step.matches("\\[\\d{1,8}\\]")
              ? value.path(Integer.parseInt(step.substring(1, step.length() - 1)))
              : value.path(step);
    }
    return value;
  }
}
