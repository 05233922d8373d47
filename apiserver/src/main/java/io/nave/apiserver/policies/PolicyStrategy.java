package io.nave.apiserver.policies;

import io.nave.api.Codec;
import io.nave.api.cel.CelEnvironment;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.matching.Conditions;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.Strategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// Policies: their expressions compile, or they are refused.
final class PolicyStrategy implements Strategy {
  private static final List<String> REASONS =
      List.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized");
  private static final Pattern IDENTIFIER = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");

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
    var spec = Codec.decode(request.object(), ValidatingAdmissionPolicy.class).spec();
    var params = spec.paramKind();
    if (params != null && params.apiVersion().isEmpty()) {
      faults.required("spec.paramKind.apiVersion", "");
    }
    if (params != null && params.kind().isEmpty()) {
      faults.required("spec.paramKind.kind", "");
    }
    var constraints = spec.matchConstraints();
    if (constraints == null) {
      faults.required("spec.matchConstraints", "");
    } else if (constraints.resourceRules().isEmpty()) {
      faults.required("spec.matchConstraints.resourceRules", "");
    } else {
      constraints.validate("spec.matchConstraints", faults);
    }
    if (spec.validations().isEmpty() && spec.auditAnnotations().isEmpty()) {
      faults.required(
          "spec.validations", "validations or auditAnnotations must contain at least one item");
    }
    expressions(spec, CompiledPolicy.SCOPE, faults);
  }

  private static void expressions(
      ValidatingAdmissionPolicy.Spec spec, CelEnvironment scope, Faults faults) {
    Conditions.validate(spec.matchConditions(), scope, "spec.matchConditions", faults);
    var names = new HashSet<String>();
    for (var i = 0; i < spec.variables().size(); i++) {
      var at = "spec.variables[" + i + "]";
      var variable = spec.variables().get(i);
      if (!IDENTIFIER.matcher(variable.name()).matches()) {
        faults.invalid(at + ".name", variable.name(), "name is not a valid CEL identifier");
      } else if (!names.add(variable.name())) {
        faults.invalid(at + ".name", variable.name(), "must be unique");
      }
      Conditions.expression(variable.expression(), "", scope, at + ".expression", faults);
      laterOnes(variable.expression(), spec, i, at, faults);
    }
    for (var i = 0; i < spec.validations().size(); i++) {
      check(spec.validations().get(i), scope, "spec.validations[" + i + "]", faults);
    }
    var keys = new HashSet<String>();
    for (var i = 0; i < spec.auditAnnotations().size(); i++) {
      var at = "spec.auditAnnotations[" + i + "]";
      var annotation = spec.auditAnnotations().get(i);
      if (annotation.key().isEmpty()) {
        faults.required(at + ".key", "");
      } else if (!keys.add(annotation.key())) {
        faults.invalid(at + ".key", annotation.key(), "must be unique");
      }
      Conditions.expression(
          annotation.valueExpression(), "string", scope, at + ".valueExpression", faults);
    }
  }

  /// A variable may read those before it: so they end.
  private static void laterOnes(
      String source, ValidatingAdmissionPolicy.Spec spec, int index, String at, Faults faults) {
    var later = new ArrayList<String>();
    spec.variables().subList(index, spec.variables().size()).forEach(v -> later.add(v.name()));
    for (var name : CompiledPolicy.variablesIn(source)) {
      if (later.contains(name)) {
        faults.invalid(
            at + ".expression",
            source,
            "compilation failed: undefined field '" + name + "': variables read those before them");
      }
    }
  }

  private static void check(
      ValidatingAdmissionPolicy.Check check, CelEnvironment scope, String at, Faults faults) {
    Conditions.expression(check.expression(), "bool", scope, at + ".expression", faults);
    if (!check.messageExpression().isEmpty()) {
      Conditions.expression(
          check.messageExpression(), "string", scope, at + ".messageExpression", faults);
    }
    if (check.message().indexOf('\n') >= 0) {
      faults.invalid(at + ".message", check.message(), "message must not contain line breaks");
    } else if (check.message().isEmpty() && check.expression().indexOf('\n') >= 0) {
      faults.required(
          at + ".message", "message must be specified if expression contains line breaks");
    }
    if (!check.reason().isEmpty() && !REASONS.contains(check.reason())) {
      faults.notSupported(at + ".reason", check.reason(), REASONS);
    }
  }
}
