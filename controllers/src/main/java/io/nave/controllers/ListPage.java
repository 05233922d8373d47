package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// One page of a list, read item by item: the trees of a whole page would take twenty times the
/// room of its bytes, at once.
///
/// @param items settled
/// @param next where the next page begins; empty: this was the last
record ListPage(List<ApiObject> items, String revision, String next) {
  /// @throws ApiError BadRequest when the body is not a JSON object
  static ListPage read(ResourceType type, byte[] body) {
    var items = new ArrayList<ApiObject>();
    @Nullable JsonNode metadata = null;
    try (var parser = Json.mapper().createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ApiError.badRequest("the body must be a JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "metadata" -> metadata = parser.readValueAsTree();
          case "items" -> read(type, parser, items);
          default -> parser.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw ApiError.badRequest("the body is not valid JSON: " + e.getOriginalMessage());
    }
    var meta = metadata == null ? MissingNode.getInstance() : metadata;
    return new ListPage(
        items, meta.path("resourceVersion").asString(""), meta.path("continue").asString(""));
  }

  /// A list without items may say `null`.
  private static void read(ResourceType type, JsonParser parser, List<ApiObject> items) {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(Answers.object(type, parser.<JsonNode>readValueAsTree()).settled());
    }
  }
}
