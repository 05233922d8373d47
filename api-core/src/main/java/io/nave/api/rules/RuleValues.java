package io.nave.api.rules;

import io.nave.api.cel.CelValues;
import io.nave.api.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a rule sees of a value: the fields its schema names, under names that CEL can say; of the
/// object itself and of embedded ones also `apiVersion`, `kind` and the names in `metadata`.
/// Numbers of type `number` are always doubles. Stateless.
final class RuleValues {
  /// Words of CEL, which a field is called by with underscores around it.
  private static final Set<String> RESERVED =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");

  private RuleValues() {}

  static Object of(JsonNode value, Schema schema, boolean resource) {
    if (value instanceof ObjectNode object && !schema.properties().isEmpty()) {
      return fields(object, schema, resource || schema.embedded());
    }
    var each = schema.additionalProperties();
    if (value instanceof ObjectNode object && each != null) {
      var map = new LinkedHashMap<String, Object>();
      object.properties().forEach(e -> map.put(e.getKey(), of(e.getValue(), each, false)));
      return map;
    }
    var items = schema.items();
    if (value.isArray() && items != null) {
      var list = new ArrayList<Object>();
      value.forEach(element -> list.add(of(element, items, false)));
      return list;
    }
    return value.isNumber() && schema.type().equals("number")
        ? (Object) value.asDouble()
        : CelValues.toCel(value);
  }

  private static Map<String, Object> fields(ObjectNode object, Schema schema, boolean resource) {
    var map = new LinkedHashMap<String, Object>();
    if (resource) {
      for (var name : new String[] {"apiVersion", "kind"}) {
        map.put(name, object.path(name).asString(""));
      }
      var meta = new LinkedHashMap<String, Object>();
      for (var name : new String[] {"name", "generateName"}) {
        if (object.path("metadata").hasNonNull(name)) {
          meta.put(name, object.path("metadata").path(name).asString(""));
        }
      }
      map.put("metadata", meta);
    }
    for (var property : schema.properties().entrySet()) {
      var value = object.get(property.getKey());
      if (value != null && (!resource || !map.containsKey(property.getKey()))) {
        map.put(escaped(property.getKey()), of(value, property.getValue(), false));
      }
    }
    return map;
  }

  /// As Kubernetes lets rules name a field.
  static String escaped(String name) {
    if (RESERVED.contains(name)) {
      return "__" + name + "__";
    }
    return name.replace("__", "__underscores__")
        .replace(".", "__dot__")
        .replace("-", "__dash__")
        .replace("/", "__slash__");
  }
}
