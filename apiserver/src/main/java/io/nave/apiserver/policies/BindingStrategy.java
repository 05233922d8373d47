package io.nave.apiserver.policies;

import io.nave.api.Codec;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.Strategy;

/// Bindings of policies.
final class BindingStrategy implements Strategy {
  @Override
  public boolean builtIn() {
    return true;
  }

  @Override
  public boolean countsGenerations() {
    return true;
  }

  @Override
  public void validate(Request request, Faults faults) {
    if (!faults.isEmpty()) {
      return; // it has no form that could be read
    }
    var spec = Codec.decode(request.object(), ValidatingAdmissionPolicyBinding.class).spec();
    if (spec.policyName().isEmpty()) {
      faults.required("spec.policyName", "");
    }
    var actions = spec.validationActions();
    if (actions.isEmpty()) {
      faults.required("spec.validationActions", "at least one validation action is required");
    } else if (actions.contains("Deny") && actions.contains("Warn")) {
      faults.invalid(
          "spec.validationActions",
          actions,
          "must not contain both Deny and Warn (repeating the same validation failure information"
              + " in the API response and headers serves no purpose)");
    }
    var params = spec.paramRef();
    if (params != null) {
      if (params.name().isEmpty() == (params.selector() == null)) {
        faults.forbidden(
            "spec.paramRef.name", "name and selector are mutually exclusive, and one is needed");
      }
      if (params.parameterNotFoundAction() == null) {
        faults.required("spec.paramRef.parameterNotFoundAction", "");
      }
    }
    var match = spec.matchResources();
    if (match != null) {
      match.validate("spec.matchResources", faults);
    }
  }
}
