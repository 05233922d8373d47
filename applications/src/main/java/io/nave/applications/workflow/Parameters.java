package io.nave.applications.workflow;

import io.nave.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes values to places named by a path such as `env[0].value` (spec §11.14).
public final class Parameters {
  private static final Pattern SEGMENT = Pattern.compile("([^.\\[\\]]+)|\\[(\\d{1,4})\\]");

  /// A longer list is made by nobody through a single input.
  private static final int INDEX_MAX = 1_000;

  private Parameters() {}

  /// Puts the value at the path, making objects and list items that are missing.
  ///
  /// @throws IllegalArgumentException saying where something else stands in the way
  public static void put(ObjectNode root, String path, JsonNode value) {
    var segments = segments(path);
    JsonNode at = root;
    for (var i = 0; i < segments.size(); i++) {
      var last = i == segments.size() - 1;
      var child = last ? value : child(segments.get(i + 1));
      at = step(at, segments.get(i), child, last, path);
    }
  }

  private static List<Object> segments(String path) {
    var found = new ArrayList<Object>();
    var matcher = SEGMENT.matcher(path);
    while (matcher.find()) {
      found.add(
          matcher.group(1) != null ? matcher.group(1) : (Object) Integer.valueOf(matcher.group(2)));
    }
    if (found.isEmpty() || !(found.getFirst() instanceof String)) {
      throw new IllegalArgumentException(
          "parameterKey: expected a path such as env[0].value, found \"" + path + "\"");
    }
    return found;
  }

  private static JsonNode child(Object next) {
    return next instanceof Integer ? Json.array() : Json.object();
  }

  private static JsonNode step(
      JsonNode at, Object segment, JsonNode child, boolean last, String path) {
    if (at instanceof ObjectNode object && segment instanceof String name) {
      var there = object.get(name);
      if (last || there == null || there.isNull()) {
        object.set(name, child);
        return child;
      }
      return there;
    }
    if (at instanceof ArrayNode array && segment instanceof Integer index && index <= INDEX_MAX) {
      while (array.size() <= index) {
        array.addNull();
      }
      if (last || array.get(index).isNull()) {
        array.set(index, child);
        return child;
      }
      return array.get(index);
    }
    throw new IllegalArgumentException(
        "parameterKey \"%s\": %s does not fit what stands there: %s"
            .formatted(path, segment, at.getNodeType()));
  }
}
