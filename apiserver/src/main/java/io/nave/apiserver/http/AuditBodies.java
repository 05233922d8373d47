package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What audit events tell of bodies: those of requests and answers, and what an answer that is a
/// `Status` says.
final class AuditBodies {
  /// How an answer begins that is a `Status`: most are none, and need not be read.
  private static final byte[] STATUS = "{\"kind\":\"Status\",".getBytes(StandardCharsets.UTF_8);

  private static final List<String> TOLD = List.of("status", "message", "reason", "details");

  private AuditBodies() {}

  /// What a request carries; null when that is nothing, or no object.
  ///
  /// @param bare without `managedFields`
  static @Nullable JsonNode of(Transport.Request request, boolean bare) {
    if (request.body().length == 0) {
      return null;
    }
    try {
      var body =
          request.method().equals("PATCH")
              ? Bodies.patch(request, _ -> {}).body()
              : Bodies.object(request, _ -> {});
      return bare ? bare(body) : body;
    } catch (ApiError e) {
      return null; // what was no object was refused
    }
  }

  /// What an answer carries; null when it is not there as a whole, or no JSON.
  static @Nullable JsonNode of(Service.Reply reply, boolean bare) {
    if (!(reply instanceof Service.Reply.Full(var response))) {
      return null;
    }
    var body = parsed(response.body());
    return bare && body != null ? bare(body) : body;
  }

  /// `responseStatus` of an event.
  static ObjectNode status(Service.Reply reply) {
    var status = Json.object().put("code", Replies.status(reply));
    status.putObject("metadata");
    if (reply instanceof Service.Reply.Full(var response)
        && begins(response.body())
        && parsed(response.body()) instanceof ObjectNode body) {
      for (var field : TOLD) {
        var said = body.get(field);
        if (said != null) {
          status.set(field, said);
        }
      }
    }
    return status;
  }

  private static boolean begins(byte[] body) {
    return body.length > STATUS.length
        && Arrays.equals(body, 0, STATUS.length, STATUS, 0, STATUS.length);
  }

  private static @Nullable JsonNode parsed(byte[] json) {
    try {
      return Json.parse(json);
    } catch (ApiError e) {
      return null;
    }
  }

  private static JsonNode bare(JsonNode body) {
    strip(body);
    body.path("items").forEach(AuditBodies::strip);
    return body;
  }

  private static void strip(JsonNode object) {
    if (object.path("metadata") instanceof ObjectNode meta) {
      meta.remove("managedFields");
    }
  }
}
