package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.api.apply.ManagedFields;
import io.nave.api.apply.Manager;
import io.nave.api.apply.Ownership;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Shapes;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Server-side apply, and the owners that clients send: refused, or an object in which applying the
/// same again changes nothing. Inputs are bytes that [Trees] makes objects of.
final class ApplyTarget implements FuzzTarget {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  /// Every shape a field can have.
  private static final Ownership KITES =
      new Ownership(
          Shapes.ofObject(
              Schema.parse(
                  Yaml.parse(
                      """
                      type: object
                      properties:
                        spec:
                          type: object
                          properties:
                            a: {type: string}
                            labels: {type: object, additionalProperties: {type: string}}
                            frozen: {type: object, x-kubernetes-map-type: atomic}
                            words: {type: array, items: {type: string}}
                            marks: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                            any: {type: object, x-kubernetes-preserve-unknown-fields: true}
                            ports:
                              type: array
                              x-kubernetes-list-type: map
                              x-kubernetes-list-map-keys: [port]
                              items: {type: object, properties: {port: {type: integer}}}
                            tails:
                              type: array
                              x-kubernetes-list-type: map
                              x-kubernetes-list-map-keys: [name, side]
                              items:
                                type: object
                                properties:
                                  name: {type: string}
                                  side: {type: string, default: left}
                                  value: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      """))),
          Json.object());

  private static final Manager SELF = new Manager("self", true, "v1", "");
  private static final Manager OTHER = new Manager("other", false, "v1", "");

  @Override
  public void feed(byte[] input) {
    var trees = new Trees(input);
    var live = kite(trees);
    var config = kite(trees);
    var other = kite(trees);
    var sent = trees.value();
    var force = trees.next() % 2 == 0;
    readAgain(sent, live, other);
    try {
      var first = twice(live, config, ManagedFields.NONE, force);
      var edited = KITES.update(first.object(), other, first.owners(), OTHER, NOON);
      twice(other, config, edited, force);
    } catch (ApiError e) {
      require(
          e.is(ApiError.Reason.CONFLICT) || e.is(ApiError.Reason.BAD_REQUEST),
          "refused with " + e.reason());
    }
  }

  private static ObjectNode kite(Trees trees) {
    var kite = Json.object().put("apiVersion", "v1").put("kind", "Kite");
    kite.set("metadata", trees.object());
    kite.set("spec", trees.object());
    return kite;
  }

  /// Owners as a client sent them, and those who change something after.
  private static void readAgain(JsonNode sent, ObjectNode live, ObjectNode other) {
    var told = Ownership.told(sent, ManagedFields.NONE);
    for (var owners : List.of(told, KITES.update(live, other, told, OTHER, NOON))) {
      require(
          ManagedFields.decode(owners.encode()).sameOwners(owners), "other owners when read again");
    }
  }

  /// Applies, and once more, which changes nothing.
  private static Ownership.Applied twice(
      ObjectNode live, ObjectNode config, ManagedFields owners, boolean force) {
    var liveBefore = live.deepCopy();
    var configBefore = config.deepCopy();
    var first = KITES.apply(live, config, owners, SELF, force, NOON);
    require(live.equals(liveBefore), "the object was changed in place");
    require(config.equals(configBefore), "the configuration was changed");
    var again = KITES.apply(first.object(), config, first.owners(), SELF, force, NOON);
    require(Json.same(first.object(), again.object()), "applying again changes the object");
    require(first.owners().sameOwners(again.owners()), "applying again changes the owners");
    return first;
  }
}
