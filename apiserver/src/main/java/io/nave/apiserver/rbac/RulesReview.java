package io.nave.apiserver.rbac;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Strategy;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// SelfSubjectRulesReview: what the caller may do in a namespace; `kubectl auth can-i --list`.
final class RulesReview implements Strategy {
  private static final List<PolicyRule> MASTER =
      List.of(
          PolicyRule.on("*", List.of("*"), List.of("*")),
          PolicyRule.onPaths(List.of("*"), List.of("*")));

  private final Rbac rbac;

  RulesReview(Rbac rbac) {
    this.rbac = rbac;
  }

  @Override
  public boolean virtual() {
    return true;
  }

  @Override
  public ApiObject prepare(Request request) {
    var namespace = request.object().at("/spec/namespace").asString("");
    var caller = request.caller();
    var rules =
        caller.groups().contains(Caller.MASTERS) ? MASTER : rbac.index().rules(caller, namespace);
    return request
        .object()
        .edit(review -> {
          review.set("metadata", Json.object());
          answer(review.putObject("status"), rules);
        });
  }

  private static void answer(ObjectNode status, List<PolicyRule> rules) {
    var resources = status.putArray("resourceRules");
    var paths = status.putArray("nonResourceRules");
    for (var rule : rules) {
      if (rule.nonResourceURLs().isEmpty()) {
        var one = resources.addObject();
        fill(one.putArray("verbs"), rule.verbs());
        fill(one.putArray("apiGroups"), rule.apiGroups());
        fill(one.putArray("resources"), rule.resources());
        if (!rule.resourceNames().isEmpty()) {
          fill(one.putArray("resourceNames"), rule.resourceNames());
        }
      } else {
        var one = paths.addObject();
        fill(one.putArray("verbs"), rule.verbs());
        fill(one.putArray("nonResourceURLs"), rule.nonResourceURLs());
      }
    }
    status.put("incomplete", false);
  }

  private static void fill(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
