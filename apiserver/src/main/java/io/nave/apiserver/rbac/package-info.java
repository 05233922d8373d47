/// Who may do what: roles and their bindings, as Kubernetes' `rbac.authorization.k8s.io/v1` has
/// them.
///
/// Start at [Rbac], the authorizer; `RoleIndex` is what it knows, [PolicyRule] decides one rule.
/// [Role], [ClusterRole], [RoleBinding] and [ClusterRoleBinding] are the kinds, [RbacKinds] serves
/// them, `Escalation` guards who may write them, [DefaultRoles] are there from the start, and are
/// completed by [Reconciliation].
@NullMarked
package io.nave.apiserver.rbac;

import org.jspecify.annotations.NullMarked;
