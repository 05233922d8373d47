package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Json;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Patch;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an Application was at one time, for going back to it and for knowing what ran (spec §5).
/// Written by the hub, owned by its Application; only its status changes.
@Doc("What an Application was at one time, for going back to it and for knowing what ran.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "applicationrevisions",
    shortNames = {"apprev"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(
          name = "PUBLISH_VERSION",
          path = ".metadata.annotations['app\\.oam\\.dev/publishVersion']"),
      @Kind.PrintColumn(name = "SUCCEEDED", type = "boolean", path = ".status.succeeded"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ApplicationRevision(Meta metadata, Spec spec, Status status) implements Resource {
  private static final String PUBLISH_VERSION = "app.oam.dev/publishVersion";

  public ApplicationRevision {
    status = Absent.or(status, new Status(false, null));
  }

  /// The change that takes an Application back to this revision: its spec, and the version it was
  /// published as. To be refused while its workflow runs.
  public Patch rollback() {
    var operations = Json.array();
    operations
        .addObject()
        .put("op", "replace")
        .put("path", "/spec")
        .set("value", spec.application().path("spec"));
    var version = spec.application().at("/metadata/annotations").path(PUBLISH_VERSION);
    if (version.isString()) {
      operations
          .addObject()
          .put("op", "add")
          .put("path", "/metadata/annotations/" + PUBLISH_VERSION.replace("/", "~1"))
          .set("value", version);
    }
    return new Patch(Patch.Form.JSON, operations);
  }

  /// @param application the Application without its status; of its metadata name, namespace, labels
  ///   and annotations
  /// @param policies external Policy objects in use, by name
  /// @param workflow the Workflow that the Application names
  /// @param definitions each definition in use
  /// @param placements where each topology policy led when the revision was made
  public record Spec(
      @Required @Preserve JsonNode application,
      @Preserve Map<String, JsonNode> policies,
      @Preserve @Nullable JsonNode workflow,
      List<UsedDefinition> definitions,
      List<PlacedPolicy> placements) {
    public Spec {
      policies = Absent.toEmpty(policies);
      definitions = Absent.toEmpty(definitions);
      placements = Absent.toEmpty(placements);
    }
  }

  /// A definition as it was used.
  ///
  /// @param name the type as the Application names it, a version and all
  /// @param digest of its content
  /// @param revision the DefinitionRevision that keeps it, as `namespace/name`; null: none does
  /// @param definition the definition itself, where no DefinitionRevision keeps it and it does not
  ///   come with the hub
  public record UsedDefinition(
      @Required String kind,
      @Required String name,
      @Nullable String digest,
      @Nullable String revision,
      @Preserve @Nullable JsonNode definition) {
    public UsedDefinition {
      kind = Absent.toEmpty(kind);
      name = Absent.toEmpty(name);
    }
  }

  /// The clusters of one policy.
  public record PlacedPolicy(@Required String policy, List<String> clusters) {
    public PlacedPolicy {
      policy = Absent.toEmpty(policy);
      clusters = Absent.toEmpty(clusters);
    }
  }

  /// @param succeeded whether a workflow run of it succeeded
  /// @param workflow how its last run ended; set when a later revision took over
  public record Status(boolean succeeded, @Nullable WorkflowStatus workflow) {}
}
