package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.runtime.Transport;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a server's answer means.
final class Answers {
  private Answers() {}

  /// The body of an answer.
  ///
  /// @throws ApiError when the server refused
  static byte[] body(Transport.Response response) {
    if (refused(response.status())) {
      throw error(response.status(), response.headers(), response.body());
    }
    return response.body();
  }

  static boolean refused(int status) {
    return status < 200 || status >= 300;
  }

  /// The refusal an answer carries. "Gone" in any spelling is Expired, and a bare `Retry-After`
  /// header counts.
  static ApiError error(int status, Map<String, String> headers, byte[] body) {
    var error = ApiError.fromAnswer(status, body);
    if (status == 410 && !error.is(ApiError.Reason.EXPIRED)) {
      return ApiError.expired(text(error));
    }
    var after = seconds(headers.getOrDefault("retry-after", ""));
    if (status == 429 && after > 0 && error.retryAfterSeconds() == 0) {
      return ApiError.tooManyRequests(text(error), after);
    }
    return error;
  }

  /// The object of a list or event; lists leave out what the type already says.
  static ApiObject object(ResourceType type, JsonNode json) {
    if (!(json instanceof ObjectNode tree)) {
      throw ApiError.internal(
          "the server sent " + json.getNodeType() + " for an object of " + type);
    }
    if (tree.hasNonNull("kind") && tree.hasNonNull("apiVersion")) {
      return ApiObject.of(tree);
    }
    var whole = Json.object();
    whole.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    whole.setAll(tree);
    return ApiObject.of(whole);
  }

  private static String text(ApiError error) {
    var message = error.getMessage();
    return message == null ? "the server answered " + error.code() : message;
  }

  private static int seconds(String header) {
    try {
      return Integer.parseInt(header.strip());
    } catch (NumberFormatException e) {
      return 0; // absent, or a date: the caller's own backoff will do
    }
  }
}
