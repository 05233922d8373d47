package io.nave.applications;

import io.nave.applications.api.Application.Service;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.workflow.Phase;
import io.nave.applications.workflow.Plan;
import java.util.ArrayList;
import java.util.List;

/// What an Application comes to when all of its workflow has succeeded: every component it would
/// ever deliver, rendered, and the works of it. See [Conduct#outlook].
///
/// @param notices what would have no effect, or is not known before it happens
record Outlook(Works.Plan plan, List<Rendered> components, List<String> notices) {
  Outlook {
    components = List.copyOf(components);
    notices = List.copyOf(notices);
  }

  /// A run in which every step succeeded.
  static WorkflowStatus done(Plan plan) {
    var steps = new ArrayList<StepStatus>();
    for (var step : plan.leaves()) {
      var name = String.valueOf(step.name());
      steps.add(StepStatus.fresh(name, name, step.type()).inPhase(Phase.SUCCEEDED.word()));
    }
    return WorkflowStatus.none().draft().status("succeeded").finished(true).steps(steps).done();
  }

  /// What is said of a component that waits for something only clusters know.
  static String open(Service service) {
    return "component %s on %s: %s; what it becomes is not known before"
        .formatted(service.name(), service.cluster(), service.message());
  }
}
