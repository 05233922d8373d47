package io.nave.apiserver.policies;

import io.nave.api.ResourceType;
import io.nave.api.cel.AuthorizerCel;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.KubernetesCel;
import io.nave.api.cel.TypedScope;
import io.nave.api.schema.Schema;
import io.nave.apiserver.matching.MatchResources.NamedRule;
import io.nave.apiserver.policies.ValidatingAdmissionPolicy.ParamKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Holds a policy's validations against the types of the kinds it names: a field that no object has
/// is found before an object is judged. Only kinds that are named one by one are looked at, as in
/// Kubernetes, and what their schemas leave open is right. Pure.
public final class TypeChecking {
  /// As in Kubernetes.
  private static final int KINDS_MAX = 10;

  /// What is doubtful of one expression.
  ///
  /// @param fieldRef such as `spec.validations[0].expression`
  /// @param warning the kinds with what CEL says of it
  public record Warning(String fieldRef, String warning) {}

  private final List<ResourceType> served;
  private final Function<ResourceType, Optional<Schema>> schemas;

  /// @param served all types
  /// @param schemas of these
  public TypeChecking(List<ResourceType> served, Function<ResourceType, Optional<Schema>> schemas) {
    this.served = List.copyOf(served);
    this.schemas = schemas;
  }

  /// What is doubtful of a policy that may be stored.
  public List<Warning> check(ValidatingAdmissionPolicy.Spec spec) {
    var scopes = new LinkedHashMap<String, CelEnvironment>();
    kinds(spec).forEach((kind, type) -> scopes.put(kind, scope(spec, type)));
    var warnings = new ArrayList<Warning>();
    for (var i = 0; i < spec.validations().size(); i++) {
      var at = "spec.validations[" + i + "]";
      var check = spec.validations().get(i);
      look(check.expression(), at + ".expression", scopes).ifPresent(warnings::add);
      if (!check.messageExpression().isEmpty()) {
        look(check.messageExpression(), at + ".messageExpression", scopes).ifPresent(warnings::add);
      }
    }
    return warnings;
  }

  private static Optional<Warning> look(
      String source, String at, Map<String, CelEnvironment> scopes) {
    var said = new ArrayList<String>();
    scopes.forEach((kind, scope) -> {
      var faults = scope.faults(source);
      if (!faults.isEmpty()) {
        said.add(kind + ": " + faults);
      }
    });
    return said.isEmpty()
        ? Optional.empty()
        : Optional.of(new Warning(at, String.join("\n", said)));
  }

  /// The kinds that rules name without `*`, by their Kubernetes texts, in the order of these.
  private Map<String, ResourceType> kinds(ValidatingAdmissionPolicy.Spec spec) {
    var kinds = new TreeMap<String, ResourceType>();
    var constraints = spec.matchConstraints();
    if (constraints != null) {
      for (var rule : constraints.resourceRules()) {
        served.stream()
            .filter(type -> names(rule, type))
            .forEach(type -> kinds.put(text(type), type));
      }
    }
    while (kinds.size() > KINDS_MAX) {
      kinds.pollLastEntry();
    }
    return kinds;
  }

  private static boolean names(NamedRule rule, ResourceType type) {
    return rule.apiGroups().contains(type.group())
        && rule.apiVersions().contains(type.version())
        && rule.resources().contains(type.plural());
  }

  private static String text(ResourceType type) {
    return type.group() + "/" + type.version() + ", Kind=" + type.kind();
  }

  private CelEnvironment scope(ValidatingAdmissionPolicy.Spec spec, ResourceType type) {
    var scope =
        new TypedScope(
            AuthorizerCel.in(KubernetesCel.environment())
                .with(List.of("request", "namespaceObject")));
    scope.declare("object", "Object", schemas.apply(type));
    scope.declare("oldObject", "Object", schemas.apply(type));
    scope.declare("params", "Params", params(spec.paramKind()));
    scope.group("variables");
    for (var variable : spec.variables()) {
      scope.compute("variables", variable.name(), variable.expression());
    }
    return scope.environment();
  }

  private Optional<Schema> params(@Nullable ParamKind kind) {
    return kind == null
        ? Optional.empty()
        : served.stream()
            .filter(type -> type.apiVersion().equals(kind.apiVersion()))
            .filter(type -> type.kind().equals(kind.kind()))
            .findFirst()
            .flatMap(schemas);
  }
}
