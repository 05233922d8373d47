package io.nave.applications.definitions;

import io.nave.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Parts that several built-in definitions share. An object with `$use: <name>` stands for the
/// fragment of that name, with the fields beside it laid over it; in a list, a fragment that is a
/// list is spliced. Fragments may use fragments.
final class Fragments {
  private static final String USE = "$use";

  private final ObjectNode byName;

  /// @param byName the fragments
  Fragments(ObjectNode byName) {
    this.byName = byName;
  }

  /// A copy without any `$use`.
  ///
  /// @throws IllegalStateException when a fragment is not there
  JsonNode resolve(JsonNode node) {
    return switch (node) {
      case ObjectNode object when object.has(USE) -> used(object);
      case ObjectNode object -> fields(Json.object(), object);
      case ArrayNode list -> elements(list);
      default -> node;
    };
  }

  private JsonNode used(ObjectNode object) {
    var name = object.path(USE).asString("");
    var fragment = byName.get(name);
    if (fragment == null) {
      throw new IllegalStateException("the program lacks its fragment " + name);
    }
    var resolved = resolve(fragment);
    return resolved instanceof ObjectNode base ? fields(base, object) : resolved;
  }

  private ObjectNode fields(ObjectNode into, ObjectNode object) {
    for (var field : object.properties()) {
      if (!field.getKey().equals(USE)) {
        into.set(field.getKey(), resolve(field.getValue()));
      }
    }
    return into;
  }

  private ArrayNode elements(ArrayNode list) {
    var resolved = JsonNodeFactory.instance.arrayNode();
    for (var element : list) {
      var value = resolve(element);
      if (element.has(USE) && value instanceof ArrayNode spliced) {
        resolved.addAll(spliced);
      } else {
        resolved.add(value);
      }
    }
    return resolved;
  }
}
