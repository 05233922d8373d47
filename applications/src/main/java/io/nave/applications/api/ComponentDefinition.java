package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A type of component: the schema of its properties, and what they become.
@Doc("A type of component: the schema of its properties, and what they become.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "componentdefinitions",
    shortNames = {"comp"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(name = "WORKLOAD-KIND", path = ".spec.workload.definition.kind"),
      @Kind.PrintColumn(
          name = "DESCRIPTION",
          path = ".metadata.annotations.definition\\.oam\\.dev/description"),
      @Kind.PrintColumn(name = "VERSION", path = ".spec.version"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ComponentDefinition(Meta metadata, Spec spec, DefinitionStatus status)
    implements Resource {
  public ComponentDefinition {
    spec = Absent.or(spec, new Spec(null, List.of(), null, null, null, null, null, null, null));
    status = Absent.or(status, DefinitionStatus.NONE);
  }

  /// @param podSpecPath where in the main object the pod spec is, such as `spec.template.spec`
  /// @param schematic in one of the languages the hub reads: `nave`
  /// @param status how health and messages are told, for languages that say it here
  /// @param version of the definition, such as `1.2.0`
  public record Spec(
      @Nullable Workload workload,
      List<ChildKind> childResourceKinds,
      @Nullable String revisionLabel,
      @Nullable String podSpecPath,
      DefinitionStatus.@Nullable Reference definitionRef,
      @Preserve @Nullable JsonNode schematic,
      @Preserve @Nullable JsonNode status,
      @Nullable String version,
      @Preserve @Nullable JsonNode extension) {
    public Spec {
      childResourceKinds = Absent.toEmpty(childResourceKinds);
    }
  }

  /// @param type `autodetects.core.oam.dev` when the kind is only known after rendering
  public record Workload(@Nullable String type, @Nullable Gvk definition) {}

  public record Gvk(@Required String apiVersion, @Required String kind) {
    public Gvk {
      apiVersion = Absent.toEmpty(apiVersion);
      kind = Absent.toEmpty(kind);
    }
  }

  public record ChildKind(
      @Required String apiVersion, @Required String kind, Map<String, String> selector) {
    public ChildKind {
      apiVersion = Absent.toEmpty(apiVersion);
      kind = Absent.toEmpty(kind);
      selector = Absent.toEmpty(selector);
    }
  }
}
