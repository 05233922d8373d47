package io.nave.apiserver.registry;

import io.nave.api.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Small work on JSON trees.
public final class Trees {
  private static final List<String> FIRST = List.of("apiVersion", "kind", "metadata");

  private Trees() {}

  /// Sets a field to a copy of the value, or removes it when there is none.
  public static void put(ObjectNode tree, String field, @Nullable JsonNode value) {
    if (value == null || value.isNull() || value.isMissingNode()) {
      tree.remove(field);
    } else {
      tree.set(field, value.deepCopy());
    }
  }

  /// A private copy with `apiVersion`, `kind` and `metadata` in front.
  static ObjectNode ordered(ObjectNode tree) {
    var copy = Json.object();
    FIRST.forEach(field -> put(copy, field, tree.get(field)));
    for (var property : tree.properties()) {
      if (!FIRST.contains(property.getKey())) {
        copy.set(property.getKey(), property.getValue().deepCopy());
      }
    }
    return copy;
  }
}
