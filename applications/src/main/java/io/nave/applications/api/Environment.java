package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Length;
import io.nave.api.schema.Pattern;
import io.nave.api.schema.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A place to run in, such as `dev` or `prod`, for the applications of one namespace: the clusters
/// of a set that is bound to the namespace, what may run there, and the policies that go without
/// saying.
///
/// A topology policy names it: `{name: prod, type: topology, properties: {environment: prod}}`.
@Doc("A place to run in: clusters of a bound set, what may run there, and default policies.")
@Kind(
    group = "nave.io",
    version = "v1alpha1",
    plural = "environments",
    shortNames = {"env", "envs"},
    categories = {"oam"},
    status = false,
    columns = {
      @Kind.PrintColumn(name = "CLUSTER-SET", path = ".spec.clusterSet"),
      @Kind.PrintColumn(name = "NAMESPACE", path = ".spec.namespace"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Environment(Meta metadata, Spec spec) implements Resource {
  public Environment {
    spec = Absent.or(spec, new Spec("", Map.of(), null, null, List.of()));
  }

  /// @param clusterLabelSelector labels that clusters of the set must have beside; empty: all of it
  /// @param namespace where applications run in these clusters; null: where they say themselves
  /// @param allowed null: everything
  /// @param policies those that act on each application here, before its own; names of their own
  public record Spec(
      @Doc("A ManagedClusterSet that is bound to this namespace.") @Required @Length(min = 1)
          String clusterSet,
      Map<String, String> clusterLabelSelector,
      @Length(max = 63) @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") @Nullable String namespace,
      @Doc("Which definitions applications may use here. Absent: all.") @Nullable Allowed allowed,
      @Doc("Policies that act on each application here: override, apply-once and the like.")
          List<Application.Policy> policies) {
    public Spec {
      clusterSet = Absent.toEmpty(clusterSet);
      clusterLabelSelector = Absent.toEmpty(clusterLabelSelector);
      policies = Absent.toEmpty(policies);
    }
  }

  /// Names of definitions; an empty list allows all of its kind.
  public record Allowed(List<String> components, List<String> traits, List<String> policies) {
    public Allowed {
      components = Absent.toEmpty(components);
      traits = Absent.toEmpty(traits);
      policies = Absent.toEmpty(policies);
    }
  }
}
