package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Steps that several Applications and WorkflowRuns of its namespace name by reference.
@Doc("Steps that several Applications and WorkflowRuns of its namespace name by reference.")
@Kind(
    group = "core.oam.dev",
    version = "v1alpha1",
    plural = "workflows",
    categories = {"oam"},
    status = false,
    columns = {
      @Kind.PrintColumn(name = "STEPS", path = ".steps[*].name"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Workflow(Meta metadata, WorkflowStep.@Nullable Mode mode, List<WorkflowStep> steps)
    implements Resource {
  public Workflow {
    steps = Absent.toEmpty(steps);
  }
}
