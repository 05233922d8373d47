package io.nave.api.apply;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.schema.Shape;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The annotation in which `kubectl apply` without `--server-side` remembers what it applied: how
/// its users come over to server-side apply, and may go back.
final class LastApplied {
  private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  /// As in Kubernetes: all annotations of an object together.
  private static final int BYTES_MAX = 256 * 1024;

  private LastApplied() {}

  /// The fields that kubectl applied and that still are as it applied them: they are its own to
  /// take, whoever is said to own them.
  static FieldSet stillTrue(ObjectNode live, String apiVersion, Shape shape) {
    var text = annotation(live);
    if (text.isEmpty()) {
      return FieldSet.EMPTY;
    }
    JsonNode applied;
    try {
      applied = Json.parse(text);
    } catch (ApiError e) {
      return FieldSet.EMPTY; // somebody wrote something else there
    }
    if (!applied.path("apiVersion").asString("").equals(apiVersion)) {
      return FieldSet.EMPTY;
    }
    var since = Difference.between(applied, live, shape);
    return FieldSets.of(applied, shape).minus(since.said()).minus(since.removed());
  }

  /// Has the annotation, where there is one, say what kubectl applied now.
  static void keepUp(ObjectNode object, ObjectNode config) {
    if (annotation(object).isEmpty()) {
      return;
    }
    var applied = config.deepCopy();
    if (applied.path("metadata").path("annotations") instanceof ObjectNode own) {
      own.remove(ANNOTATION);
    }
    var annotations = object.withObjectProperty("metadata").withObjectProperty("annotations");
    annotations.put(ANNOTATION, Json.text(applied) + "\n");
    if (Json.text(annotations).getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      annotations.remove(ANNOTATION);
    }
  }

  private static String annotation(ObjectNode object) {
    return object.path("metadata").path("annotations").path(ANNOTATION).asString("");
  }
}
