package io.nave.apiserver.rbac;

import io.nave.api.Absent;

/// Whom a binding gives its role; as in `rbac.authorization.k8s.io/v1`.
///
/// @param kind `User`, `Group` or `ServiceAccount`
/// @param namespace of a service account
public record Subject(String kind, String apiGroup, String name, String namespace) {
  public Subject {
    kind = Absent.toEmpty(kind);
    apiGroup = Absent.toEmpty(apiGroup);
    name = Absent.toEmpty(name);
    namespace = Absent.toEmpty(namespace);
  }

  public static Subject user(String name) {
    return new Subject("User", RoleRef.GROUP, name, "");
  }

  public static Subject group(String name) {
    return new Subject("Group", RoleRef.GROUP, name, "");
  }

  /// How a [io.nave.apiserver.Caller] is looked up: `User:name` or `Group:name`.
  ///
  /// @param home the binding's namespace, for service accounts that name none
  String id(String home) {
    return switch (kind) {
      case "User" -> userId(name);
      case "Group" -> groupId(name);
      case "ServiceAccount" ->
          userId("system:serviceaccount:" + (namespace.isEmpty() ? home : namespace) + ":" + name);
      default -> "";
    };
  }

  static String userId(String name) {
    return "User:" + name;
  }

  static String groupId(String name) {
    return "Group:" + name;
  }
}
