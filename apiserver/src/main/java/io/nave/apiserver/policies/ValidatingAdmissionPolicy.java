package io.nave.apiserver.policies;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListAtomic;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import io.nave.apiserver.matching.Conditions;
import io.nave.apiserver.matching.MatchResources;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What must hold of objects, as CEL expressions. It judges nothing until a
/// [ValidatingAdmissionPolicyBinding] names it.
@Doc("ValidatingAdmissionPolicy describes what must hold of objects before they are stored.")
@Kind(
    group = "admissionregistration.k8s.io",
    version = "v1",
    plural = "validatingadmissionpolicies",
    namespaced = false,
    columns = {
      @Kind.PrintColumn(name = "Validations", path = ""),
      @Kind.PrintColumn(name = "ParamKind", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ValidatingAdmissionPolicy(
    Meta metadata, @Required Spec spec, @Preserve @Nullable JsonNode status) implements Resource {
  /// @param paramKind the kind of object that a binding may hand to the expressions as `params`
  /// @param variables may read those before them, and are read as `variables.NAME`
  public record Spec(
      @Nullable ParamKind paramKind,
      @Nullable MatchResources matchConstraints,
      @ListAtomic List<Check> validations,
      @Default("Fail") @OneOf({"Fail", "Ignore"}) String failurePolicy,
      @ListAtomic List<AuditAnnotation> auditAnnotations,
      @ListMap("name") List<Conditions.Written> matchConditions,
      @ListMap("name") List<Variable> variables) {
    static final Spec NONE =
        new Spec(null, null, List.of(), "Fail", List.of(), List.of(), List.of());

    public Spec {
      validations = Absent.toEmpty(validations);
      failurePolicy = Absent.or(failurePolicy, "Fail");
      auditAnnotations = Absent.toEmpty(auditAnnotations);
      matchConditions = Absent.toEmpty(matchConditions);
      variables = Absent.toEmpty(variables);
    }
  }

  /// Which kind.
  public record ParamKind(String apiVersion, String kind) {
    public ParamKind {
      apiVersion = Absent.toEmpty(apiVersion);
      kind = Absent.toEmpty(kind);
    }
  }

  /// One thing that must hold.
  public record Check(
      @Required String expression, String message, String messageExpression, String reason) {
    public Check {
      expression = Absent.toEmpty(expression);
      message = Absent.toEmpty(message);
      messageExpression = Absent.toEmpty(messageExpression);
      reason = Absent.toEmpty(reason);
    }
  }

  /// What the audit event of a request says of it, as `POLICY/KEY`.
  public record AuditAnnotation(@Required String key, @Required String valueExpression) {
    public AuditAnnotation {
      key = Absent.toEmpty(key);
      valueExpression = Absent.toEmpty(valueExpression);
    }
  }

  /// A value that several expressions share.
  public record Variable(@Required String name, @Required String expression) {
    public Variable {
      name = Absent.toEmpty(name);
      expression = Absent.toEmpty(expression);
    }
  }

  public ValidatingAdmissionPolicy {
    spec = Absent.or(spec, Spec.NONE);
  }
}
