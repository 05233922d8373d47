package io.nave.applications;

import io.nave.api.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects of the hub that a component delivers (spec §12.8): one by name, or those with labels,
/// always in the namespace of the application.
///
/// @param resource the plural, such as `configmaps`
/// @param version of the API; empty: whichever is served
/// @param name empty when labels are given
public record Reference(
    String group, String version, String resource, String name, Map<String, String> labels) {
  /// What the server adds, and what belongs to the object there and not to a copy.
  private static final List<String> SERVER_FIELDS =
      List.of(
          "resourceVersion",
          "generation",
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "managedFields",
          "ownerReferences",
          "finalizers",
          "selfLink",
          "namespace");

  public Reference {
    labels = Map.copyOf(labels);
  }

  /// Reads one element of a component's references.
  static Reference of(JsonNode given, String component) {
    var apiVersion = given.path("apiVersion").asString("");
    var slash = apiVersion.indexOf('/');
    var labels = new LinkedHashMap<String, String>();
    given
        .path("labelSelector")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
    var named = given.path("name").asString("");
    return new Reference(
        slash < 0 ? given.path("group").asString("") : apiVersion.substring(0, slash),
        apiVersion.substring(slash + 1),
        given.hasNonNull("resource")
            ? given.path("resource").asString("")
            : ObjectKinds.plural(given.path("kind").asString("")),
        named.isEmpty() && labels.isEmpty() ? component : named,
        labels);
  }

  /// The object as it is delivered: without what belongs to it on the hub alone.
  static ObjectNode cleaned(ObjectNode object) {
    var copy = object.deepCopy();
    copy.remove("status");
    var meta = copy.withObjectProperty("metadata");
    meta.remove(SERVER_FIELDS);
    if (meta.get("annotations") instanceof ObjectNode annotations) {
      annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    if (copy.path("kind").asString("").equals("Service")
        && copy.get("spec") instanceof ObjectNode spec
        && !spec.path("clusterIP").asString("").equals("None")) {
      spec.remove(List.of("clusterIP", "clusterIPs"));
    }
    return copy;
  }

  /// What a component refers to.
  static List<Reference> in(Blueprint.Bound component) {
    var field = component.definition().refers();
    return field.isEmpty()
        ? List.of()
        : component
            .parameter()
            .path(field)
            .valueStream()
            .map(given -> of(given, component.name()))
            .toList();
  }

  /// For messages.
  @Override
  public String toString() {
    return (group.isEmpty() ? resource : resource + "." + group)
        + " "
        + (name.isEmpty() ? Json.tree(labels).toString() : name);
  }
}
