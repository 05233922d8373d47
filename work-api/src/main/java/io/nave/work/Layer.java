package io.nave.work;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One JSON value laid over another. The outcome equals `live` exactly when nothing wanted differs
/// from it, so that comparing and merging can never disagree.
///
/// A `null` in what is wanted says nothing, as for a Kubernetes server.
final class Layer {
  private static final JsonNode MISSING = JsonNodeFactory.instance.missingNode();

  private Layer() {}

  /// @param last what was wanted before, if known; missing otherwise
  static JsonNode over(JsonNode wanted, JsonNode live, JsonNode last) {
    if (says(wanted)) {
      if (wanted.isObject() && live instanceof ObjectNode there) {
        return object(wanted, there, last);
      }
      if (wanted.isArray() && live.isArray()) {
        return list(wanted, live, last);
      }
      return equal(wanted, live) ? live : withoutNulls(wanted);
    }
    return says(last) ? MISSING : live;
  }

  /// Sets a field, or removes it for a missing value.
  static void put(ObjectNode tree, String field, JsonNode value) {
    if (value.isMissingNode()) {
      tree.remove(field);
    } else {
      tree.set(field, value);
    }
  }

  static JsonNode withoutNulls(JsonNode value) {
    var copy = value.deepCopy();
    removeNulls(copy);
    return copy;
  }

  private static JsonNode object(JsonNode wanted, ObjectNode live, JsonNode last) {
    var merged = live.deepCopy();
    for (var field : wanted.properties()) {
      var name = field.getKey();
      put(merged, name, over(field.getValue(), live.path(name), last.path(name)));
    }
    for (var name : last.propertyNames()) {
      if (!wanted.has(name) && says(last.path(name))) {
        merged.remove(name);
      }
    }
    return merged;
  }

  private static JsonNode list(JsonNode wanted, JsonNode live, JsonNode last) {
    var merged = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < wanted.size(); i++) {
      var item = wanted.path(i);
      var partner = partner(item, i, wanted.size(), live);
      merged.add(
          partner.isMissingNode()
              ? withoutNulls(item)
              : over(item, partner, partner(item, i, wanted.size(), last)));
    }
    return merged;
  }

  /// The item of another list that is this one's earlier self: that of the same name, or for items
  /// without a name the one at the same place in a list of the same length.
  private static JsonNode partner(JsonNode item, int place, int length, JsonNode others) {
    var name = item.path("name");
    if (name.isMissingNode()) {
      return others.size() == length ? others.path(place) : MISSING;
    }
    for (var other : others) {
      if (other.path("name").equals(name)) {
        return other;
      }
    }
    return MISSING;
  }

  private static boolean says(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
  }

  private static boolean equal(JsonNode wanted, JsonNode live) {
    if (wanted.isNumber() && live.isNumber()) {
      return wanted.decimalValue().compareTo(live.decimalValue()) == 0;
    }
    return wanted.equals(live);
  }

  private static void removeNulls(JsonNode value) {
    switch (value) {
      case ObjectNode object -> {
        object.properties().removeIf((Map.Entry<String, JsonNode> e) -> e.getValue().isNull());
        object.forEach(Layer::removeNulls);
      }
      case ArrayNode array -> array.forEach(Layer::removeNulls);
      default -> {
        return;
      }
    }
  }
}
