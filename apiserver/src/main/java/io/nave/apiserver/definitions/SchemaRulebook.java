package io.nave.apiserver.definitions;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.rules.RuleReview;
import io.nave.api.rules.SchemaRules;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Validation;
import io.nave.apiserver.registry.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether a schema is structural: every value's type is said in one place, so that pruning and
/// defaulting have one meaning. Its defaults must be good values, its rules good expressions.
final class SchemaRulebook {
  /// Deepest nesting of a schema.
  private static final int DEPTH_MAX = 100;

  /// Most schemas within one another and side by side in one version: ten times the largest that
  /// are in use. Every object of the kind is looked at by all of them.
  private static final int SCHEMAS_MAX = 50_000;

  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "integer", "number", "boolean");

  /// What only the structural part may say, not what stands below `allOf` and its kin.
  private static final List<String> STRUCTURE =
      List.of(
          "type",
          "default",
          "additionalProperties",
          "nullable",
          "title",
          "description",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-embedded-resource",
          "x-kubernetes-validations");

  private static final List<String> JUNCTIONS = List.of("allOf", "anyOf", "oneOf");

  private final Faults faults;
  private int schemas; // looked at so far

  private SchemaRulebook(Faults faults) {
    this.faults = faults;
  }

  /// @param rules whether the rules are looked at too, which loads CEL
  static void check(JsonNode schema, String at, boolean rules, Faults faults) {
    var book = new SchemaRulebook(faults);
    book.structural(schema, at, true, 0);
    if (!faults.isEmpty()) {
      return;
    }
    try {
      var parsed = Schema.parse(schema);
      book.defaults(parsed, at);
      if (rules && parsed.ruled()) {
        var found = new ArrayList<>(SchemaRules.of(parsed).broken());
        if (found.isEmpty()) {
          found.addAll(RuleReview.of(parsed));
        }
        faults.addAll(
            found.stream()
                .map(one -> new ApiError.Cause(one.reason(), at + "." + one.field(), one.message()))
                .toList());
      }
    } catch (ApiError e) {
      faults.invalid(at, "", String.valueOf(e.getMessage()));
    }
  }

  private void structural(JsonNode schema, String at, boolean root, int depth) {
    if (!schema.isObject()) {
      faults.invalid(at, Json.text(schema), "must be a schema object");
      return;
    }
    if (depth > DEPTH_MAX) {
      faults.invalid(at, "", "is nested more than " + DEPTH_MAX + " levels deep");
      return;
    }
    if (++schemas > SCHEMAS_MAX) {
      if (schemas == SCHEMAS_MAX + 1) {
        faults.invalid(at, "", "is one of more than " + SCHEMAS_MAX + " schemas in one version");
      }
      return;
    }
    type(schema, at, root);
    SchemaExtensions.check(schema, at, faults);
    if (schema.hasNonNull("additionalProperties") && schema.path("properties").size() > 0) {
      faults.forbidden(
          at + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
    }
    for (var word :
        List.of(
            "$ref",
            "definitions",
            "dependencies",
            "patternProperties",
            "deprecated",
            "discriminator",
            "id",
            "readOnly",
            "writeOnly",
            "xml")) {
      if (schema.has(word)) {
        faults.forbidden(at + "." + word, word + " is not supported");
      }
    }
    if (schema.path("uniqueItems").asBoolean(false)) {
      faults.forbidden(
          at + ".uniqueItems",
          "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
    }
    for (var property : schema.path("properties").properties()) {
      structural(
          property.getValue(), at + ".properties[" + property.getKey() + "]", false, depth + 1);
    }
    if (schema.path("additionalProperties").isObject()) {
      structural(
          schema.path("additionalProperties"), at + ".additionalProperties", false, depth + 1);
    }
    if (schema.path("items").isObject()) {
      structural(schema.path("items"), at + ".items", false, depth + 1);
    }
    junctions(schema, at, depth);
  }

  private void type(JsonNode schema, String at, boolean root) {
    var type = schema.path("type").asString("");
    var intOrString = schema.path("x-kubernetes-int-or-string").asBoolean(false);
    var preserve = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
    if (type.isEmpty() && !intOrString && !preserve) {
      faults.required(
          at + ".type",
          root ? "must not be empty at the root" : "must not be empty for specified object fields");
    } else if (!type.isEmpty() && !TYPES.contains(type)) {
      faults.notSupported(at + ".type", type, TYPES.stream().sorted().toList());
    }
    if (root && !type.equals("object")) {
      faults.invalid(at + ".type", type, "must be object at the root");
    }
    if (intOrString && !type.isEmpty()) {
      faults.invalid(at + ".type", type, "must be empty if x-kubernetes-int-or-string is true");
    }
    if (root && schema.path("nullable").asBoolean(false)) {
      faults.forbidden(at + ".nullable", "nullable cannot be true at the root");
    }
    if (type.equals("array") && !schema.path("items").isObject()) {
      faults.required(at + ".items", "must be specified");
    }
    if (schema.has("pattern")) {
      try {
        Schema.parse(Json.object().put("pattern", schema.path("pattern").asString("")));
      } catch (ApiError e) {
        faults.invalid(
            at + ".pattern", schema.path("pattern").asString(""), String.valueOf(e.getMessage()));
      }
    }
  }

  private void junctions(JsonNode schema, String at, int depth) {
    for (var word : JUNCTIONS) {
      var i = 0;
      for (var part : schema.path(word)) {
        valuesOnly(
            part,
            at + "." + word + "[" + i++ + "]",
            schema.path("x-kubernetes-int-or-string").asBoolean(false),
            depth + 1);
      }
    }
    if (schema.has("not")) {
      valuesOnly(schema.path("not"), at + ".not", false, depth + 1);
    }
  }

  /// Below a junction values are looked at only, and nothing is said of their structure.
  private void valuesOnly(JsonNode schema, String at, boolean intOrString, int depth) {
    if (depth > DEPTH_MAX) {
      faults.invalid(at, "", "is nested more than " + DEPTH_MAX + " levels deep");
      return;
    }
    for (var word : STRUCTURE) {
      if (schema.has(word) && !(word.equals("type") && intOrString)) {
        faults.forbidden(at + "." + word, "must be empty to be structural");
      }
    }
    schema
        .path("properties")
        .properties()
        .forEach(e ->
            valuesOnly(e.getValue(), at + ".properties[" + e.getKey() + "]", false, depth + 1));
    if (schema.path("items").isObject()) {
      valuesOnly(schema.path("items"), at + ".items", false, depth + 1);
    }
    junctions(schema, at, depth);
  }

  private void defaults(Schema schema, String at) {
    var given = schema.toJson().get("default");
    if (given != null) {
      for (var fault : Validation.faults(given, schema, "")) {
        faults.invalid(at + ".default", given, fault.message());
      }
      if (given instanceof ObjectNode object
          && !Validation.admit(object, schema).dropped().isEmpty()) {
        faults.invalid(at + ".default", given, "must not have unknown fields");
      }
    }
    schema.properties().forEach((name, each) -> defaults(each, at + ".properties[" + name + "]"));
    var values = schema.additionalProperties();
    if (values != null) {
      defaults(values, at + ".additionalProperties");
    }
    var items = schema.items();
    if (items != null) {
      defaults(items, at + ".items");
    }
  }

  /// Whether a path such as `.spec.colour` leads to a scalar.
  static boolean selectable(JsonNode schema, String path) {
    if (!path.startsWith(".") || path.startsWith(".metadata.")) {
      return false;
    }
    var at = schema;
    for (var name : path.substring(1).split("\\.")) {
      at = at.path("properties").path(name);
    }
    return List.of("string", "boolean", "integer").contains(at.path("type").asString(""));
  }
}
