package io.nave.apiserver.rbac;

import io.nave.api.ApiError;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/// Nobody grants what they do not have: roles and bindings are refused where they would give more
/// than their author holds, unless the author may `escalate` that role or `bind` it.
final class Escalation {
  private final Rbac rbac;

  Escalation(Rbac rbac) {
    this.rbac = rbac;
  }

  /// @throws ApiError Forbidden, listing the rules that are not held
  void checkRole(Request request, List<PolicyRule> granted) {
    var type = request.type();
    if (!mayAnyway(request, "escalate", type.plural(), request.object().name())) {
      checkHeld(request, granted);
    }
  }

  /// @throws ApiError Forbidden, listing the rules that are not held
  void checkBinding(Request request, RoleRef role) {
    var plural = role.kind().equals("Role") ? "roles" : "clusterroles";
    if (!mayAnyway(request, "bind", plural, role.name())) {
      checkHeld(request, rbac.index().rules(role, request.object().namespace()));
    }
  }

  private static boolean mayAnyway(Request request, String verb, String plural, String name) {
    return request.caller().groups().contains(Caller.MASTERS)
        || request.may(
            new Api.Attributes(
                verb, RoleRef.GROUP, plural, "", request.object().namespace(), name, ""));
  }

  private void checkHeld(Request request, List<PolicyRule> granted) {
    var held = rbac.index().rules(request.caller(), request.object().namespace());
    var missing = new ArrayList<PolicyRule>();
    for (var rule : granted) {
      for (var atom : rule.atoms()) {
        if (held.stream().noneMatch(own -> own.covers(atom))) {
          missing.add(atom);
        }
      }
    }
    if (!missing.isEmpty()) {
      throw ApiError.forbidden(
          request.type(), request.object().name(), denial(request.caller(), missing));
    }
  }

  private static String denial(Caller caller, List<PolicyRule> missing) {
    var lines = new StringJoiner("\n");
    missing.forEach(rule -> lines.add(rule.toString()));
    return "user \""
        + caller.user()
        + "\" (groups=[\""
        + String.join("\" \"", caller.groups())
        + "\"]) is attempting to grant RBAC permissions not currently held:\n"
        + lines;
  }
}
