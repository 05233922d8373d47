package io.nave.controllers;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Writes of `status`: only what changed, only when something did, and only onto the object that
/// was read.
public final class Statuses {
  private Statuses() {}

  /// Makes the status of an object what it should be.
  ///
  /// @param current as read; the write is refused when it was changed or replaced since
  /// @param status the whole status wanted; what it lacks is removed
  /// @return as stored, or empty when nothing had to change
  /// @throws io.nave.api.ApiError Conflict: read again and decide again
  public static Optional<ApiObject> patch(
      ApiClient client, ResourceType type, ApiObject current, ObjectNode status) {
    return plan(current, status).map(p -> client.patch(type, current.key(), "status", p));
  }

  /// The patch of [#patch], for a series of writes; empty when nothing has to change.
  public static Optional<Patch> plan(ApiObject current, ObjectNode status) {
    var diff = MergeDiff.between(current.status(), status);
    if (diff.isEmpty() && current.status().isObject()) {
      return Optional.empty();
    }
    if (diff.isEmpty() && status.isEmpty()) {
      return Optional.empty();
    }
    var body = Json.object();
    body.putObject("metadata")
        .put("uid", current.uid())
        .put("resourceVersion", current.resourceVersion());
    body.set("status", diff);
    return Optional.of(new Patch(Patch.Form.MERGE, body));
  }
}
