package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Preserve;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A type of trait: the schema of its properties, and what they change and add.
@Doc("A type of trait: the schema of its properties, and what they change and add.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "traitdefinitions",
    shortNames = {"trait"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(name = "APPLIES-TO", path = ".spec.appliesToWorkloads"),
      @Kind.PrintColumn(
          name = "DESCRIPTION",
          path = ".metadata.annotations.definition\\.oam\\.dev/description"),
      @Kind.PrintColumn(name = "VERSION", path = ".spec.version"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record TraitDefinition(Meta metadata, Spec spec, DefinitionStatus status)
    implements Resource {
  public TraitDefinition {
    spec =
        Absent.or(
            spec,
            new Spec(
                null, List.of(), List.of(), false, null, false, false, null, false, null, null,
                null, null));
    status = Absent.or(status, DefinitionStatus.NONE);
  }

  /// @param appliesToWorkloads such as `deployments.apps` or `*`; told to people, not enforced
  /// @param conflictsWith types of traits that may not stand on the same component
  /// @param workloadRefPath where in its objects the main object is named
  /// @param manageWorkload whether it renders the workload in place of the component
  /// @param controlPlaneOnly not supported: this hub delivers to clusters only
  /// @param stage when it is delivered; with the workload when absent
  public record Spec(
      DefinitionStatus.@Nullable Reference definitionRef,
      List<String> appliesToWorkloads,
      List<String> conflictsWith,
      boolean podDisruptive,
      @Nullable String workloadRefPath,
      boolean manageWorkload,
      boolean controlPlaneOnly,
      @OneOf({"", "PreDispatch", "DefaultDispatch", "PostDispatch"}) @Nullable String stage,
      boolean revisionEnabled,
      @Preserve @Nullable JsonNode schematic,
      @Preserve @Nullable JsonNode status,
      @Nullable String version,
      @Preserve @Nullable JsonNode extension) {
    public Spec {
      appliesToWorkloads = Absent.toEmpty(appliesToWorkloads);
      conflictsWith = Absent.toEmpty(conflictsWith);
    }
  }
}
