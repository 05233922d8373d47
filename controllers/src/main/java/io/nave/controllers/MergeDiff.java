package io.nave.controllers;

import io.nave.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The smallest JSON merge patch (RFC 7396) that turns one tree into another. A null counts as
/// absent, because a merge patch cannot write one; arrays are replaced whole.
public final class MergeDiff {
  private MergeDiff() {}

  /// What to merge into `before` to get `after`; empty when they say the same.
  ///
  /// @param before anything but an object counts as an empty one
  public static ObjectNode between(JsonNode before, ObjectNode after) {
    var diff = Json.object();
    for (var field : after.properties()) {
      if (!field.getValue().isNull()) {
        add(diff, field.getKey(), before.path(field.getKey()), field.getValue());
      }
    }
    for (var field : before.properties()) {
      if (!field.getValue().isNull() && !after.hasNonNull(field.getKey())) {
        diff.putNull(field.getKey());
      }
    }
    return diff;
  }

  private static void add(ObjectNode diff, String name, JsonNode before, JsonNode after) {
    if (after instanceof ObjectNode tree) {
      var inner = between(before, tree);
      if (!inner.isEmpty() || !before.isObject()) {
        diff.set(name, inner);
      }
    } else if (!same(before, after)) {
      diff.set(name, after.deepCopy());
    }
  }

  /// Numbers are compared by value: 1 and 1.0 are the same JSON number, and so are int and long.
  private static boolean same(JsonNode before, JsonNode after) {
    return before.equals(MergeDiff::compare, after);
  }

  private static int compare(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    return left.equals(right) ? 0 : 1;
  }
}
