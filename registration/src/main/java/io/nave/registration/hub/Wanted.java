package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An object that this hub keeps as it should be: the labels, finalizers and fields it names. What
/// others add beside them stays.
///
/// @param object what it should be
record Wanted(ResourceType type, ApiObject object) {
  private static final Set<String> HEAD = Set.of("apiVersion", "kind", "metadata", "status");

  /// The write that makes it so.
  ///
  /// @param present as it is now; null when there is none
  /// @return empty when it is so already, or when it first has to go: its end wakes the reconciler
  Optional<Write> toward(@Nullable ApiObject present) {
    if (present == null) {
      return Optional.of(new Write.Create(type, object));
    }
    if (present.deleting()) {
      return Optional.empty();
    }
    // The API server does not let a binding's role be changed.
    var role = object.json().get("roleRef");
    if (role != null && !role.equals(present.json().get("roleRef"))) {
      return Optional.of(new Write.Delete(type, present.key(), present.uid()));
    }
    var body = difference(present);
    return body.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Write.Change(
                type, present.key(), "", new Patch(Patch.Form.MERGE, on(present, body))));
  }

  private ObjectNode difference(ApiObject present) {
    var body = Json.object();
    for (var field : object.json().properties()) {
      var before = present.json().get(field.getKey());
      if (!HEAD.contains(field.getKey())
          && (before == null || !Json.same(field.getValue(), before))) {
        body.set(field.getKey(), field.getValue().deepCopy());
      }
    }
    var labels = Json.object();
    object
        .labels()
        .forEach((name, value) -> {
          if (!value.equals(present.labels().get(name))) {
            labels.put(name, value);
          }
        });
    if (!labels.isEmpty()) {
      body.withObjectProperty("metadata").set("labels", labels);
    }
    if (!present.finalizers().containsAll(object.finalizers())) {
      var all = new LinkedHashSet<>(present.finalizers());
      all.addAll(object.finalizers());
      all.forEach(body.withObjectProperty("metadata").putArray("finalizers")::add);
    }
    return body;
  }

  private static ObjectNode on(ApiObject present, ObjectNode body) {
    body.withObjectProperty("metadata")
        .put("uid", present.uid())
        .put("resourceVersion", present.resourceVersion());
    return body;
  }

  /// The write that takes finalizers off, for objects that have them.
  static Optional<Write> release(ResourceType type, ApiObject present, List<String> finalizers) {
    if (present.finalizers().stream().noneMatch(finalizers::contains)) {
      return Optional.empty();
    }
    var body = Json.object();
    var left = body.withObjectProperty("metadata").putArray("finalizers");
    present.finalizers().stream().filter(f -> !finalizers.contains(f)).forEach(left::add);
    return Optional.of(
        new Write.Change(type, present.key(), "", new Patch(Patch.Form.MERGE, on(present, body))));
  }

  /// The write that deletes it; empty when it is on its way out already.
  static Optional<Write> remove(ResourceType type, ApiObject present) {
    return present.deleting()
        ? Optional.empty()
        : Optional.of(new Write.Delete(type, present.key(), present.uid()));
  }
}
