package io.nave.applications.definitions;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Looks for mistakes in the schema of a definition's properties, which would otherwise let
/// everything pass: words that mean nothing, types that are none, defaults of another type.
final class ParameterSchema {
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "integer", "number", "boolean");

  private static final Set<String> WORDS =
      Set.of(
          "type",
          "properties",
          "additionalProperties",
          "items",
          "required",
          "default",
          "enum",
          "pattern",
          "format",
          "nullable",
          "title",
          "description",
          "example",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties",
          "allOf",
          "anyOf",
          "oneOf",
          "not");

  private final BiConsumer<String, String> fault;

  private ParameterSchema(BiConsumer<String, String> fault) {
    this.fault = fault;
  }

  /// @param path where the schema stands
  /// @param fault takes the path and what is wrong there
  static void check(JsonNode schema, String path, BiConsumer<String, String> fault) {
    new ParameterSchema(fault).schema(schema, path);
  }

  private void schema(JsonNode node, String path) {
    if (!(node instanceof ObjectNode schema)) {
      fault.accept(path, "expected a schema, found " + node);
      return;
    }
    words(schema, path);
    type(schema, path);
    for (var property : schema.path("properties").properties()) {
      schema(property.getValue(), path + ".properties." + property.getKey());
    }
    required(schema, path);
    if (schema.has("items")) {
      schema(schema.path("items"), path + ".items");
    }
    if (schema.path("additionalProperties").isObject()) {
      schema(schema.path("additionalProperties"), path + ".additionalProperties");
    }
  }

  private void words(ObjectNode schema, String path) {
    for (var word : schema.propertyNames()) {
      if (!WORDS.contains(word) && !word.startsWith("x-")) {
        var meant = Nearest.to(word, WORDS).map(name -> "; did you mean " + name + "?").orElse("");
        fault.accept(path, "\"" + word + "\" is no word of OpenAPI schemas" + meant);
      }
    }
    var pattern = schema.path("pattern");
    if (pattern.isString()) {
      try {
        Pattern.compile(pattern.stringValue());
      } catch (PatternSyntaxException e) {
        fault.accept(path + ".pattern", "cannot be read: " + e.getDescription());
      }
    }
  }

  private void type(ObjectNode schema, String path) {
    var type = schema.path("type").asString("");
    var free =
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
            || schema.path("x-kubernetes-int-or-string").asBoolean(false);
    if (type.isEmpty() && !free && !path.endsWith(".parameter")) {
      fault.accept(path + ".type", "is missing; expected one of " + sorted());
    } else if (!type.isEmpty() && !TYPES.contains(type)) {
      fault.accept(path + ".type", "expected one of " + sorted() + ", found \"" + type + "\"");
    } else if (!type.isEmpty() && schema.has("default") && !fits(schema.path("default"), type)) {
      fault.accept(
          path + ".default",
          "expected a value of type " + type + ", found " + schema.get("default"));
    }
  }

  private static List<String> sorted() {
    return TYPES.stream().sorted().toList();
  }

  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> value.isBoolean();
    };
  }

  private void required(ObjectNode schema, String path) {
    var properties = schema.path("properties");
    var known = new ArrayList<>(properties.propertyNames());
    for (var name : schema.path("required")) {
      if (!properties.has(name.asString(""))
          && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)) {
        fault.accept(
            path + ".required", "names " + name + ", which is none of the properties " + known);
      }
    }
  }
}
