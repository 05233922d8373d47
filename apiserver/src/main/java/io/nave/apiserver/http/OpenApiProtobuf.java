package io.nave.apiserver.http;

import io.nave.api.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An OpenAPI v2 document as the protobuf message `openapi.v2.Document` of gnostic, as much of it
/// as our documents hold. Values of any type travel as YAML text; JSON is YAML.
final class OpenApiProtobuf {
  /// Fields of `Schema` that are texts.
  private static final Map<String, Integer> TEXTS =
      Map.of("$ref", 1, "format", 2, "title", 3, "description", 4, "pattern", 13);

  /// Fields of `Schema` that are whole numbers.
  private static final Map<String, Integer> WHOLE =
      Map.of(
          "maxLength", 11,
          "minLength", 12,
          "maxItems", 14,
          "minItems", 15,
          "maxProperties", 17,
          "minProperties", 18);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private OpenApiProtobuf() {}

  static byte[] encode(JsonNode document) {
    var message = new OpenApiProtobuf();
    message.text(1, document.path("swagger").asString(""));
    var info = new OpenApiProtobuf();
    info.text(1, document.path("info").path("title").asString(""));
    info.text(2, document.path("info").path("version").asString(""));
    message.bytes(2, info.done());
    message.bytes(8, new byte[0]);
    message.bytes(9, named(document.path("definitions")));
    return message.done();
  }

  /// `Definitions` and `Properties` look alike: a list of names with schemas.
  private static byte[] named(JsonNode schemas) {
    var message = new OpenApiProtobuf();
    for (var entry : schemas.properties()) {
      var one = new OpenApiProtobuf();
      one.text(1, entry.getKey());
      one.bytes(2, schema(entry.getValue()));
      message.bytes(1, one.done());
    }
    return message.done();
  }

  private static byte[] schema(JsonNode schema) {
    var message = new OpenApiProtobuf();
    for (var entry : schema.properties()) {
      message.field(entry.getKey(), entry.getValue());
    }
    return message.done();
  }

  private void field(String name, JsonNode value) {
    var text = TEXTS.get(name);
    var whole = WHOLE.get(name);
    if (text != null) {
      text(text, value.asString(""));
    } else if (whole != null) {
      number(whole, value.asLong(0));
    } else {
      switch (name) {
        case "default" -> bytes(5, any(value));
        case "required" -> value.forEach(one -> text(19, one.asString("")));
        case "enum" -> value.forEach(one -> bytes(20, any(one)));
        case "additionalProperties" -> bytes(21, wrapped(1, schema(value)));
        case "type" -> bytes(22, wrapped(1, value.asString("").getBytes(StandardCharsets.UTF_8)));
        case "items" -> bytes(23, wrapped(1, schema(value)));
        case "properties" -> bytes(25, named(value));
        default -> {
          if (name.startsWith("x-")) {
            extension(name, value);
          }
        }
      }
    }
  }

  private void extension(String name, JsonNode value) {
    var named = new OpenApiProtobuf();
    named.text(1, name);
    named.bytes(2, any(value));
    bytes(30, named.done());
  }

  private static byte[] any(JsonNode value) {
    return wrapped(2, (Json.text(value) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] wrapped(int number, byte[] content) {
    var message = new OpenApiProtobuf();
    message.bytes(number, content);
    return message.done();
  }

  private void text(int number, String text) {
    if (!text.isEmpty()) {
      bytes(number, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void bytes(int number, byte[] content) {
    varint(((long) number << 3) | 2);
    varint(content.length);
    out.writeBytes(content);
  }

  private void number(int number, long value) {
    varint((long) number << 3);
    varint(value);
  }

  private void varint(long value) {
    var left = value;
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
  }

  private byte[] done() {
    return out.toByteArray();
  }
}
