package io.nave.api.schema;

import io.nave.api.Json;
import tools.jackson.databind.node.ObjectNode;

/// Schemas of the types that Kubernetes' kinds share. Looser than upstream's in one point: of a
/// condition only `type` and `status` must be there.
final class SharedSchemas {
  private static final String CONDITION =
      """
      {"type": "object", "required": ["type", "status"], "properties": {
        "type": {"type": "string", "maxLength": 316, "description": "CamelCase, or domain/CamelCase.",
          "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"},
        "status": {"type": "string", "enum": ["True", "False", "Unknown"]},
        "reason": {"type": "string", "maxLength": 1024, "description": "Why, for programs.",
          "pattern": "^([A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?)?$"},
        "message": {"type": "string", "maxLength": 32768, "description": "Why, for people."},
        "lastTransitionTime": {"type": "string", "format": "date-time",
          "description": "When the status last changed."},
        "observedGeneration": {"type": "integer", "format": "int64", "minimum": 0,
          "description": "The generation of the object this is about."}}}
      """;

  private static final String LABEL_SELECTOR =
      """
      {"type": "object", "x-kubernetes-map-type": "atomic", "properties": {
        "matchLabels": {"type": "object", "additionalProperties": {"type": "string"},
          "description": "Labels that must have these values."},
        "matchExpressions": {"type": "array", "x-kubernetes-list-type": "atomic",
          "description": "Requirements that must all hold.",
          "items": {"type": "object", "required": ["key", "operator"], "properties": {
            "key": {"type": "string"},
            "operator": {"type": "string", "description": "In, NotIn, Exists or DoesNotExist."},
            "values": {"type": "array", "x-kubernetes-list-type": "atomic",
              "items": {"type": "string"}}}}}}}
      """;

  private SharedSchemas() {}

  static ObjectNode condition() {
    return (ObjectNode) Json.parse(CONDITION);
  }

  static ObjectNode labelSelector() {
    return (ObjectNode) Json.parse(LABEL_SELECTOR);
  }
}
