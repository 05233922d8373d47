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
import tools.jackson.databind.node.ObjectNode;

/// RoleBindings and ClusterRoleBindings.
final class BindingStrategy implements Strategy {
  private final Escalation escalation;

  BindingStrategy(Escalation escalation) {
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
    var next = request.object().edit(BindingStrategy::fillGroups);
    var old = request.old();
    var same =
        old != null
            && Json.same(old.at("/roleRef"), next.at("/roleRef"))
            && Json.same(old.at("/subjects"), next.at("/subjects"));
    if (!same) {
      escalation.checkBinding(request.with(next), Codec.decode(next.at("/roleRef"), RoleRef.class));
    }
    return next;
  }

  /// The API groups that clients may leave out.
  private static void fillGroups(ObjectNode binding) {
    if (binding.get("roleRef") instanceof ObjectNode role) {
      fillGroup(role);
    }
    for (var node : binding.path("subjects")) {
      var kind = node.path("kind").asString("");
      if (node instanceof ObjectNode subject && (kind.equals("User") || kind.equals("Group"))) {
        fillGroup(subject);
      }
    }
  }

  private static void fillGroup(ObjectNode node) {
    if (node.path("apiGroup").asString("").isEmpty()) {
      node.put("apiGroup", RoleRef.GROUP);
    }
  }

  @Override
  public void validate(Request request, Faults faults) {
    var binding = request.object();
    var role = Codec.decode(binding.at("/roleRef"), RoleRef.class);
    var kinds =
        request.type().namespaced() ? List.of("ClusterRole", "Role") : List.of("ClusterRole");
    if (!role.apiGroup().equals(RoleRef.GROUP)) {
      faults.notSupported("roleRef.apiGroup", role.apiGroup(), List.of(RoleRef.GROUP));
    }
    if (!kinds.contains(role.kind())) {
      faults.notSupported("roleRef.kind", role.kind(), kinds);
    }
    if (role.name().isEmpty()) {
      faults.required("roleRef.name", "");
    }
    var old = request.old();
    if (old != null && !Json.same(old.at("/roleRef"), binding.at("/roleRef"))) {
      faults.invalid("roleRef", Json.text(binding.at("/roleRef")), "cannot change roleRef");
    }
    checkSubjects(request, faults);
  }

  private static void checkSubjects(Request request, Faults faults) {
    var index = 0;
    for (var node : request.object().at("/subjects")) {
      var path = "subjects[" + index++ + "]";
      var subject = Codec.decode(node, Subject.class);
      if (subject.name().isEmpty()) {
        faults.required(path + ".name", "");
      }
      switch (subject.kind()) {
        case "User", "Group" -> {
          if (!subject.apiGroup().equals(RoleRef.GROUP)) {
            faults.notSupported(path + ".apiGroup", subject.apiGroup(), List.of(RoleRef.GROUP));
          }
        }
        case "ServiceAccount" -> {
          if (subject.namespace().isEmpty() && !request.type().namespaced()) {
            faults.required(path + ".namespace", "");
          }
        }
        default ->
            faults.notSupported(
                path + ".kind", subject.kind(), List.of("Group", "ServiceAccount", "User"));
      }
    }
  }

  /// Role, users, groups and service accounts, as `kubectl get` shows them.
  static List<Object> cells(ApiObject binding) {
    var role = Codec.decode(binding.at("/roleRef"), RoleRef.class);
    var cells = new ArrayList<Object>();
    cells.add(role.kind() + "/" + role.name());
    for (var kind : new String[] {"User", "Group", "ServiceAccount"}) {
      cells.add(names(binding, kind));
    }
    return cells;
  }

  private static String names(ApiObject binding, String kind) {
    var names = new ArrayList<String>();
    for (var node : binding.at("/subjects")) {
      var subject = Codec.decode(node, Subject.class);
      if (subject.kind().equals(kind)) {
        names.add(
            kind.equals("ServiceAccount")
                ? subject.namespace() + "/" + subject.name()
                : subject.name());
      }
    }
    return String.join(", ", names);
  }
}
