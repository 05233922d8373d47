package io.nave.api.apply;

import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Shape;
import io.nave.api.schema.Shapes;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A kind with every shape a field can have, and short ways to write objects of it.
final class Kite {
  static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static final String SCHEMA =
      """
      type: object
      properties:
        apiVersion: {type: string}
        kind: {type: string}
        metadata: {type: object}
        spec:
          type: object
          properties:
            colour: {type: string}
            size: {type: integer}
            tags: {type: object, additionalProperties: {type: string}}
            frozen: {type: object, x-kubernetes-map-type: atomic, additionalProperties: {type: string}}
            words: {type: array, items: {type: string}}
            marks: {type: array, x-kubernetes-list-type: set, items: {type: string}}
            any: {type: object, x-kubernetes-preserve-unknown-fields: true}
            inner:
              type: object
              x-kubernetes-embedded-resource: true
              x-kubernetes-preserve-unknown-fields: true
            tails:
              type: array
              x-kubernetes-list-type: map
              x-kubernetes-list-map-keys: [name, side]
              items:
                type: object
                properties:
                  name: {type: string}
                  side: {type: string, default: left}
                  length: {type: integer}
                  knots: {type: array, items: {type: integer}}
        status:
          type: object
          properties:
            height: {type: integer}
      """;

  static final Shape SHAPE = Shapes.ofObject(Schema.parse(Yaml.parse(SCHEMA)));
  static final Ownership OWNERSHIP = new Ownership(SHAPE, Json.object());

  private Kite() {}

  /// A kite with this YAML as its spec.
  static ObjectNode of(String spec) {
    return whole("spec: " + spec);
  }

  /// A kite with these YAML lines beside its name.
  static ObjectNode whole(String yaml) {
    var kite = (ObjectNode) Yaml.parse("{apiVersion: v1, kind: Kite, metadata: {name: k}}");
    merge(kite, Yaml.parse(yaml));
    return kite;
  }

  private static void merge(ObjectNode into, JsonNode more) {
    for (var property : more.properties()) {
      if (into.get(property.getKey()) instanceof ObjectNode known) {
        merge(known, property.getValue());
      } else {
        into.set(property.getKey(), property.getValue());
      }
    }
  }

  static Manager applier(String name) {
    return new Manager(name, true, "v1", "");
  }

  static Manager updater(String name) {
    return new Manager(name, false, "v1", "");
  }

  /// The owners with what each has, as `name: [paths]`; appliers in capitals.
  static String shown(ManagedFields owners) {
    var shown = new TreeMap<String, String>();
    for (var entry : owners.entries()) {
      var name = entry.manager().name();
      shown.put(
          entry.manager().applies() ? name.toUpperCase(Locale.ROOT) : name,
          entry.fields().toString());
    }
    return shown.toString();
  }
}
