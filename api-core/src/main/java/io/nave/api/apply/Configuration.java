package io.nave.api.apply;

import io.nave.api.ApiError;
import io.nave.api.schema.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What must hold of an applied configuration so that each of its fields can have an owner.
final class Configuration {
  /// Most faults that are told at once.
  private static final int TOLD_MAX = 100;

  private final List<String> faults = new ArrayList<>();

  private Configuration() {}

  /// @throws ApiError BadRequest naming the fields
  static void check(ObjectNode config, Shape shape) {
    var walk = new Configuration();
    walk.check(config, shape, "");
    if (!walk.faults.isEmpty()) {
      throw ApiError.badRequest(message(config, walk.faults));
    }
  }

  private void check(JsonNode value, Shape shape, String path) {
    var object = Form.object(value, shape);
    var list = Form.list(value, shape);
    if (object != null) {
      for (var property : object.properties()) {
        var name = property.getKey();
        if (shape instanceof Shape.Fields(var named, var others)
            && others == null
            && !named.containsKey(name)) {
          fault(path + "." + name, "field not declared in schema");
        } else {
          check(property.getValue(), shape.field(name), path + "." + name);
        }
      }
    } else if (list != null) {
      elements(list, shape, path);
    }
  }

  private void elements(ArrayNode list, Shape shape, String path) {
    var seen = new HashSet<String>();
    for (var i = 0; i < list.size(); i++) {
      var element = list.get(i);
      if (shape instanceof Shape.Keyed keyed && !named(element, keyed, path, i)) {
        continue;
      }
      var step = Form.step(shape, element);
      if (!seen.add(step)) {
        fault(path, "duplicate entries for key " + Step.shown(step));
      } else {
        check(element, Form.element(shape), path + Step.shown(step));
      }
    }
  }

  private boolean named(JsonNode element, Shape.Keyed list, String path, int index) {
    for (var key : list.keys()) {
      if (!element.has(key) && !list.defaults().containsKey(key)) {
        fault(
            path,
            "element "
                + index
                + ": associative list with keys has an element that omits key field \""
                + key
                + "\" (and doesn't have default value)");
        return false;
      }
    }
    return true;
  }

  private void fault(String path, String what) {
    if (faults.size() < TOLD_MAX) {
      faults.add(path + ": " + what);
    }
  }

  private static String message(ObjectNode config, List<String> faults) {
    var meta = config.path("metadata");
    return "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
        .formatted(
            meta.path("namespace").asString(""),
            meta.path("name").asString(""),
            config.path("apiVersion").asString(""),
            config.path("kind").asString(""),
            faults.size() == 1 ? faults.getFirst() : "errors:\n  " + String.join("\n  ", faults));
  }
}
