package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.Yaml;
import io.nave.apiserver.protobuf.ProtobufBody;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the bodies of requests, by their content type.
final class Bodies {
  /// As in Kubernetes: what etcd takes, twice over.
  static final int BYTES_MAX = 3 * 1024 * 1024;

  private Bodies() {}

  /// @throws ApiError RequestEntityTooLarge
  static void checkSize(Transport.Request request) {
    if (request.body().length > BYTES_MAX) {
      throw tooLarge();
    }
  }

  static ApiError tooLarge() {
    return ApiError.tooLarge("Request entity too large: limit is " + BYTES_MAX);
  }

  /// The object that a question or the options of a delete are: no field may stand twice.
  ///
  /// @throws ApiError UnsupportedMediaType, BadRequest
  static ObjectNode object(Transport.Request request) {
    return object(
        request,
        field -> {
          throw ApiError.badRequest(
              "the body is not valid JSON: duplicate field \"" + field + "\"");
        });
  }

  /// The object a create or update carries.
  ///
  /// @param twice told each field that stands twice, of JSON; the last one counts
  /// @throws ApiError UnsupportedMediaType, BadRequest
  static ObjectNode object(Transport.Request request, Consumer<String> twice) {
    if (request.body().length == 0) {
      throw ApiError.badRequest("the request must carry an object, its body was empty");
    }
    return switch (contentType(request)) {
      case "", "application/json" -> Json.parseObject(request.body(), twice);
      case "application/yaml" -> yamlObject(request.body());
      case ProtobufBody.MEDIA_TYPE -> ProtobufBody.decode(request.body());
      default ->
          throw unsupported("application/json, application/yaml, " + ProtobufBody.MEDIA_TYPE);
    };
  }

  /// The `DeleteOptions` a delete carries; empty when it has none.
  ///
  /// @throws ApiError UnsupportedMediaType, BadRequest
  static Optional<ObjectNode> options(Transport.Request request) {
    if (request.body().length == 0) {
      return Optional.empty();
    }
    var options = object(request);
    var kind = options.path("kind").asString("");
    if (!kind.isEmpty() && !kind.equals("DeleteOptions")) {
      throw ApiError.badRequest("the body of a delete must be a DeleteOptions, found a " + kind);
    }
    return Optional.of(options);
  }

  /// @param twice as of [#object]
  /// @throws ApiError UnsupportedMediaType, BadRequest
  static Patch patch(Transport.Request request, Consumer<String> twice) {
    var type = contentType(request);
    for (var form : Patch.Form.values()) {
      if (form.mediaType().equals(type)) {
        return new Patch(form, patchBody(form, request.body(), twice));
      }
    }
    throw unsupported(
        "application/json-patch+json, application/merge-patch+json,"
            + " application/strategic-merge-patch+json, application/apply-patch+yaml");
  }

  private static JsonNode patchBody(Patch.Form form, byte[] body, Consumer<String> twice) {
    return switch (form) {
      case JSON -> Json.parse(body, twice);
      case MERGE, STRATEGIC -> Json.parseObject(body, twice);
      case APPLY -> yamlObject(body);
    };
  }

  private static ObjectNode yamlObject(byte[] body) {
    if (Yaml.parse(new String(body, StandardCharsets.UTF_8)) instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest("the body must be one YAML object");
  }

  private static String contentType(Transport.Request request) {
    var header = request.headers().getOrDefault("content-type", "");
    var end = header.indexOf(';');
    return (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private static ApiError unsupported(String accepted) {
    return ApiError.unsupportedMediaType(
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted);
  }
}
