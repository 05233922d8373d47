package io.nave.applications.workflow;

import io.nave.api.Json;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelFault;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.workflow.Engine.Surroundings;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One pass over a run on its way; used once.
final class Pass {
  /// Executions in a row that may fail.
  static final int FAILURES_MAX = 10;

  private static final Duration RETRY_MIN = Duration.ofSeconds(1);
  private static final Duration RETRY_MAX = Duration.ofMinutes(5);
  private static final long RETRY_UNIT_MILLIS = 50;

  private final Plan plan;
  private final WorkflowStatus before;
  private final Surroundings with;
  private final Instant now;
  private final Map<String, StepStatus> states = new LinkedHashMap<>();
  private final Outputs outputs;
  private @Nullable Instant again;

  Pass(Plan plan, WorkflowStatus before, Surroundings with) {
    this.plan = plan;
    this.before = before;
    this.with = with;
    this.now = with.now();
    this.outputs = new Outputs(before.outputs());
    for (var step : before.steps()) {
      states.put(step.name(), step);
      step.subSteps().forEach(sub -> states.put(sub.name(), sub.asStep()));
    }
  }

  Engine.Result result() {
    if (before.suspendState() == null) {
      level(plan.steps(), plan.dag());
    }
    var status = new RunStatus(plan, before, with.revision(), now).of(states, outputs.all());
    return new Engine.Result(status, again);
  }

  private void level(List<WorkflowStep> steps, boolean dag) {
    if (!dag) {
      for (var step : steps) {
        if (!isFinished(step)) {
          visit(step, steps, false);
        }
        if (!isFinished(step)) {
          return;
        }
      }
      return;
    }
    var visited = new HashSet<String>();
    var progress = true;
    while (progress) {
      progress = false;
      for (var step : steps) {
        if (!isFinished(step) && !visited.contains(Plan.nameOf(step))) {
          visit(step, steps, true);
          if (Phase.of(state(step)) != Phase.PENDING) {
            visited.add(Plan.nameOf(step));
            progress = true;
          }
        }
      }
    }
  }

  private boolean isFinished(WorkflowStep step) {
    var state = states.get(Plan.nameOf(step));
    return state != null && Phase.finished(state);
  }

  private StepStatus state(WorkflowStep step) {
    return States.of(states.get(Plan.nameOf(step)), step, with.revision());
  }

  private void set(StepStatus next) {
    states.put(next.name(), next);
  }

  private void lookAt(Instant time) {
    if (again == null || time.isBefore(again)) {
      again = time;
    }
  }

  private void visit(WorkflowStep step, List<WorkflowStep> level, boolean dag) {
    var state = state(step);
    if (state.firstExecuteTime() == null && !starts(step, state, level, dag)) {
      return;
    }
    var started = state(step);
    var first = started.firstExecuteTime();
    if (first != null && step.timeout() != null) {
      var end = first.plus(Durations.parse(step.timeout()).orElse(RETRY_MAX));
      if (!now.isBefore(end)) {
        timeOut(step, started);
        return;
      }
      lookAt(end);
    }
    if (Boolean.TRUE.equals(started.held())) {
      return;
    }
    if (step.type().equals(Plan.GROUP)) {
      group(step);
    } else {
      execute(step, started);
    }
  }

  /// Whether the step may run now; says why not in its state.
  private boolean starts(
      WorkflowStep step, StepStatus state, List<WorkflowStep> level, boolean dag) {
    var pending = pending(step, level);
    if (pending.isPresent()) {
      set(States.to(state, Phase.PENDING, Reasons.WAIT, pending.get(), now));
      return false;
    }
    var skip = skipped(step, level, dag);
    if (skip.isPresent()) {
      set(States.to(state, Phase.SKIPPED, Reasons.SKIP, skip.get(), now));
      step.subSteps().stream()
          .map(WorkflowStep.SubStep::asStep)
          .forEach(sub -> set(States.to(state(sub), Phase.SKIPPED, Reasons.SKIP, null, now)));
      return false;
    }
    set(States.started(state, now));
    return true;
  }

