package io.nave.work;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Embedded;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Objects that one cluster must run, and how that went. Lives in the cluster's namespace on the
/// hub; the cluster's agent pulls it.
@Doc("Objects that one cluster must run, and how that went. The cluster's agent pulls it.")
@Kind(
    group = "work.open-cluster-management.io",
    version = "v1",
    plural = "manifestworks",
    columns = {
      @Kind.PrintColumn(
          name = "Applied",
          path = ".status.conditions[?(@.type==\"Applied\")].status"),
      @Kind.PrintColumn(
          name = "Available",
          path = ".status.conditions[?(@.type==\"Available\")].status"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ManifestWork(Meta metadata, Spec spec, Status status) implements Resource {
  /// The agent's finalizer on a work.
  public static final String FINALIZER = "cluster.open-cluster-management.io/manifest-work-cleanup";

  public static final String APPLIED = "Applied";
  public static final String AVAILABLE = "Available";

  public ManifestWork {
    spec = Absent.or(spec, new Spec(null, null, List.of(), null));
    status = Absent.or(status, new Status(List.of(), null));
  }

  public record Spec(
      @Nullable Workload workload,
      @Nullable DeleteOption deleteOption,
      List<ManifestConfig> manifestConfigs,
      @Preserve @Nullable JsonNode executor) {
    public Spec {
      manifestConfigs = Absent.toEmpty(manifestConfigs);
    }
  }

  public record Workload(
      @Doc("Any Kubernetes objects, whole.") @Embedded List<JsonNode> manifests) {
    public Workload {
      manifests = Absent.toEmpty(manifests);
    }
  }

  public record DeleteOption(
      @Default("\"Foreground\"") @OneOf({"Foreground", "Orphan", "SelectivelyOrphan"})
          String propagationPolicy,
      @Preserve @Nullable JsonNode selectivelyOrphans,
      @Nullable Long ttlSecondsAfterFinished) {}

  public record ManifestConfig(
      @Required ResourceIdentifier resourceIdentifier,
      List<FeedbackRule> feedbackRules,
      @Default("{\"type\":\"Update\"}") @Preserve @Nullable JsonNode updateStrategy,
      @Preserve @Nullable JsonNode conditionRules) {
    public ManifestConfig {
      feedbackRules = Absent.toEmpty(feedbackRules);
    }
  }

  public record ResourceIdentifier(
      @Nullable String group,
      @Required String resource,
      @Nullable String namespace,
      @Required String name) {}

  public record FeedbackRule(
      @Required @OneOf({"WellKnownStatus", "JSONPaths"}) String type,
      @ListMap("name") List<JsonPath> jsonPaths) {
    public FeedbackRule {
      jsonPaths = Absent.toEmpty(jsonPaths);
    }
  }

  public record JsonPath(@Required String name, @Required String path, @Nullable String version) {}

  public record Status(
      @ListMap("type") List<Condition> conditions, @Nullable ResourceStatus resourceStatus) {
    public Status {
      conditions = Absent.toEmpty(conditions);
    }
  }

  public record ResourceStatus(List<ManifestStatus> manifests) {
    public ResourceStatus {
      manifests = Absent.toEmpty(manifests);
    }
  }

  public record ManifestStatus(
      @Required ResourceMeta resourceMeta,
      @Required @ListMap("type") List<Condition> conditions,
      @Nullable Feedback statusFeedback) {
    public ManifestStatus {
      conditions = Absent.toEmpty(conditions);
    }
  }

  public record ResourceMeta(
      @Required int ordinal,
      @Nullable String group,
      @Nullable String version,
      @Nullable String kind,
      @Nullable String resource,
      @Nullable String name,
      @Nullable String namespace) {
    /// What is absent is empty, as in what upstream's agents write.
    public ResourceMeta {
      group = Absent.toEmpty(group);
      version = Absent.toEmpty(version);
      kind = Absent.toEmpty(kind);
      resource = Absent.toEmpty(resource);
      name = Absent.toEmpty(name);
      namespace = Absent.toEmpty(namespace);
    }
  }

  public record Feedback(@ListMap("name") List<FeedbackValue> values) {
    public Feedback {
      values = Absent.toEmpty(values);
    }
  }

  public record FeedbackValue(@Required String name, @Required FieldValue fieldValue) {}

  public record FieldValue(
      @Required @OneOf({"Integer", "String", "Boolean", "JsonRaw"}) String type,
      @Nullable Long integer,
      @Nullable String string,
      @com.fasterxml.jackson.annotation.JsonProperty("boolean") @Nullable Boolean bool,
      @Length(max = 1024) @Nullable String jsonRaw) {}
}
