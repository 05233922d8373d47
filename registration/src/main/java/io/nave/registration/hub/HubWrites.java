package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import java.util.List;

/// Commits what a reconciler decided.
final class HubWrites {
  private HubWrites() {}

  /// All or none.
  ///
  /// @throws ApiError Conflict when the decision was made on old ground, also where something was
  ///   created that the cache did not show yet: decide again
  static void commit(ApiClient client, List<Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    try {
      client.commit(writes);
    } catch (ApiError e) {
      throw e.is(ApiError.Reason.ALREADY_EXISTS) ? onOldGround(writes, e) : e;
    }
  }

  /// The objects of a namespace; none where the hub does not have the kind.
  static List<ApiObject> listIfServed(ApiClient client, ResourceType type, String namespace) {
    try {
      return client.list(type, namespace, Selection.all()).items();
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return List.of();
      }
      throw e;
    }
  }

  private static ApiError onOldGround(List<Write> writes, ApiError fault) {
    for (var write : writes) {
      if (write instanceof Write.Create(var type, var object)) {
        return ApiError.conflict(type, object.name(), "it was created in between");
      }
    }
    return fault;
  }
}