  private Optional<String> pending(WorkflowStep step, List<WorkflowStep> level) {
    var names = level.stream().map(Plan::nameOf).toList();
    for (var wanted : step.dependsOn()) {
      var state = states.get(wanted);
      if (names.contains(wanted) && (state == null || !Phase.finished(state))) {
        return Optional.of("Pending on DependsOn: " + wanted);
      }
    }
    for (var input : step.inputs()) {
      if (!isKnown(input.from())) {
        return Optional.of("Pending on Input: " + input.from());
      }
    }
    return Optional.empty();
  }

  /// A value is known when it is there, or when the step that was to publish it is finished.
  private boolean isKnown(String name) {
    var producer = plan.producers().get(name);
    if (producer != null) {
      var state = states.get(producer);
      return state != null && Phase.finished(state);
    }
    return value(name).isPresent() || !with.publishers().contains(name);
  }

  private Optional<JsonNode> value(String name) {
    if (name.startsWith("context.")) {
      return ValueFrom.parse(name).value(Json.object().set("context", with.context()));
    }
    return outputs.find(name).or(() -> with.further().value(name));
  }

  private Optional<String> skipped(WorkflowStep step, List<WorkflowStep> level, boolean dag) {
    var when = step.when();
    if (when == null || when.isBlank()) {
      return unmet(step, level, dag);
    }
    try {
      var runs =
          When.test(when, states.values(), inputs(step), with.context(), States.properties(step));
      return runs ? Optional.empty() : Optional.of("its condition is false");
    } catch (CelFault | BadExpression e) {
      return Optional.of("if: " + e.getMessage());
    }
  }

  /// Why a step without a condition does not run; empty when it does.
  private Optional<String> unmet(WorkflowStep step, List<WorkflowStep> level, boolean dag) {
    if (before.terminated()) {
      return Optional.of("the workflow was terminated");
    }
    if (!dag && step.dependsOn().isEmpty()) { // else it says itself what it follows
      for (var earlier : level) {
        if (Plan.nameOf(earlier).equals(Plan.nameOf(step))) {
          break;
        }
        var state = states.get(Plan.nameOf(earlier));
        if (state != null && Phase.of(state) == Phase.FAILED) {
          return Optional.of("step " + Plan.nameOf(earlier) + " failed");
        }
      }
    }
    for (var needed : plan.dependencies(step, level)) {
      var state = states.get(needed);
      if (state == null) {
        return Optional.of("step " + needed + " did not run");
      }
      // A value of a step that was skipped is null, which stops nothing.
      var phase = Phase.of(state);
      if (phase == Phase.FAILED
          || (phase != Phase.SUCCEEDED && step.dependsOn().contains(needed))) {
        return Optional.of("step " + needed + " " + phase.word());
      }
    }
    return Optional.empty();
  }

  private ObjectNode inputs(WorkflowStep step) {
    var inputs = Json.object();
    for (var input : step.inputs()) {
      inputs.set(
          input.from(), value(input.from()).orElse(JsonNodeFactory.instance.nullNode()).deepCopy());
    }
    return inputs;
  }

  private void timeOut(WorkflowStep step, StepStatus state) {
    var message = "not done within " + step.timeout();
    for (var sub : step.subSteps()) {
      var at = state(sub.asStep());
      if (!Phase.finished(at)) {
        set(States.to(at, Phase.FAILED, Reasons.TIMEOUT, message, now));
      }
    }
    set(States.to(state, Phase.FAILED, Reasons.TIMEOUT, message, now));
  }

  private void group(WorkflowStep step) {
    var subs = step.subSteps().stream().map(WorkflowStep.SubStep::asStep).toList();
    level(subs, plan.dagIn(step));
    var state = States.summed(state(step), subs.stream().map(this::state).toList(), now);
    set(Phase.of(state) == Phase.SUCCEEDED ? published(step, state, Json.object()) : state);
  }

