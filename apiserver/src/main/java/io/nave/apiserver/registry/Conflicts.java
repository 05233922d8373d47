package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.util.Objects;

/// The refusals of writes that do not fit the present state, in Kubernetes' words.
final class Conflicts {
  private Conflicts() {}

  static ApiError modified(ResourceType type, String name) {
    return ApiError.conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static ApiError uid(ResourceType type, ApiObject present, String wanted) {
    return ApiError.conflict(
        type,
        present.name(),
        "Precondition failed: UID in precondition: "
            + wanted
            + ", UID in object meta: "
            + present.uid());
  }

  /// The store takes no writes now.
  static ApiError unavailable(RuntimeException why) {
    return ApiError.unavailable(Objects.requireNonNullElse(why.getMessage(), why.toString()));
  }

  /// @throws ApiError Conflict when the object is not what the preconditions ask for
  static void check(ResourceType type, ApiObject present, Api.Preconditions wanted) {
    var uid = wanted.uid();
    if (uid != null && !uid.isEmpty() && !uid.equals(present.uid())) {
      throw uid(type, present, uid);
    }
    var revision = wanted.resourceVersion();
    if (revision != null && !revision.isEmpty() && !revision.equals(present.resourceVersion())) {
      throw ApiError.conflict(
          type,
          present.name(),
          "Precondition failed: ResourceVersion in precondition: "
              + revision
              + ", ResourceVersion in object meta: "
              + present.resourceVersion());
    }
  }
}
