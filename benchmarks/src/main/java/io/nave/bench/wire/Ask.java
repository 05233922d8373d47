package io.nave.bench.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One request.
///
/// @param method upper-case HTTP method
/// @param target path and query
/// @param headers lower-case names; the line adds its token
/// @param body empty for none
public record Ask(String method, String target, Map<String, String> headers, byte[] body) {
  private static final byte[] NONE = new byte[0];
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");
  private static final Map<String, String> MERGE =
      Map.of("content-type", "application/merge-patch+json");
  private static final Map<String, String> PROTOBUF =
      Map.of(
          "content-type", "application/vnd.kubernetes.protobuf",
          "accept", "application/vnd.kubernetes.protobuf,application/json");

  public static Ask get(String target) {
    return new Ask("GET", target, Map.of(), NONE);
  }

  public static Ask delete(String target) {
    return new Ask("DELETE", target, Map.of(), NONE);
  }

  public static Ask post(String target, byte[] json) {
    return new Ask("POST", target, JSON, json);
  }

  public static Ask put(String target, byte[] json) {
    return new Ask("PUT", target, JSON, json);
  }

  /// A merge patch.
  public static Ask merge(String target, String json) {
    return new Ask("PATCH", target, MERGE, json.getBytes(StandardCharsets.UTF_8));
  }

  /// A built-in kind as generated clients send it.
  public static Ask protobuf(String method, String target, byte[] body) {
    return new Ask(method, target, PROTOBUF, body);
  }

  @Override
  public String toString() {
    return method + " " + target;
  }
}
