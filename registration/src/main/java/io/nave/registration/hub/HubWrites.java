package io.nave.registration.hub;

import io.nave.api.ApiError;
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

  private static ApiError onOldGround(List<Write> writes, ApiError fault) {
    for (var write : writes) {
      if (write instanceof Write.Create(var type, var object)) {
        return ApiError.conflict(type, object.name(), "it was created in between");
      }
    }
    return fault;
  }
}
