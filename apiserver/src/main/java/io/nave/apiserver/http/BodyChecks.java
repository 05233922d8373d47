package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Holds what a body says against what the path says, in Kubernetes' words, and fills in what the
/// body leaves to the path.
final class BodyChecks {
  /// Subresources whose body is the object itself; others have kinds of their own.
  private static final List<String> WHOLE = List.of("", "status", "approval", "finalize");

  private BodyChecks() {}

  /// @throws ApiError BadRequest
  static ApiObject created(Target.Resources target, ObjectNode body) {
    checkKind(target, body);
    var meta = meta(body);
    fillNamespace(
        target,
        meta,
        "the namespace of the provided object does not match the namespace"
            + " sent on the request");
    if (!target.name().isEmpty()) {
      fillName(target, meta);
    }
    return ApiObject.of(body);
  }

  /// @throws ApiError BadRequest
  static ApiObject updated(Target.Resources target, ObjectNode body) {
    checkKind(target, body);
    var meta = meta(body);
    if (meta.path("name").asString("").isEmpty()) {
      throw ApiError.badRequest(
          "the name of the object ("
              + target.name()
              + " based on URL) was undeterminable: name must"
              + " be provided");
    }
    fillName(target, meta);
    fillNamespace(
        target,
        meta,
        "the namespace of the object (%s) does not match the namespace on the request (%s)"
            .formatted(meta.path("namespace").asString(""), target.namespace()));
    return ApiObject.of(body);
  }

  private static void checkKind(Target.Resources target, ObjectNode body) {
    if (!WHOLE.contains(target.subresource())) {
      return; // it may be of a kind of its own, which is checked where that is known
    }
    var type = target.type();
    checkSame(body, "apiVersion", "API version", type.apiVersion());
    checkSame(body, "kind", "kind", type.kind());
  }

  private static void checkSame(ObjectNode body, String field, String words, String expected) {
    var found = body.path(field).asString("");
    if (found.isEmpty()) {
      body.put(field, expected);
    } else if (!found.equals(expected)) {
      throw ApiError.badRequest(
          "the %s in the data (%s) does not match the expected %s (%s)"
              .formatted(words, found, words, expected));
    }
  }

  private static void fillName(Target.Resources target, ObjectNode meta) {
    var name = meta.path("name").asString("");
    if (!name.isEmpty() && !name.equals(target.name())) {
      throw ApiError.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, target.name()));
    }
    meta.put("name", target.name());
  }

  private static void fillNamespace(Target.Resources target, ObjectNode meta, String mismatch) {
    var namespace = meta.path("namespace").asString("");
    if (!target.type().namespaced()) {
      meta.remove("namespace");
    } else if (namespace.isEmpty()) {
      meta.put("namespace", target.namespace());
    } else if (!namespace.equals(target.namespace())) {
      throw ApiError.badRequest(mismatch);
    }
  }

  private static ObjectNode meta(ObjectNode body) {
    var meta = body.get("metadata");
    if (meta == null || meta.isNull()) {
      return body.putObject("metadata");
    }
    if (meta instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest("metadata: expected an object, found " + meta.getNodeType());
  }
}
