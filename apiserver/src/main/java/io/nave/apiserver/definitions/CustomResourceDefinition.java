package io.nave.apiserver.definitions;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListAtomic;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A kind of objects that is not built in.
@Doc("CustomResourceDefinition represents a resource that should be exposed on the API server.")
@Kind(
    group = "apiextensions.k8s.io",
    version = "v1",
    plural = "customresourcedefinitions",
    shortNames = {"crd", "crds"},
    categories = "api-extensions",
    namespaced = false,
    columns = @Kind.PrintColumn(name = "Created At", path = ".metadata.creationTimestamp"))
public record CustomResourceDefinition(Meta metadata, @Required Spec spec, Status status)
    implements Resource {
  public static final ResourceType TYPE = ResourceType.of(CustomResourceDefinition.class);

  /// Keeps a definition until all its objects are gone.
  public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

  public static final String NAMES_ACCEPTED = "NamesAccepted";
  public static final String ESTABLISHED = "Established";
  public static final String TERMINATING = "Terminating";

  public record Spec(
      @Doc("The API group of the kind.") @Required String group,
      @Doc("What the kind and its objects are called.") @Required Names names,
      @Doc("Cluster or Namespaced.") @Required String scope,
      @Doc("The versions the kind can be read and written in.") @Required @ListAtomic
          List<Version> versions,
      @Doc("How objects become those of another version.") @Nullable Conversion conversion,
      @Doc("No longer of use; must be false.") boolean preserveUnknownFields) {
    public Spec {
      group = Absent.toEmpty(group);
      scope = Absent.toEmpty(scope);
      versions = Absent.toEmpty(versions);
    }
  }

  public record Names(
      String plural,
      @Nullable String singular,
      @ListAtomic List<String> shortNames,
      String kind,
      @Nullable String listKind,
      @ListAtomic List<String> categories) {
    static final Names NONE = new Names("", null, List.of(), "", null, List.of());

    public Names {
      plural = Absent.toEmpty(plural);
      kind = Absent.toEmpty(kind);
      shortNames = Absent.toEmpty(shortNames);
      categories = Absent.toEmpty(categories);
    }
  }

  /// @param served whether clients may ask for it
  /// @param storage whether objects are stored in it: true for one of them
  public record Version(
      @Required String name,
      @Required boolean served,
      @Required boolean storage,
      boolean deprecated,
      @Nullable String deprecationWarning,
      @Nullable OpenApi schema,
      @Nullable Subresources subresources,
      @ListAtomic List<Column> additionalPrinterColumns,
      @ListAtomic List<SelectableField> selectableFields) {
    public Version {
      name = Absent.toEmpty(name);
      additionalPrinterColumns = Absent.toEmpty(additionalPrinterColumns);
      selectableFields = Absent.toEmpty(selectableFields);
    }
  }

  public record OpenApi(@Preserve @Nullable ObjectNode openAPIV3Schema) {}

  public record Subresources(@Preserve @Nullable ObjectNode status, @Nullable Scale scale) {}

  /// JSON paths of what `kubectl scale` and autoscalers look for.
  public record Scale(
      @Required String specReplicasPath,
      @Required String statusReplicasPath,
      @Nullable String labelSelectorPath) {}

  public record Column(
      @Required String name,
      @Required String type,
      @Nullable String format,
      @Nullable String description,
      @Nullable Integer priority,
      @Required String jsonPath) {}

  public record SelectableField(@Required String jsonPath) {}

  public record Conversion(@Required String strategy, @Nullable Webhook webhook) {}

  public record Webhook(
      @Nullable ClientConfig clientConfig,
      @Required @ListAtomic List<String> conversionReviewVersions) {
    public Webhook {
      conversionReviewVersions = Absent.toEmpty(conversionReviewVersions);
    }
  }

  /// @param caBundle PEM, in base64 once more
  public record ClientConfig(
      @Nullable String url, @Nullable Service service, @Nullable String caBundle) {}

  public record Service(
      @Required String namespace,
      @Required String name,
      @Nullable String path,
      @Nullable Integer port) {}

  public record Status(
      @ListMap("type") List<Condition> conditions,
      @Nullable Names acceptedNames,
      @ListAtomic List<String> storedVersions) {
    public static final Status NONE = new Status(List.of(), null, List.of());

    public Status {
      conditions = Absent.toEmpty(conditions);
      storedVersions = Absent.toEmpty(storedVersions);
    }
  }

  public CustomResourceDefinition {
    status = Absent.or(status, Status.NONE);
  }

  /// Whether a condition of that type is True.
  public boolean is(String condition) {
    return Condition.isTrue(status.conditions(), condition);
  }

  /// The version objects are stored in; the first when the definition is broken.
  Version storage() {
    return spec.versions().stream()
        .filter(Version::storage)
        .findFirst()
        .orElseGet(spec.versions()::getFirst);
  }

  static JsonNode schemaOf(Version version) {
    var schema = version.schema();
    var json = schema == null ? null : schema.openAPIV3Schema();
    return json == null ? tools.jackson.databind.node.MissingNode.getInstance() : json;
  }
}
