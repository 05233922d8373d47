package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an application team delivers: components, their traits, and policies that say where.
@Doc("What an application team delivers: components, their traits, and policies that say where.")
@Kind(
    group = "core.oam.dev",
    version = "v1beta1",
    plural = "applications",
    shortNames = {"app", "velaapp"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(name = "COMPONENT", path = ".spec.components[*].name"),
      @Kind.PrintColumn(name = "TYPE", path = ".spec.components[*].type"),
      @Kind.PrintColumn(name = "PHASE", path = ".status.status"),
      @Kind.PrintColumn(name = "HEALTHY", type = "boolean", path = ".status.services[*].healthy"),
      @Kind.PrintColumn(name = "STATUS", path = ".status.services[*].message"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Application(Meta metadata, Spec spec, Status status) implements Resource {
  public Application {
    spec = Absent.or(spec, new Spec(List.of(), List.of(), null));
    status = Absent.or(status, Status.none());
  }

  public record Spec(
      @Required List<Component> components,
      List<Policy> policies,
      @Nullable WorkflowSpec workflow) {
    public Spec {
      components = Absent.toEmpty(components);
      policies = Absent.toEmpty(policies);
    }
  }

  /// @param ref a Workflow of the same namespace; not beside `steps`
  public record WorkflowSpec(
      @Nullable String ref, WorkflowStep.@Nullable Mode mode, List<WorkflowStep> steps) {
    public WorkflowSpec {
      steps = Absent.toEmpty(steps);
    }
  }

  public record Component(
      @Required String name,
      @Required String type,
      @Preserve @Nullable JsonNode properties,
      List<Trait> traits,
      List<String> dependsOn,
      List<WorkflowStep.Input> inputs,
      List<WorkflowStep.Output> outputs,
      @Nullable String externalRevision,
      @Preserve @Nullable JsonNode scopes) {
    public Component {
      name = Absent.toEmpty(name);
      type = Absent.toEmpty(type);
      traits = Absent.toEmpty(traits);
      dependsOn = Absent.toEmpty(dependsOn);
      inputs = Absent.toEmpty(inputs);
      outputs = Absent.toEmpty(outputs);
    }
  }

  public record Trait(@Required String type, @Preserve @Nullable JsonNode properties) {
    public Trait {
      type = Absent.toEmpty(type);
    }
  }

  public record Policy(
      @Nullable String name, @Required String type, @Preserve @Nullable JsonNode properties) {
    public Policy {
      type = Absent.toEmpty(type);
    }
  }

  /// @param status the phase, such as `rendering`, `runningWorkflow`, `running`, `unhealthy`
  public record Status(
      @Nullable String status,
      @Nullable Long observedGeneration,
      @ListMap("type") List<Condition> conditions,
      List<Service> services,
      List<AppliedResource> appliedResources,
      @Nullable WorkflowStatus workflow,
      @Nullable LatestRevision latestRevision,
      @Nullable Instant workflowRestartScheduledAt,
      @Doc("Objects that another application delivers, and this one wants too.")
          List<Contested> contested) {
    public Status {
      contested = Absent.toEmpty(contested);
      conditions = Absent.toEmpty(conditions);
      services = Absent.toEmpty(services);
      appliedResources = Absent.toEmpty(appliedResources);
    }

    /// Before the first pass.
    public static Status none() {
      return new Status(null, null, List.of(), List.of(), List.of(), null, null, null, List.of());
    }
  }

  /// An object that another application delivers.
  ///
  /// @param holder that application, as `namespace/name`
  public record Contested(
      @Required String cluster,
      @Required String kind,
      @Nullable String namespace,
      @Required String name,
      @Required String holder) {
    public Contested {
      cluster = Absent.toEmpty(cluster);
      kind = Absent.toEmpty(kind);
      name = Absent.toEmpty(name);
      holder = Absent.toEmpty(holder);
    }
  }

  /// The revision that is delivered.
  ///
  /// @param revisionHash of what makes a revision
  /// @param held whether it is delivered with the definitions it holds, having been taken up again;
  ///   null: no
  public record LatestRevision(
      @Required String name,
      @Required long revision,
      @Required String revisionHash,
      @Doc("Whether it was taken up again, and is delivered with the definitions it holds.")
          @Nullable Boolean held) {
    public LatestRevision {
      name = Absent.toEmpty(name);
      revisionHash = Absent.toEmpty(revisionHash);
    }
  }

  /// Health of one component on one cluster.
  public record Service(
      @Required String name,
      @Nullable String namespace,
      @Nullable String cluster,
      @Nullable String env,
      @Nullable WorkloadDefinition workloadDefinition,
      boolean healthy,
      boolean workloadHealthy,
      @Nullable String message,
      Map<String, String> details,
      List<TraitStatus> traits) {
    public Service {
      details = Absent.toEmpty(details);
      traits = Absent.toEmpty(traits);
    }
  }

  public record WorkloadDefinition(@Required String apiVersion, @Required String kind) {}

  /// @param pending whether it is not delivered yet, and does not count
  public record TraitStatus(
      @Required String type,
      boolean healthy,
      @Nullable Boolean pending,
      @Nullable String message,
      Map<String, String> details) {
    public TraitStatus {
      details = Absent.toEmpty(details);
    }

    /// Whether it keeps its component from being healthy.
    public boolean holdsUp() {
      return !healthy && !Boolean.TRUE.equals(pending);
    }
  }

  public record AppliedResource(
      @Nullable String cluster,
      @Nullable String creator,
      @Nullable String apiVersion,
      @Nullable String kind,
      @Nullable String namespace,
      @Nullable String name) {}
}
