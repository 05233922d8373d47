package io.nave.apiserver.protobuf;

import com.google.protobuf.InvalidProtocolBufferException;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.nave.api.ApiError;
import io.nave.api.Json;
import java.io.IOException;
import java.util.Arrays;
import tools.jackson.databind.node.ObjectNode;

/// A body in Kubernetes' protobuf form: the bytes `k8s\0`, then a `runtime.Unknown` that names the
/// kind and carries its message.
public final class ProtobufBody {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private ProtobufBody() {}

  /// The object in the body, as the JSON that says the same, within the bounds of [Json].
  ///
  /// @throws ApiError BadRequest when the body is no such frame, is cut short or is otherwise
  ///   broken; UnsupportedMediaType when its kind is known in JSON only
  public static ObjectNode decode(byte[] body) {
    var unknown = open(body);
    var apiVersion = unknown.getTypeMeta().getApiVersion();
    var kind = unknown.getTypeMeta().getKind();
    if (apiVersion.isEmpty() || kind.isEmpty()) {
      throw ApiError.badRequest(
          "the protobuf body names no kind: its typeMeta must hold apiVersion and kind");
    }
    checkContent(unknown);
    return bounded(read(unknown, apiVersion, kind));
  }

  private static Unknown open(byte[] body) {
    var length = MAGIC.length;
    if (body.length < length || !Arrays.equals(body, 0, length, MAGIC, 0, length)) {
      throw ApiError.badRequest(
          "the body is announced as "
              + MEDIA_TYPE
              + " and does not begin with its mark (6b 38 73 00)");
    }
    try {
      return Unknown.parser().parseFrom(body, length, body.length - length);
    } catch (InvalidProtocolBufferException e) {
      throw broken("frame", e);
    }
  }

  private static void checkContent(Unknown unknown) {
    var type = unknown.getContentType();
    if (!unknown.getContentEncoding().isEmpty()
        || !(type.isEmpty() || type.equals(MEDIA_TYPE) || type.equals("application/protobuf"))) {
      throw ApiError.unsupportedMediaType(
          "the protobuf body carries content of type '%s' and encoding '%s': send plain protobuf"
              .formatted(type, unknown.getContentEncoding()));
    }
  }

  private static ObjectNode read(Unknown unknown, String apiVersion, String kind) {
    var type = MessageTypes.of(apiVersion, kind);
    var object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
    try {
      new MessageReader(unknown.getRaw().newCodedInput()).read(type, object);
    } catch (IOException e) {
      throw broken(apiVersion + " " + kind, e);
    }
    return object;
  }

  /// Holds the object to what a JSON body is held to, such as the length of names: what is stored
  /// must be readable as JSON again.
  private static ObjectNode bounded(ObjectNode object) {
    try {
      return Json.parseObject(Json.encode(object));
    } catch (ApiError e) {
      throw ApiError.badRequest(
          "the protobuf body, written as JSON, is refused: " + e.getMessage());
    }
  }

  private static ApiError broken(String what, IOException e) {
    return ApiError.badRequest(
        "the protobuf body cannot be read as " + what + ": " + e.getMessage());
  }
}
