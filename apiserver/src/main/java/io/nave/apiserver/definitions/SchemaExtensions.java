package io.nave.apiserver.definitions;

import io.nave.api.Json;
import io.nave.apiserver.registry.Faults;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What the `x-kubernetes-` words of one schema may say, in Kubernetes' words: what lists and maps
/// are, and the form of rules; what their expressions mean is for others.
final class SchemaExtensions {
  private static final String LIST = "x-kubernetes-list-type";
  private static final String KEYS = "x-kubernetes-list-map-keys";
  private static final String MAP = "x-kubernetes-map-type";
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  private static final String RULES = "x-kubernetes-validations";

  private static final List<String> REASONS =
      List.of(
          "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired");

  private final JsonNode schema;
  private final String at;
  private final Faults faults;

  private SchemaExtensions(JsonNode schema, String at, Faults faults) {
    this.schema = schema;
    this.at = at;
    this.faults = faults;
  }

  /// @param at where it stands, for faults
  static void check(JsonNode schema, String at, Faults faults) {
    var words = new SchemaExtensions(schema, at, faults);
    if (schema.path(PRESERVE).isBoolean() && !schema.path(PRESERVE).asBoolean()) {
      faults.invalid(at + "." + PRESERVE, false, "must be true or undefined");
    }
    words.map();
    words.list();
    words.keys();
    words.rules();
  }

  private String text(String word) {
    return schema.path(word).asString("");
  }

  private void map() {
    var kind = text(MAP);
    if (kind.isEmpty()) {
      return;
    }
    mustBe("object", MAP);
    if (!kind.equals("atomic") && !kind.equals("granular")) {
      faults.notSupported(at + "." + MAP, kind, List.of("atomic", "granular"));
    }
  }

  private void list() {
    var kind = text(LIST);
    if (kind.isEmpty()) {
      return;
    }
    mustBe("array", LIST);
    if (!List.of("atomic", "set", "map").contains(kind)) {
      faults.notSupported(at + "." + LIST, kind, List.of("atomic", "map", "set"));
    }
    var items = schema.path("items");
    if (kind.equals("set")) {
      set(items);
    }
    if (!kind.equals("atomic") && items.path("nullable").asBoolean(false)) {
      faults.forbidden(
          at + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is " + kind);
    }
  }

  private void mustBe(String type, String word) {
    var found = text("type");
    var why = "must be " + type + " if " + word + " is specified";
    if (found.isEmpty()) {
      faults.required(at + ".type", why);
    } else if (!found.equals(type)) {
      faults.invalid(at + ".type", found, why);
    }
  }

  /// The elements of a set are compared whole.
  private void set(JsonNode items) {
    var why = "must be atomic as item of a list with x-kubernetes-list-type=set";
    var list = items.path(LIST).asString("atomic");
    var map = items.path(MAP).asString("");
    switch (items.path("type").asString("")) {
      case "array" -> {
        if (!list.equals("atomic")) {
          faults.invalid(at + ".items." + LIST, list, why);
        }
      }
      case "object" -> {
        if (!map.equals("atomic")) {
          faults.invalid(at + ".items." + MAP, map, why);
        }
      }
      default -> {
        // A scalar is atomic anyway.
      }
    }
  }

  private void keys() {
    var keys = schema.path(KEYS);
    var map = text(LIST).equals("map");
    if (map && keys.isEmpty()) {
      faults.required(at + "." + KEYS, "must not be empty if x-kubernetes-list-type is map");
    }
    if (!map && !keys.isEmpty()) {
      var why = "must be map if x-kubernetes-list-map-keys is non-empty";
      if (text(LIST).isEmpty()) {
        faults.required(at + "." + LIST, why);
      } else {
        faults.invalid(at + "." + LIST, text(LIST), why);
      }
    }
    var items = schema.path("items");
    if (map && items.isObject() && !items.path("type").asString("").equals("object")) {
      faults.invalid(
          at + ".items.type",
          items.path("type").asString(""),
          "must be object if parent array's x-kubernetes-list-type is map");
      return;
    }
    var seen = new HashSet<String>();
    for (var key : keys) {
      if (!seen.add(key.asString(""))) {
        faults.invalid(at + "." + KEYS, Json.text(keys), "must not contain duplicate entries");
      }
      key(key.asString(""), items);
    }
  }

  private void key(String key, JsonNode items) {
    var field = items.path("properties").path(key);
    var place = at + ".items.properties[" + key + "]";
    if (field.isMissingNode()) {
      faults.invalid(
          at + "." + KEYS,
          Json.text(schema.path(KEYS)),
          "entries must all be names of item properties");
      return;
    }
    if (List.of("array", "object").contains(field.path("type").asString(""))) {
      faults.invalid(
          place + ".type",
          field.path("type").asString(""),
          "must be a scalar type if parent array's x-kubernetes-list-type is map");
    }
    var required =
        items.path("required").valueStream().anyMatch(one -> one.asString("").equals(key));
    if (!required && !field.has("default")) {
      faults.required(
          place + ".default",
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a"
              + " required property");
    }
    if (field.path("nullable").asBoolean(false)) {
      faults.forbidden(
          place + ".nullable",
          "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
    }
  }

  private void rules() {
    var i = 0;
    for (var rule : schema.path(RULES)) {
      rule(rule, at + "." + RULES + "[" + i++ + "]");
    }
  }

  private void rule(JsonNode rule, String place) {
    var source = rule.path("rule").asString("").strip();
    var message = rule.path("message").asString("");
    if (source.isEmpty()) {
      faults.required(place + ".rule", "rule is not specified");
    } else if (!message.isEmpty() && message.isBlank()) {
      faults.invalid(place + ".message", message, "must be non-empty if specified");
    } else if (message.strip().indexOf('\n') >= 0) {
      faults.invalid(place + ".message", message, "must not contain line breaks");
    } else if (source.indexOf('\n') >= 0 && message.isEmpty()) {
      faults.required(place + ".message", "message must be specified if rule contains line breaks");
    }
    var expression = rule.path("messageExpression").asString("");
    if (!expression.isEmpty() && expression.isBlank()) {
      faults.required(
          place + ".messageExpression", "messageExpression must be non-empty if specified");
    }
    var reason = rule.path("reason").asString("");
    if (!reason.isEmpty() && !REASONS.contains(reason)) {
      faults.notSupported(place + ".reason", reason, REASONS);
    }
    var path = rule.path("fieldPath").asString("");
    if (path.indexOf('\n') >= 0) {
      faults.invalid(place + ".fieldPath", path, "must not contain line breaks");
    }
    if (!path.isEmpty() && !leadsSomewhere(path)) {
      faults.invalid(place + ".fieldPath", path, "must be a valid path");
    }
  }

  /// Whether a path such as `.x.y` names a field of the schema; a name in brackets is believed.
  private boolean leadsSomewhere(String path) {
    if (path.indexOf('[') >= 0) {
      return path.startsWith(".") || path.startsWith("['");
    }
    if (!path.startsWith(".")) {
      return false;
    }
    var place = schema;
    for (var name : path.substring(1).split("\\.", -1)) {
      var named = place.path("properties").path(name);
      place = named.isMissingNode() ? place.path("additionalProperties") : named;
      if (!place.isObject()) {
        return false;
      }
    }
    return true;
  }
}
