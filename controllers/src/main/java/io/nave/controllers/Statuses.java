package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Meta;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Writes of `status`: only what changed, only when something did, and only onto the object that
/// was read.
public final class Statuses {
  private Statuses() {}

  /// The object that was decided about, to write onto. Caches go on while a decision is made: what
  /// was decided of an older object must not be written onto a newer one, whose status it would
  /// take back.
  ///
  /// @param current as the cache has it now
  /// @param read of the object that was decided about
  /// @throws ApiError Conflict when it went, was changed or replaced: read again and decide again
  public static ApiObject asRead(ResourceType type, Optional<ApiObject> current, Meta read) {
    return current
        .filter(now ->
            now.uid().equals(read.uid()) && now.resourceVersion().equals(read.resourceVersion()))
        .orElseThrow(
            () -> ApiError.conflict(type, read.name(), "it was changed since it was read"));
  }

  /// Makes the status of an object what it should be.
  ///
  /// @param current as read; the write is refused when it was changed or replaced since
  /// @param status the whole status wanted; what it lacks is removed
  /// @return as stored, or empty when nothing had to change
  /// @throws ApiError Conflict: read again and decide again
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
