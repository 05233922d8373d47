package io.nave.apiserver.rbac;

import io.nave.api.ResourceType;
import io.nave.apiserver.registry.ServedType;
import java.util.List;

/// The kinds of role-based access control, as a server serves them.
public final class RbacKinds {
  private RbacKinds() {}

  /// @param rbac what the roles and bindings are looked up in
  public static List<ServedType> all(Rbac rbac) {
    var escalation = new Escalation(rbac);
    var role = new RoleStrategy(escalation);
    var binding = new BindingStrategy(escalation);
    return List.of(
        ServedType.of(ClusterRole.class, role),
        ServedType.of(ClusterRoleBinding.class, binding).withColumns(BindingStrategy::cells),
        ServedType.of(Role.class, role),
        ServedType.of(RoleBinding.class, binding).withColumns(BindingStrategy::cells),
        ServedType.of(
            ResourceType.of(
                "authorization.k8s.io",
                "v1",
                "SelfSubjectRulesReview",
                "selfsubjectrulesreviews",
                false),
            new RulesReview(rbac)));
  }
}
