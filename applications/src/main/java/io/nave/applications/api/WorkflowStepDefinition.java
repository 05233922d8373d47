package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A type of workflow step: the schema of its properties.
@Doc("A type of workflow step: the schema of its properties.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "workflowstepdefinitions",
    shortNames = {"workflowstep"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(
          name = "DESCRIPTION",
          path = ".metadata.annotations.definition\\.oam\\.dev/description"),
      @Kind.PrintColumn(name = "VERSION", path = ".spec.version"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record WorkflowStepDefinition(Meta metadata, Spec spec, DefinitionStatus status)
    implements Resource {
  public WorkflowStepDefinition {
    spec = Absent.or(spec, new Spec(null, null, null, null));
    status = Absent.or(status, DefinitionStatus.NONE);
  }

  public record Spec(
      DefinitionStatus.@Nullable Reference definitionRef,
      @Preserve @Nullable JsonNode schematic,
      @Nullable String version,
      @Preserve @Nullable JsonNode extension) {}
}
