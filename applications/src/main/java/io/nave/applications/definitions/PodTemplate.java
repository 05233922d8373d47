package io.nave.applications.definitions;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Finds the template of the pods that an object runs: `spec.template`, `spec.jobTemplate.spec
/// .template`, the object itself when it is a Pod, or where its definition says.
public final class PodTemplate {
  private static final List<String> TEMPLATE = List.of("spec", "template");
  private static final List<String> JOB_TEMPLATE =
      List.of("spec", "jobTemplate", "spec", "template");

  private PodTemplate() {}

  /// The template within the object; null when it runs no pods.
  ///
  /// @param podSpecPath `podSpecPath` of a ComponentDefinition, such as `spec.template.spec`; may
  ///   be empty
  public static @Nullable ObjectNode of(ObjectNode object, String podSpecPath) {
    var path = path(object, podSpecPath);
    return path == null ? null : at(object, path);
  }

  private static @Nullable List<String> path(ObjectNode object, String podSpecPath) {
    if (!podSpecPath.isEmpty()) {
      var names = List.of(podSpecPath.split("\\."));
      var template = names.subList(0, names.size() - 1);
      return at(object, template) == null ? null : template;
    }
    if (object.path("kind").asString("").equals("Pod")) {
      return List.of();
    }
    if (at(object, JOB_TEMPLATE) != null) {
      return JOB_TEMPLATE;
    }
    return at(object, TEMPLATE) == null ? null : TEMPLATE;
  }

  private static @Nullable ObjectNode at(ObjectNode object, List<String> path) {
    JsonNode found = object;
    for (var name : path) {
      found = found.path(name);
    }
    return found instanceof ObjectNode template ? template : null;
  }

  /// A copy of the object whose pod template has `body` laid over it.
  ///
  /// @throws RenderFault when it has no pod template, or the body does not fit
  static ObjectNode edit(ObjectNode object, String podSpecPath, JsonNode body) {
    var path = path(object, podSpecPath);
    if (path == null) {
      throw new RenderFault(
          "needs an object that runs pods; %s %s has no pod template"
              .formatted(
                  object.path("kind").asString(""),
                  object.path("metadata").path("name").asString("")));
    }
    var copy = object.deepCopy();
    if (path.isEmpty()) {
      return Overlay.ofPods().lay(copy, body);
    }
    var parent = at(copy, path.subList(0, path.size() - 1));
    var template = at(copy, path);
    if (parent != null && template != null) {
      parent.set(path.getLast(), Overlay.ofPods().lay(template, body));
    }
    return copy;
  }
}
