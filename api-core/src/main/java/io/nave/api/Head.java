package io.nave.api;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// What everybody asks of an object: the little that stays in memory while the rest is bytes.
///
/// @param metadata without `managedFields`, which is most of it and read by few; a missing node
///   when there is none
record Head(String apiVersion, String kind, JsonNode metadata) {
  private static final String OWNERS = "managedFields";

  static Head of(ObjectNode tree) {
    return new Head(
        shared(tree.path("apiVersion").asString("")),
        shared(tree.path("kind").asString("")),
        small(tree.path("metadata")));
  }

  private static JsonNode small(JsonNode metadata) {
    if (!(metadata instanceof ObjectNode fields) || !fields.has(OWNERS)) {
      return metadata;
    }
    var small = fields.objectNode();
    small.setAll(fields);
    small.remove(OWNERS);
    return small;
  }

  /// Reads no further than to the last of the three; as a rule they come first.
  ///
  /// @throws IllegalStateException when the bytes are no JSON object
  static Head read(byte[] encoded) {
    try (var parser = Json.storedParser(encoded)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalStateException("a stored object is no JSON object");
      }
      return read(parser);
    } catch (JacksonException e) {
      throw new IllegalStateException("a stored object is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Head read(JsonParser parser) {
    var apiVersion = "";
    var kind = "";
    JsonNode metadata = MissingNode.getInstance();
    while ((apiVersion.isEmpty() || kind.isEmpty() || metadata.isMissingNode())
        && parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "apiVersion" -> apiVersion = shared(parser.getValueAsString(""));
        case "kind" -> kind = shared(parser.getValueAsString(""));
        case "metadata" -> metadata = small(parser);
        default -> parser.skipChildren();
      }
    }
    return new Head(apiVersion, kind, metadata);
  }

  private static JsonNode small(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return parser.readValueAsTree();
    }
    var small = Json.object();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var field = parser.currentName();
      parser.nextToken();
      if (field.equals(OWNERS)) {
        parser.skipChildren();
      } else {
        small.set(field, parser.<JsonNode>readValueAsTree());
      }
    }
    return small;
  }

  /// There are few kinds and many objects.
  private static String shared(String name) {
    return name.intern();
  }
}
