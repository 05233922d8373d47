package io.nave.apiserver.http;

import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The schemas of kinds as OpenAPI documents hold them: by name, `metadata` described, and marked
/// with the kind they are of.
final class OpenApiSchemas {
  static final String GVK = "x-kubernetes-group-version-kind";
  static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private static final String META_SCHEMA =
      """
      {"type": "object", "description": "ObjectMeta is metadata that all persisted resources must have.",
       "properties": {
        "name": {"type": "string", "description": "Name must be unique within a namespace."},
        "generateName": {"type": "string", "description": "A prefix for a unique name that the server makes up."},
        "namespace": {"type": "string", "description": "The space within which the name must be unique."},
        "uid": {"type": "string", "description": "Identifies this object in time and space; set by the server."},
        "resourceVersion": {"type": "string", "description": "The state of the object; opaque, set by the server."},
        "generation": {"type": "integer", "format": "int64", "description": "Counts changes of the wish; set by the server."},
        "creationTimestamp": {"type": "string", "format": "date-time", "description": "Set by the server."},
        "deletionTimestamp": {"type": "string", "format": "date-time", "description": "Since when the object is going; set by the server."},
        "deletionGracePeriodSeconds": {"type": "integer", "format": "int64"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}, "description": "What selectors look at."},
        "annotations": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Not queryable; for tools."},
        "finalizers": {"type": "array", "items": {"type": "string"}, "description": "Who has still to clean up before the object goes."},
        "ownerReferences": {"type": "array", "description": "The objects this one goes with.", "items": {"type": "object",
          "required": ["apiVersion", "kind", "name", "uid"], "properties": {
           "apiVersion": {"type": "string"}, "kind": {"type": "string"}, "name": {"type": "string"}, "uid": {"type": "string"},
           "controller": {"type": "boolean"}, "blockOwnerDeletion": {"type": "boolean"}}}},
        "managedFields": {"type": "array", "description": "Who set which fields.", "items": {"type": "object"}},
        "selfLink": {"type": "string"}}}
      """;

  private final Api api;

  OpenApiSchemas(Api api) {
    this.api = api;
  }

  /// The schemas of the selected types, by name.
  ///
  /// @param root before a name in a reference
  ObjectNode of(Predicate<ResourceType> selected, String root) {
    var all = Json.object();
    all.set(META, Json.parse(META_SCHEMA));
    for (var type : api.types()) {
      if (selected.test(type)) {
        all.set(name(type), schema(type, root));
      }
    }
    return all;
  }

  private ObjectNode schema(ResourceType type, String root) {
    var schema =
        api.schema(type)
            .map(one -> one.toJson())
            .orElseGet(() -> Json.object().put("type", "object"));
    var fields = schema.withObjectProperty("properties");
    var meta = Json.object();
    meta.put("description", "Standard object metadata.");
    meta.putArray("allOf").addObject().put("$ref", root + META);
    fields.set(
        "metadata", root.equals(OpenApi.V2_ROOT) ? Json.object().put("$ref", root + META) : meta);
    if (!fields.has("kind")) {
      fields.putObject("apiVersion").put("type", "string");
      fields.putObject("kind").put("type", "string");
    }
    schema.putArray(GVK).add(gvk(type));
    return schema;
  }

  static ObjectNode gvk(ResourceType type) {
    return Json.object()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  /// As kube-apiserver names the schemas of custom kinds; built-in ones likewise.
  static String name(ResourceType type) {
    List<String> parts = new ArrayList<>();
    if (type.group().isEmpty()) {
      parts.add("io.k8s.api.core");
    } else {
      parts.addAll(Arrays.asList(type.group().split("\\.")));
      Collections.reverse(parts);
    }
    return String.join(".", parts) + "." + type.version() + "." + type.kind();
  }

  /// Takes out of schemas what OpenAPI v2 cannot say; a field that is called like such a word
  /// stays.
  static void simplify(ObjectNode schemas) {
    schemas.forEach(each -> simplify(each));
  }

  private static void simplify(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      object.remove(List.of("allOf", "anyOf", "oneOf", "not", "nullable"));
      object.path("properties").forEach(each -> simplify(each));
      simplify(object.path("items"));
      simplify(object.path("additionalProperties"));
    }
  }
}
