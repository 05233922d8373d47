package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A type of policy: the schema of its properties. It makes no objects, unlike in KubeVela.
@Doc("A type of policy: the schema of its properties. It makes no objects, unlike in KubeVela.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "policydefinitions",
    shortNames = {"def-policy"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(
          name = "DESCRIPTION",
          path = ".metadata.annotations.definition\\.oam\\.dev/description"),
      @Kind.PrintColumn(name = "VERSION", path = ".spec.version"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record PolicyDefinition(Meta metadata, Spec spec, DefinitionStatus status)
    implements Resource {
  public PolicyDefinition {
    spec = Absent.or(spec, new Spec(null, null, null, false, null, false, null, null, null));
    status = Absent.or(status, DefinitionStatus.NONE);
  }

  /// @param manageHealthCheck whether the policy owns the health of the application
  /// @param scope empty; `Application` is not supported
  /// @param priority of global policies, lower ones first
  public record Spec(
      DefinitionStatus.@Nullable Reference definitionRef,
      @Preserve @Nullable JsonNode schematic,
      @Preserve @Nullable JsonNode status,
      boolean manageHealthCheck,
      @Nullable String scope,
      boolean global,
      @Nullable Integer priority,
      @Nullable String version,
      @Preserve @Nullable JsonNode extension) {}
}
