package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.util.List;
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

  /// An update that does not say which state it replaces. Upstream names the resource here.
  static ApiError unread(ResourceType type, String name) {
    var byResource =
        ResourceType.of(
            type.group(), type.version(), type.plural(), type.plural(), type.namespaced());
    var cause =
        new ApiError.Cause(
            "FieldValueInvalid",
            "metadata.resourceVersion",
            "Invalid value: 0x0: must be specified for an update");
    return ApiError.invalid(byResource, name, List.of(cause));
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

  /// The store takes deletes only.
  static ApiError full(RuntimeException why) {
    return ApiError.insufficientStorage(
        Objects.requireNonNullElse(why.getMessage(), why.toString()));
  }

  /// @throws ApiError Conflict when the object is not what the preconditions ask for
  static void check(ResourceType type, ApiObject present, Api.Preconditions wanted) {
    var uid = wanted.uid();
    if (uid != null && !uid.isEmpty() && !uid.equals(present.uid())) {
      throw gone(
          type,
          present,
          "the UID in the precondition (%s) does not match the UID in record (%s). The object might"
              + " have been deleted and then recreated",
          uid,
          present.uid());
    }
    var revision = wanted.resourceVersion();
    if (revision != null && !revision.isEmpty() && !revision.equals(present.resourceVersion())) {
      throw gone(
          type,
          present,
          "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record"
              + " (%s). The object might have been modified",
          revision,
          present.resourceVersion());
    }
  }

  /// Upstream names the kind here, where elsewhere it names the resource.
  private static ApiError gone(
      ResourceType type, ApiObject present, String why, String wanted, String found) {
    var byKind =
        ResourceType.of(type.group(), type.version(), type.kind(), type.kind(), type.namespaced());
    return ApiError.conflict(byKind, present.name(), why.formatted(wanted, found));
  }
}
