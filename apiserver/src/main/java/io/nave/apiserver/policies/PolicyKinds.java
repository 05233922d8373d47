package io.nave.apiserver.policies;

import io.nave.api.ApiObject;
import io.nave.apiserver.registry.ServedType;
import java.util.List;

/// The kinds of admission policies.
public final class PolicyKinds {
  private PolicyKinds() {}

  /// In the order of discovery.
  public static List<ServedType> all() {
    return List.of(
        ServedType.of(ValidatingAdmissionPolicy.class, new PolicyStrategy())
            .withColumns(PolicyKinds::policyCells),
        ServedType.of(ValidatingAdmissionPolicyBinding.class, new BindingStrategy())
            .withColumns(PolicyKinds::bindingCells));
  }

  private static List<Object> policyCells(ApiObject policy) {
    var kind = policy.at("/spec/paramKind");
    return List.of(
        policy.at("/spec/validations").size(),
        kind.isMissingNode()
            ? "<unset>"
            : kind.path("apiVersion").asString("") + "/" + kind.path("kind").asString(""));
  }

  private static List<Object> bindingCells(ApiObject binding) {
    var params = binding.at("/spec/paramRef");
    var namespace = params.path("namespace").asString("");
    var name = params.path("name").asString("*");
    return List.of(
        params.isMissingNode() ? "<unset>" : namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
