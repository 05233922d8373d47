package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.api.ApiError;
import io.nave.api.ApiError.Reason;
import io.nave.api.Json;
import io.nave.apiserver.protobuf.ProtobufBody;
import tools.jackson.databind.node.ObjectNode;

/// Protobuf frames of client-go: refused, or read into JSON that the hub would take.
final class ProtobufTarget implements FuzzTarget {
  @Override
  public void feed(byte[] input) {
    ObjectNode object;
    try {
      object = ProtobufBody.decode(input);
    } catch (ApiError e) {
      require(
          e.is(Reason.BAD_REQUEST) || e.is(Reason.UNSUPPORTED_MEDIA_TYPE),
          "refused with " + e.reason());
      return;
    }
    require(Json.same(object, Json.parse(Json.encode(object))), "another value when read again");
  }
}
