package io.nave.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// YAML as kubectl reads and writes it.
///
/// Reading: `yes`, `on`, `y` are true, `017` and `0o17` are 15, `1e3` is 1000, `~` is null, `<<`
/// merges, timestamps are text. Refused, always with line and column: duplicate keys, tags beyond
/// YAML's scalar ones, nesting deeper than JSON may be, more than 50 aliases to collections, and
/// aliases that blow a document up.
public final class Yaml {
  private Yaml() {}

  /// The objects of a stream of documents; empty documents are skipped. JSON is YAML too.
  ///
  /// @throws ApiError BadRequest with line and column, also for a document that is no object
  public static List<ObjectNode> parseAll(String text) {
    if (jsonObject(text) instanceof ObjectNode object) {
      return List.of(object);
    }
    var objects = new ArrayList<ObjectNode>();
    for (var document : new YamlReader(text).documents()) {
      switch (document.value()) {
        case ObjectNode object -> objects.add(object);
        case JsonNode empty when empty.isNull() -> {}
        default ->
            throw ApiError.badRequest(
                "YAML, line %d: a document must be an object with fields, but is of type %s"
                    .formatted(document.line(), YamlScalars.typeName(document.value())));
      }
    }
    return List.copyOf(objects);
  }

  /// The one value a text holds, of any type; null when it is empty.
  ///
  /// @throws ApiError BadRequest with line and column, also when there are several documents
  public static JsonNode parse(String text) {
    if (jsonObject(text) instanceof ObjectNode object) {
      return object;
    }
    var documents = new YamlReader(text).documents();
    if (documents.size() > 1) {
      throw ApiError.badRequest(
          "YAML, line %d: one document is expected, but another one begins here"
              .formatted(documents.get(1).line()));
    }
    return documents.isEmpty() ? YamlScalars.plain("") : documents.getFirst().value();
  }

  /// The value as one YAML document in block style, fields in their order, ending with a newline.
  /// Reading it again gives the same value.
  public static String write(JsonNode value) {
    return new YamlWriter().write(value);
  }

  /// The documents, separated by `---`.
  public static String writeAll(List<? extends JsonNode> values) {
    return String.join("---\n", values.stream().map(Yaml::write).toList());
  }

  /// JSON may hold tabs where YAML may not, so what looks like it is tried first.
  private static @Nullable JsonNode jsonObject(String text) {
    if (!text.stripLeading().startsWith("{")) {
      return null;
    }
    try {
      return Json.parse(text);
    } catch (ApiError e) {
      return null; // perhaps YAML in flow style; that reading finds the fault otherwise
    }
  }
}
