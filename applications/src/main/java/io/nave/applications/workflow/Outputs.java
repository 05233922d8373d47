package io.nave.applications.workflow;

import io.nave.api.Json;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The values a run published, by name. Bounded: they stand in the status of one object.
final class Outputs {
  /// Half of what a watcher gets with every change of an Application at most.
  static final int BYTES_MAX = 64 * 1024;

  private Map<String, JsonNode> all;
  private boolean changed;

  Outputs(Map<String, JsonNode> before) {
    all = before;
  }

  Optional<JsonNode> find(String name) {
    return Optional.ofNullable(all.get(name));
  }

  /// Adds all, or none and says why.
  Optional<String> add(Map<String, JsonNode> more) {
    if (more.isEmpty()) {
      return Optional.empty();
    }
    var next = new TreeMap<>(all);
    more.forEach((name, value) -> put(next, name, value));
    var bytes = Json.encode(next).length;
    if (bytes > BYTES_MAX) {
      return Optional.of(
          "outputs: all published values together have %d bytes, more than %d; publish less"
              .formatted(bytes, BYTES_MAX));
    }
    all = next;
    changed = true;
    return Optional.empty();
  }

  private static void put(Map<String, JsonNode> into, String name, @Nullable JsonNode value) {
    if (value != null) {
      into.put(name, value.deepCopy());
    }
  }

  /// The same map as before when nothing was added.
  Map<String, JsonNode> all() {
    return changed ? new TreeMap<>(all) : all;
  }

  ObjectNode asObject() {
    var object = Json.object();
    all.forEach(object::set);
    return object;
  }
}
