package io.nave.apiserver.rbac;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.NameRule;
import io.nave.apiserver.registry.Strategy;
import java.util.ArrayList;
import java.util.List;

/// Roles and ClusterRoles.
final class RoleStrategy implements Strategy {
  /// What an aggregated role may come to grant.
  private static final List<PolicyRule> EVERYTHING =
      List.of(
          PolicyRule.on("*", List.of("*"), List.of("*")),
          PolicyRule.onPaths(List.of("*"), List.of("*")));

  private final Escalation escalation;

  RoleStrategy(Escalation escalation) {
    this.escalation = escalation;
  }

  @Override
  public boolean createsOnUpdate() {
    return true;
  }

  @Override
  public NameRule names() {
    return NameRule.PATH_SEGMENT;
  }

  @Override
  public boolean builtIn() {
    return true;
  }

  @Override
  public ApiObject prepare(Request request) {
    var old = request.old();
    if (old == null || !sameGrant(old, request.object())) {
      escalation.checkRole(request, granted(request.object()));
    }
    return request.object();
  }

  private static boolean sameGrant(ApiObject old, ApiObject next) {
    return Json.same(old.at("/rules"), next.at("/rules"))
        && Json.same(old.at("/aggregationRule"), next.at("/aggregationRule"));
  }

  private static List<PolicyRule> granted(ApiObject role) {
    var rules = new ArrayList<PolicyRule>();
    role.at("/rules").forEach(rule -> rules.add(Codec.decode(rule, PolicyRule.class)));
    if (role.at("/aggregationRule").isObject()) {
      rules.addAll(EVERYTHING);
    }
    return rules;
  }

  @Override
  public void validate(Request request, Faults faults) {
    var index = 0;
    for (var node : request.object().at("/rules")) {
      var rule = Codec.decode(node, PolicyRule.class);
      var path = "rules[" + index++ + "]";
      if (rule.verbs().isEmpty()) {
        faults.required(path + ".verbs", "verbs must contain at least one value");
      }
      if (rule.nonResourceURLs().isEmpty()) {
        checkResources(rule, path, faults);
      } else {
        checkPaths(rule, path, request, faults);
      }
    }
  }

  private static void checkResources(PolicyRule rule, String path, Faults faults) {
    if (rule.apiGroups().isEmpty()) {
      faults.required(path + ".apiGroups", "resource rules must supply at least one api group");
    }
    if (rule.resources().isEmpty()) {
      faults.required(path + ".resources", "resource rules must supply at least one resource");
    }
  }

  private static void checkPaths(PolicyRule rule, String path, Request request, Faults faults) {
    if (request.type().namespaced()) {
      faults.invalid(
          path + ".nonResourceURLs",
          rule.nonResourceURLs(),
          "namespaced rules cannot apply to non-resource URLs");
    } else if (!rule.apiGroups().isEmpty()
        || !rule.resources().isEmpty()
        || !rule.resourceNames().isEmpty()) {
      faults.invalid(
          path + ".nonResourceURLs",
          rule.nonResourceURLs(),
          "rules cannot apply to both regular resources and non-resource URLs");
    }
  }
}
