package io.nave.apiserver.http;

import io.nave.api.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/// The schema documents that `kubectl` insists on reading: valid, and empty of paths. Clients then
/// leave validation to the server, which knows better.
final class OpenApi {
  /// What kubectl asks for; it reads nothing else. The `@` makes it no media type, so the answer is
  /// called [#PROTOBUF], as kube-apiserver does.
  static final String PROTOBUF_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

  static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final String title;
  private final String version;

  OpenApi(String title, String version) {
    this.title = title;
    this.version = version;
  }

  /// `/openapi/v2` as JSON.
  ObjectNode v2() {
    var document = Json.object().put("swagger", "2.0");
    document.putObject("info").put("title", title).put("version", version);
    document.putObject("paths");
    document.putObject("definitions");
    return document;
  }

  /// `/openapi/v2` as the protobuf message `openapi.v2.Document` of gnostic: `swagger` = 1, `info`
  /// = 2 (`title` = 1, `version` = 2), `paths` = 8.
  byte[] v2Protobuf() {
    var info = new ByteArrayOutputStream();
    field(info, 1, title.getBytes(StandardCharsets.UTF_8));
    field(info, 2, version.getBytes(StandardCharsets.UTF_8));
    var document = new ByteArrayOutputStream();
    field(document, 1, "2.0".getBytes(StandardCharsets.UTF_8));
    field(document, 2, info.toByteArray());
    field(document, 8, new byte[0]);
    return document.toByteArray();
  }

  /// `/openapi/v3`: no group offers one.
  ObjectNode v3() {
    var document = Json.object();
    document.putObject("paths");
    return document;
  }

  /// A field of wire type 2: tag, length, bytes.
  private static void field(ByteArrayOutputStream out, int number, byte[] bytes) {
    out.write((number << 3) | 2);
    var length = bytes.length;
    while (length > 0x7f) {
      out.write((length & 0x7f) | 0x80);
      length >>>= 7;
    }
    out.write(length);
    out.writeBytes(bytes);
  }
}
