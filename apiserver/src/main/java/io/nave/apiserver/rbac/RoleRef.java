package io.nave.apiserver.rbac;

import io.nave.api.Absent;

/// The role of a binding.
///
/// @param kind `ClusterRole` or, within a namespace, `Role`
public record RoleRef(String apiGroup, String kind, String name) {
  static final String GROUP = "rbac.authorization.k8s.io";

  public RoleRef {
    apiGroup = Absent.toEmpty(apiGroup);
    kind = Absent.toEmpty(kind);
    name = Absent.toEmpty(name);
  }

  public static RoleRef toClusterRole(String name) {
    return new RoleRef(GROUP, "ClusterRole", name);
  }

  public static RoleRef toRole(String name) {
    return new RoleRef(GROUP, "Role", name);
  }
}