  private void execute(WorkflowStep step, StepStatus state) {
    var nextTry = state.nextTry();
    if (nextTry != null && now.isBefore(nextTry)) {
      lookAt(nextTry);
      return;
    }
    ObjectNode parameter;
    try {
      parameter = parameter(step);
    } catch (IllegalArgumentException e) {
      set(States.to(state, Phase.FAILED, Reasons.INPUT, e.getMessage(), now));
      return;
    }
    switch (with.action().run(new Call(step, parameter, state, outputs.all(), now))) {
      case StepResult.Done(var value, var message) -> {
        var done = States.to(States.calm(state, null), Phase.SUCCEEDED, null, message, now);
        set(published(step, done, value));
      }
      case StepResult.Waiting(var message, var time, var memory) -> {
        set(States.to(States.calm(state, memory), Phase.RUNNING, Reasons.WAIT, message, now));
        Optional.ofNullable(time).ifPresent(this::lookAt);
      }
      case StepResult.Suspended(var message, var until) -> {
        set(States.to(state, Phase.SUSPENDING, Reasons.SUSPEND, message, now));
        Optional.ofNullable(until).ifPresent(this::lookAt);
      }
      case StepResult.Failed(var message) -> failed(state, message);
      case StepResult.Ended(var reason, var message) ->
          set(States.to(state, Phase.FAILED, reason, message, now));
    }
  }

  private ObjectNode parameter(WorkflowStep step) {
    return StepInputs.into(
        States.properties(step),
        step,
        name -> value(name).orElse(JsonNodeFactory.instance.nullNode()));
  }

  private void failed(StepStatus state, String message) {
    var failures = (state.failures() == null ? 0 : state.failures()) + 1;
    if (failures >= FAILURES_MAX) {
      var last = States.retrying(state, failures, null);
      set(States.to(last, Phase.FAILED, Reasons.FAILED_AFTER_RETRIES, message, now));
      return;
    }
    var next = now.plus(wait(failures));
    set(
        States.to(
            States.retrying(state, failures, next), Phase.FAILED, Reasons.EXECUTE, message, now));
    lookAt(next);
  }

  /// 50 ms doubled with each failure, at least a second (spec §11.10).
  static Duration wait(int failures) {
    var wait = Duration.ofMillis(RETRY_UNIT_MILLIS << Math.min(failures, 20));
    if (wait.compareTo(RETRY_MIN) < 0) {
      return RETRY_MIN;
    }
    return wait.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : Duration.ofSeconds(wait.toSeconds());
  }

  /// The state after its outputs were published; failed when one cannot be.
  private StepStatus published(WorkflowStep step, StepStatus done, JsonNode value) {
    var scope = value instanceof ObjectNode object ? object.deepCopy() : Json.object();
    if (!step.outputs().isEmpty() && !scope.has("context")) {
      scope.set("context", with.context());
    }
    var found = new TreeMap<String, JsonNode>();
    var faults = new ArrayList<String>();
    for (var output : step.outputs()) {
      try {
        ValueFrom.parse(output.valueFrom())
            .value(step.type().equals(Plan.GROUP) ? outputs.asObject() : scope)
            .ifPresentOrElse(
                there -> found.put(output.name(), there),
                () ->
                    faults.add(
                        "output %s: nothing stands at %s"
                            .formatted(output.name(), output.valueFrom())));
      } catch (BadExpression | CelFault e) {
        faults.add("output %s: %s".formatted(output.name(), e.getMessage()));
      }
    }
    outputs.add(found).ifPresent(faults::add);
    return faults.isEmpty()
        ? done
        : States.to(done, Phase.FAILED, Reasons.OUTPUT, String.join("; ", faults), now);
  }
}
