package io.nave.applications.workflow;

import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.api.WorkflowStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sums the states of steps up as the status of their run.
final class RunStatus {
  static final String EXECUTING = "executing";
  static final String SUSPENDING = "suspending";
  static final String TERMINATED = "terminated";
  static final String FAILED = "failed";
  static final String SUCCEEDED = "succeeded";

  private final Plan plan;
  private final WorkflowStatus before;
  private final String revision;
  private final Instant now;

  RunStatus(Plan plan, WorkflowStatus before, String revision, Instant now) {
    this.plan = plan;
    this.before = before;
    this.revision = revision;
    this.now = now;
  }

  WorkflowStatus of(Map<String, StepStatus> states, Map<String, JsonNode> outputs) {
    var steps = new ArrayList<StepStatus>();
    for (var step : plan.steps()) {
      var state = states.get(Plan.nameOf(step));
      if (state != null) {
        steps.add(withSubs(state, step, states));
      }
    }
    var finished = steps.size() == plan.steps().size() && steps.stream().allMatch(Phase::finished);
    var word = finished ? ended(steps) : going(steps);
    return before
        .draft()
        .appRevision(revision)
        .mode(plan.mode())
        .status(word)
        .message(message(word, states))
        .suspend(word.equals(SUSPENDING))
        .terminated(word.equals(TERMINATED) || before.terminated())
        .finished(finished)
        .steps(steps)
        .outputs(outputs)
        .startTime(before.startTime() == null ? now : before.startTime())
        .endTime(finished ? Objects.requireNonNullElse(before.endTime(), now) : null)
        .done();
  }

  private static StepStatus withSubs(
      StepStatus state, WorkflowStep step, Map<String, StepStatus> states) {
    var subs = new ArrayList<WorkflowStatus.SubStepStatus>();
    for (var sub : step.subSteps()) {
      var its = states.get(Plan.nameOf(sub.asStep()));
      if (its != null) {
        subs.add(its.asSub());
      }
    }
    return state.withSubSteps(subs);
  }

  /// A run that a step's own end, its time or a person stopped was terminated; one that tried in
  /// vain failed.
  private String ended(List<StepStatus> steps) {
    var failed = steps.stream().filter(step -> Phase.of(step) == Phase.FAILED).toList();
    if (before.terminated()) {
      return TERMINATED;
    }
    if (failed.isEmpty()) {
      return SUCCEEDED;
    }
    var stopped = List.of(Reasons.TIMEOUT, Reasons.TERMINATE, Reasons.ACTION);
    return failed.stream().allMatch(step -> stopped.contains(step.reason())) ? TERMINATED : FAILED;
  }

  private String going(List<StepStatus> steps) {
    if (before.suspendState() != null) {
      return SUSPENDING;
    }
    var waits = false;
    for (var step : steps) {
      var phase = Phase.of(step);
      if (phase == Phase.RUNNING || (phase == Phase.FAILED && !Phase.finished(step))) {
        return EXECUTING;
      }
      waits |= phase == Phase.SUSPENDING;
    }
    return waits ? SUSPENDING : EXECUTING;
  }

  private @Nullable String message(String word, Map<String, StepStatus> states) {
    if (word.equals(SUSPENDING) && before.suspendState() != null) {
      return before.suspendState();
    }
    var phase =
        switch (word) {
          case SUSPENDING -> Phase.SUSPENDING;
          case TERMINATED, FAILED -> Phase.FAILED;
          case EXECUTING -> Phase.RUNNING;
          default -> null;
        };
    for (var step : plan.leaves()) {
      var state = states.get(Plan.nameOf(step));
      if (state != null && speaks(state, phase)) {
        return "step "
            + state.name()
            + ": "
            + (state.message() == null ? state.phase() : state.message());
      }
    }
    return null;
  }

  private static boolean speaks(StepStatus state, @Nullable Phase phase) {
    var its = Phase.of(state);
    var retries = its == Phase.FAILED && !Phase.finished(state);
    return its == phase || (phase == Phase.RUNNING && retries);
  }
}
