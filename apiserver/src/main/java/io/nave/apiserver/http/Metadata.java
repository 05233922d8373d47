package io.nave.apiserver.http;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import tools.jackson.databind.node.ObjectNode;

/// Objects without their content, as `PartialObjectMetadata`.
final class Metadata {
  private Metadata() {}

  static ObjectNode of(ApiObject object, String version) {
    var partial = Json.object();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + version);
    if (object.json().get("metadata") instanceof ObjectNode meta) {
      partial.set("metadata", meta);
    }
    return partial;
  }

  static byte[] bytes(ApiObject object, String version) {
    return Json.encode(of(object, version));
  }
}
