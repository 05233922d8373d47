package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A definition as it was at one time; written by the hub and never changed.
@Doc("A definition as it was at one time; written by the hub and never changed.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "definitionrevisions",
    shortNames = {"defrev"},
    categories = {"oam"},
    status = false,
    columns = {
      @Kind.PrintColumn(name = "REVISION", type = "integer", path = ".spec.revision"),
      @Kind.PrintColumn(name = "HASH", path = ".spec.revisionHash"),
      @Kind.PrintColumn(name = "TYPE", path = ".spec.definitionType"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record DefinitionRevision(Meta metadata, Spec spec) implements Resource {
  public DefinitionRevision {
    spec = Absent.or(spec, new Spec(0, "", "", null, null, null, null));
  }

  /// @param revision counts from 1
  /// @param revisionHash of what the definition says
  /// @param definitionType which of the following fields holds the definition
  public record Spec(
      @Required long revision,
      @Required String revisionHash,
      @Required @OneOf({"Component", "Trait", "Policy", "WorkflowStep"}) String definitionType,
      @Preserve @Nullable JsonNode componentDefinition,
      @Preserve @Nullable JsonNode traitDefinition,
      @Preserve @Nullable JsonNode policyDefinition,
      @Preserve @Nullable JsonNode workflowStepDefinition) {
    public Spec {
      revisionHash = Absent.toEmpty(revisionHash);
      definitionType = Absent.toEmpty(definitionType);
    }
  }
}
