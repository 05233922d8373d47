package io.nave.work;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Objects from JSON with single quotes.
final class Objects {
  private Objects() {}

  static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  static ApiObject object(String text) {
    return ApiObject.parse(Json.encode(json(text)));
  }

  static List<JsonNode> all(String... texts) {
    return Stream.of(texts).map(Objects::json).toList();
  }
}
