package io.nave.api.cel;

import tools.jackson.databind.JsonNode;

/// What a tree of JSON weighs, as [Meter] weighs values: one for each value, and one for each
/// character of its texts and names. As deep as what is parsed here, which is bounded. Stateless.
final class JsonWeight {
  private JsonWeight() {}

  static long of(JsonNode node) {
    long sum = 1;
    switch (node.getNodeType()) {
      case OBJECT -> {
        for (var field : node.properties()) {
          sum += 1 + field.getKey().length() + of(field.getValue());
        }
      }
      case ARRAY -> {
        for (var element : node) {
          sum += of(element);
        }
      }
      case STRING -> sum += node.stringValue().length();
      default -> {}
    }
    return sum;
  }
}
