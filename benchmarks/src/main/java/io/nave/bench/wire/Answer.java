package io.nave.bench.wire;

import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// What came of a request.
///
/// @param status 0 when there was no answer; then `body` says why
public record Answer(int status, byte[] body) {
  static Answer none(Throwable why) {
    return new Answer(0, String.valueOf(why).getBytes(StandardCharsets.UTF_8));
  }

  public boolean good() {
    return status >= 200 && status < 300;
  }

  /// The body as a JSON object.
  public ObjectNode json() {
    return Json.parseObject(body);
  }

  /// Status and the beginning of the body, for people.
  @Override
  public String toString() {
    var text = new String(body, StandardCharsets.UTF_8);
    return status + " " + text.substring(0, Math.min(text.length(), 500));
  }
}
