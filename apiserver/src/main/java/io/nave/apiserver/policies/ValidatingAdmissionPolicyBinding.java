package io.nave.apiserver.policies;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListSet;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Required;
import io.nave.apiserver.matching.MatchResources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts a [ValidatingAdmissionPolicy] to work: where, with which parameters, and what follows.
@Doc("ValidatingAdmissionPolicyBinding puts a ValidatingAdmissionPolicy to work.")
@Kind(
    group = "admissionregistration.k8s.io",
    version = "v1",
    plural = "validatingadmissionpolicybindings",
    namespaced = false,
    status = false,
    columns = {
      @Kind.PrintColumn(name = "PolicyName", path = ".spec.policyName"),
      @Kind.PrintColumn(name = "ParamRef", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ValidatingAdmissionPolicyBinding(Meta metadata, @Required Spec spec)
    implements Resource {
  /// @param matchResources narrows what the policy is about; absent: all of it
  /// @param validationActions what follows when something does not hold
  public record Spec(
      String policyName,
      @Nullable ParamRef paramRef,
      @Nullable MatchResources matchResources,
      @ListSet List<@OneOf({"Audit", "Deny", "Warn"}) String> validationActions) {
    static final Spec NONE = new Spec("", null, null, List.of());

    public Spec {
      policyName = Absent.toEmpty(policyName);
      validationActions = Absent.toEmpty(validationActions);
    }
  }

  /// The parameters: one object by name, or all that a selector chooses.
  ///
  /// @param namespace empty: that of the request
  /// @param parameterNotFoundAction `Allow` or `Deny`: what follows when there are none
  public record ParamRef(
      String name,
      String namespace,
      @Nullable LabelSelector selector,
      @OneOf({"Allow", "Deny"}) @Nullable String parameterNotFoundAction) {
    public ParamRef {
      name = Absent.toEmpty(name);
      namespace = Absent.toEmpty(namespace);
    }
  }

  public ValidatingAdmissionPolicyBinding {
    spec = Absent.or(spec, Spec.NONE);
  }
}
