package io.nave.apiserver.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import io.nave.api.ApiError;
import io.nave.api.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Messages that are something plainer in JSON.
final class Folding {
  private static final long YEAR_1 = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long YEAR_9999 = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final DateTimeFormatter SECONDS = utc("uuuu-MM-dd'T'HH:mm:ss'Z'");
  private static final DateTimeFormatter MICROS = utc("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");

  private Folding() {}

  /// @param object the message's fields
  /// @throws ApiError BadRequest when they hold what JSON cannot say
  static JsonNode of(Descriptor type, ObjectNode object) {
    return switch (type.getFullName()) {
      case "k8s.io.apimachinery.pkg.apis.meta.v1.Time" -> time(object, SECONDS);
      case "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" -> time(object, MICROS);
      case "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1",
          "k8s.io.apimachinery.pkg.runtime.RawExtension" ->
          raw(object);
      case "k8s.io.apimachinery.pkg.apis.meta.v1.Verbs",
          "k8s.io.api.authentication.v1.ExtraValue",
          "k8s.io.api.authorization.v1.ExtraValue",
          "k8s.io.api.certificates.v1.ExtraValue" ->
          object.withArrayProperty("items");
      case "k8s.io.apimachinery.pkg.api.resource.Quantity" ->
          JsonNodeFactory.instance.stringNode(object.path("string").asString(""));
      case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" -> intOrString(object);
      default -> object;
    };
  }

  /// Go's zero time is a message without fields.
  private static JsonNode time(ObjectNode object, DateTimeFormatter format) {
    if (object.isEmpty()) {
      return JsonNodeFactory.instance.nullNode();
    }
    var seconds = object.path("seconds").asLong(0);
    var nanos = object.path("nanos").asInt(0);
    if (seconds < YEAR_1 || seconds > YEAR_9999 || nanos < 0 || nanos > 999_999_999) {
      throw ApiError.badRequest(
          "the protobuf body holds a time outside of the years 1 to 9999: %d s, %d ns"
              .formatted(seconds, nanos));
    }
    return JsonNodeFactory.instance.stringNode(
        format.format(Instant.ofEpochSecond(seconds, nanos)));
  }

  private static JsonNode raw(ObjectNode object) {
    var bytes = Base64.getDecoder().decode(object.path("raw").asString(""));
    return bytes.length == 0 ? JsonNodeFactory.instance.nullNode() : Json.parse(bytes);
  }

  private static JsonNode intOrString(ObjectNode object) {
    return object.path("type").asLong(0) == 0
        ? JsonNodeFactory.instance.numberNode(object.path("intVal").asInt(0))
        : JsonNodeFactory.instance.stringNode(object.path("strVal").asString(""));
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
  }
}
