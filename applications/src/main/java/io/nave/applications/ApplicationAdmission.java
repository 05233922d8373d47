package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.applications.api.Application;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.workflow.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What an Application must keep to be stored: its types are known, its components have names of
/// their own, and properties fit their definitions. What only the present can tell (clusters,
/// placements) is told by conditions instead.
public final class ApplicationAdmission {
  private final Definitions definitions;

  private ApplicationAdmission(Definitions definitions) {
    this.definitions = definitions;
  }

  /// By the types that ship with Nave.
  public static ApplicationAdmission builtIn() {
    return new ApplicationAdmission(Definitions.builtIn());
  }

  /// The faults, with paths from the Application's root; empty when it may be stored.
  public List<ApiError.Cause> check(Application application) {
    var faults = new ArrayList<>(Blueprint.of(application, definitions).faults());
    faults.addAll(ComponentLinks.faults(application));
    faults.addAll(Steps.faults(application, definitions));
    faults.addAll(new PolicyProperties(definitions).faults(application));
    return List.copyOf(faults);
  }

  /// The same about a WorkflowRun.
  public List<ApiError.Cause> check(WorkflowRun run) {
    var faults = new ArrayList<ApiError.Cause>();
    var written = run.spec().workflowSpec();
    var ref = run.spec().workflowRef();
    if ((written == null) == (ref == null || ref.isEmpty())) {
      faults.add(
          new ApiError.Cause(
              "FieldValueInvalid",
              "spec",
              "Invalid value: expected either workflowRef or workflowSpec"));
    }
    Steps.mode(run.spec().mode(), "spec.mode", faults);
    if (written != null) {
      var path = "spec.workflowSpec";
      Steps.mode(written.mode(), path + ".mode", faults);
      var plan = Plan.of(written.steps(), run.spec().mode(), written.mode());
      faults.addAll(Steps.faults(plan, path + ".steps", Set.of(), StepTypes.inRuns(), definitions));
    }
    return List.copyOf(faults);
  }
}
