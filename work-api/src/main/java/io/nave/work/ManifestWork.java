package io.nave.work;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Embedded;
import io.nave.api.schema.Items;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Pattern;
import io.nave.api.schema.Required;
import io.nave.api.schema.Rule;
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
  public static final String PROGRESSING = "Progressing";
  public static final String DEGRADED = "Degraded";
  public static final String COMPLETE = "Complete";

  private static final String SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  public ManifestWork {
    spec = Absent.or(spec, new Spec(null, null, List.of(), null));
    status = Absent.or(status, new Status(List.of(), null));
  }

  /// @param executor in whose name the objects are written; null: the agent's own
  /// @param dependsOn Nave's own: works of the same cluster this one waits for
  /// @param dryRun Nave's own: whether nothing is written
  public record Spec(
      @Nullable Workload workload,
      @Nullable DeleteOption deleteOption,
      List<ManifestConfig> manifestConfigs,
      @Doc("In whose name the objects are written. Absent: the agent's own.")
          @Nullable Executor executor,
      @Doc("Works of the same cluster whose condition must be True before this one is applied.")
          @Items(max = 16)
          List<Dependency> dependsOn,
      @Doc("Whether the agent only reports what would happen. Nothing is written.")
          @JsonInclude(JsonInclude.Include.NON_DEFAULT)
          boolean dryRun) {
    public Spec {
      manifestConfigs = Absent.toEmpty(manifestConfigs);
      dependsOn = Absent.toEmpty(dependsOn);
    }

    /// A work that waits for no other.
    public Spec(
        @Nullable Workload workload,
        @Nullable DeleteOption deleteOption,
        List<ManifestConfig> manifestConfigs,
        @Nullable Executor executor) {
      this(workload, deleteOption, manifestConfigs, executor, List.of(), false);
    }
  }

  /// A work that another waits for.
  ///
  /// @param condition the type of the condition that must be True for the work's present generation
  public record Dependency(
      @Required @Length(min = 1, max = 253) String name,
      @Default("\"Available\"") @Nullable String condition) {
    @JsonIgnore
    public String wanted() {
      return condition == null || condition.isEmpty() ? AVAILABLE : condition;
    }
  }

  public record Workload(
      @Doc("Any Kubernetes objects, whole.") @Embedded List<JsonNode> manifests) {
    public Workload {
      manifests = Absent.toEmpty(manifests);
    }
  }

  public record Executor(@Required ExecutorSubject subject) {}

  @Rule(
      rule = "self.type != 'ServiceAccount' || has(self.serviceAccount)",
      message = "serviceAccount is required when type is ServiceAccount")
  public record ExecutorSubject(
      @Required @OneOf("ServiceAccount") String type, @Nullable ServiceAccount serviceAccount) {}

  public record ServiceAccount(
      @Required @Length(min = 1, max = 253) @Pattern(SUBDOMAIN) String namespace,
      @Required @Length(min = 1, max = 253) @Pattern(SUBDOMAIN) String name) {
    /// The user it is to the cluster.
    @JsonIgnore
    public String user() {
      return "system:serviceaccount:" + namespace + ":" + name;
    }
  }

  public record DeleteOption(
      @Default("\"Foreground\"") @OneOf({"Foreground", "Orphan", "SelectivelyOrphan"})
          String propagationPolicy,
      @Nullable SelectivelyOrphan selectivelyOrphans,
      @Doc("Seconds after completion when the work is deleted; 0: at once. Absent: it stays.")
          @Nullable Long ttlSecondsAfterFinished) {}

  public record SelectivelyOrphan(List<OrphaningRule> orphaningRules) {
    public SelectivelyOrphan {
      orphaningRules = Absent.toEmpty(orphaningRules);
    }
  }

  /// @param group empty: the core group; written even then, as upstream writes it
  public record OrphaningRule(
      @JsonInclude(JsonInclude.Include.ALWAYS) String group,
      @Required String resource,
      @Nullable String namespace,
      @Required String name) {
    public OrphaningRule {
      group = Absent.or(group, "");
    }
  }

  /// @param feedbackScrapeType accepted for upstream's sake: this agent always watches
  public record ManifestConfig(
      @Required ResourceIdentifier resourceIdentifier,
      List<FeedbackRule> feedbackRules,
      @Default("\"Poll\"") @OneOf({"Poll", "Watch"}) @Nullable String feedbackScrapeType,
      @Default("{\"type\":\"Update\"}") @Nullable UpdateStrategy updateStrategy,
      @ListMap("condition") List<ConditionRule> conditionRules) {
    public ManifestConfig {
      feedbackRules = Absent.toEmpty(feedbackRules);
      conditionRules = Absent.toEmpty(conditionRules);
    }

    /// A configuration that only asks for feedback.
    public static ManifestConfig feedback(ResourceIdentifier identifier, List<FeedbackRule> rules) {
      return new ManifestConfig(identifier, rules, null, null, List.of());
    }

    /// A configuration that only chooses a strategy.
    ///
    /// @param strategy `Update`, `CreateOnly`, `ServerSideApply` or `ReadOnly`
    public static ManifestConfig strategy(ResourceIdentifier identifier, String strategy) {
      return new ManifestConfig(
          identifier, List.of(), null, new UpdateStrategy(strategy, null), List.of());
    }
  }

  public record UpdateStrategy(
      @Required
          @Default("\"Update\"")
          @OneOf({"Update", "CreateOnly", "ServerSideApply", "ReadOnly"})
          String type,
      @Nullable ServerSideApply serverSideApply) {}

  public record ServerSideApply(
      @Nullable Boolean force,
      @Default("\"work-agent\"") @Pattern("^work-agent") @Nullable String fieldManager,
      @ListMap("condition") List<IgnoreField> ignoreFields) {
    public ServerSideApply {
      ignoreFields = Absent.toEmpty(ignoreFields);
    }
  }

  public record IgnoreField(
      @Required @Default("\"OnSpokePresent\"") @OneOf({"OnSpokePresent", "OnSpokeChange"})
          String condition,
      List<String> jsonPaths,
      List<String> jsonPointers,
      List<String> jqPathExpressions) {
    public IgnoreField {
      jsonPaths = Absent.toEmpty(jsonPaths);
      jsonPointers = Absent.toEmpty(jsonPointers);
      jqPathExpressions = Absent.toEmpty(jqPathExpressions);
    }
  }

  @Rule(
      rule = "self.type != 'CEL' || (has(self.condition) && self.condition != '')",
      message = "Condition is required for CEL rules")
  public record ConditionRule(
      @Required @OneOf({"WellKnownConditions", "CEL"}) String type,
      @Required String condition,
      List<String> celExpressions,
      @Nullable String message,
      @Nullable String messageExpression) {
    public ConditionRule {
      condition = Absent.toEmpty(condition);
      celExpressions = Absent.toEmpty(celExpressions);
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
