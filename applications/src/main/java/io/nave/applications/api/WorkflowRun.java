package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A workflow executed once, without an Application; what it makes stays (spec §17).
@Doc("A workflow executed once, without an Application; what it makes stays.")
@Kind(
    group = "core.oam.dev",
    version = "v1alpha1",
    plural = "workflowruns",
    shortNames = {"wr"},
    categories = {"oam"},
    columns = {
      @Kind.PrintColumn(name = "PHASE", path = ".status.status"),
      @Kind.PrintColumn(name = "MESSAGE", path = ".status.message"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record WorkflowRun(Meta metadata, Spec spec, WorkflowStatus status) implements Resource {
  public WorkflowRun {
    spec = Absent.or(spec, new Spec(null, null, null, null));
    status = Absent.or(status, WorkflowStatus.none());
  }

  /// @param mode wins over the mode of the Workflow
  /// @param context further names that expressions find under `context`
  /// @param workflowRef a Workflow of the same namespace; not beside `workflowSpec`
  public record Spec(
      WorkflowStep.@Nullable Mode mode,
      @Preserve @Nullable JsonNode context,
      @Nullable String workflowRef,
      @Nullable Steps workflowSpec) {}

  /// Steps written into the run.
  public record Steps(WorkflowStep.@Nullable Mode mode, List<WorkflowStep> steps) {
    public Steps {
      steps = Absent.toEmpty(steps);
    }
  }
}
