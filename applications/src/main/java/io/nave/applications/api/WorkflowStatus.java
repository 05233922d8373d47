package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How far a run of a workflow got: all the engine remembers, so that it goes on from here after a
/// crash (spec/app-layer-behaviour.md §3, §11).
///
/// @param appRevision what the run executes, such as `shop-v3`
/// @param mode such as `StepByStep-DAG`
/// @param status `initializing`, `executing`, `suspending`, `terminated`, `failed`, `succeeded`
/// @param suspend whether it waits for someone
/// @param suspendState why, when a person suspended the whole run
/// @param outputs what steps published, by name
/// @param handled the last act of a person that was carried out, as stamped at the door
public record WorkflowStatus(
    @Nullable String appRevision,
    @Nullable String mode,
    @Nullable String status,
    @Nullable String message,
    boolean suspend,
    @Nullable String suspendState,
    boolean terminated,
    boolean finished,
    @ListMap("name") List<StepStatus> steps,
    @Preserve Map<String, JsonNode> outputs,
    @Nullable String handled,
    @Nullable Instant startTime,
    @Nullable Instant endTime) {
  public WorkflowStatus {
    steps = Absent.toEmpty(steps);
    outputs = Absent.toEmpty(outputs);
  }

  /// Before the first pass.
  public static WorkflowStatus none() {
    return new WorkflowStatus(
        null, null, null, null, false, null, false, false, List.of(), Map.of(), null, null, null);
  }

  /// A copy that can be changed, field by field; what is not set stays.
  public Draft draft() {
    return new Draft(this);
  }

  /// A status in the making: the one way to change some fields of another. For one task.
  public static final class Draft {
    private @Nullable String appRevision;
    private @Nullable String mode;
    private @Nullable String status;
    private @Nullable String message;
    private boolean suspend;
    private @Nullable String suspendState;
    private boolean terminated;
    private boolean finished;
    private List<StepStatus> steps;
    private Map<String, JsonNode> outputs;
    private @Nullable String handled;
    private @Nullable Instant startTime;
    private @Nullable Instant endTime;

    private Draft(WorkflowStatus from) {
      appRevision = from.appRevision;
      mode = from.mode;
      status = from.status;
      message = from.message;
      suspend = from.suspend;
      suspendState = from.suspendState;
      terminated = from.terminated;
      finished = from.finished;
      steps = from.steps;
      outputs = from.outputs;
      handled = from.handled;
      startTime = from.startTime;
      endTime = from.endTime;
    }

    public Draft appRevision(@Nullable String value) {
      appRevision = value;
      return this;
    }

    public Draft mode(@Nullable String value) {
      mode = value;
      return this;
    }

    public Draft status(@Nullable String value) {
      status = value;
      return this;
    }

    public Draft message(@Nullable String value) {
      message = value;
      return this;
    }

    public Draft suspend(boolean value) {
      suspend = value;
      return this;
    }

    public Draft suspendState(@Nullable String value) {
      suspendState = value;
      return this;
    }

    public Draft terminated(boolean value) {
      terminated = value;
      return this;
    }

    public Draft finished(boolean value) {
      finished = value;
      return this;
    }

    public Draft steps(List<StepStatus> value) {
      steps = value;
      return this;
    }

    public Draft outputs(Map<String, JsonNode> value) {
      outputs = value;
      return this;
    }

    public Draft handled(@Nullable String value) {
      handled = value;
      return this;
    }

    public Draft startTime(@Nullable Instant value) {
      startTime = value;
      return this;
    }

    public Draft endTime(@Nullable Instant value) {
      endTime = value;
      return this;
    }

    /// The status as set.
    public WorkflowStatus done() {
      return new WorkflowStatus(
          appRevision,
          mode,
          status,
          message,
          suspend,
          suspendState,
          terminated,
          finished,
          steps,
          outputs,
          handled,
          startTime,
          endTime);
    }
  }

  /// The state of a step, or of a sub-step as a step.
  public Optional<StepStatus> find(String name) {
    for (var step : steps) {
      if (step.name().equals(name)) {
        return Optional.of(step);
      }
      for (var sub : step.subSteps()) {
        if (sub.name().equals(name)) {
          return Optional.of(sub.asStep());
        }
      }
    }
    return Optional.empty();
  }

  /// Who let a waiting step go on.
  ///
  /// @param by the authenticated user
  /// @param why as that user put it
  public record Approval(@Required String by, @Required Instant at, @Nullable String why) {
    public Approval {
      by = Absent.toEmpty(by);
    }
  }

  /// One step.
  ///
  /// @param id stable in one run
  /// @param phase `pending`, `running`, `suspending`, `succeeded`, `failed`, `skipped`
  /// @param message for people
  /// @param reason such as `Wait`, `Execute`, `Timeout`, `FailedAfterRetries`
  /// @param lastExecuteTime when its phase or message last changed
  /// @param failures executions in a row that failed
  /// @param nextTry not before then
  /// @param held whether a person suspended it
  /// @param memory what the step itself remembers between passes
  public record StepStatus(
      @Required String id,
      @Required String name,
      @Nullable String type,
      @Nullable String phase,
      @Nullable String message,
      @Nullable String reason,
      @Nullable Instant firstExecuteTime,
      @Nullable Instant lastExecuteTime,
      @Nullable Integer failures,
      @Nullable Instant nextTry,
      @Nullable Boolean held,
      @Nullable Approval approval,
      @Preserve @Nullable JsonNode memory,
      @ListMap("name") List<SubStepStatus> subSteps) {
    public StepStatus {
      id = Absent.toEmpty(id);
      name = Absent.toEmpty(name);
      subSteps = Absent.toEmpty(subSteps);
    }

    /// Of a step that has not begun.
    public static StepStatus fresh(String id, String name, String type) {
      return new StepStatus(
          id, name, type, null, null, null, null, null, null, null, null, null, null, List.of());
    }

    /// In another phase, all else as it is.
    public StepStatus inPhase(String other) {
      return new StepStatus(
          id,
          name,
          type,
          other,
          message,
          reason,
          firstExecuteTime,
          lastExecuteTime,
          failures,
          nextTry,
          held,
          approval,
          memory,
          subSteps);
    }

    /// With other states of its sub-steps.
    public StepStatus withSubSteps(List<SubStepStatus> other) {
      return new StepStatus(
          id,
          name,
          type,
          phase,
          message,
          reason,
          firstExecuteTime,
          lastExecuteTime,
          failures,
          nextTry,
          held,
          approval,
          memory,
          other);
    }

    /// As the state of a sub-step.
    public SubStepStatus asSub() {
      return new SubStepStatus(
          id,
          name,
          type,
          phase,
          message,
          reason,
          firstExecuteTime,
          lastExecuteTime,
          failures,
          nextTry,
          held,
          approval,
          memory);
    }
  }

  /// One step of a group; fields as of [StepStatus].
  public record SubStepStatus(
      @Required String id,
      @Required String name,
      @Nullable String type,
      @Nullable String phase,
      @Nullable String message,
      @Nullable String reason,
      @Nullable Instant firstExecuteTime,
      @Nullable Instant lastExecuteTime,
      @Nullable Integer failures,
      @Nullable Instant nextTry,
      @Nullable Boolean held,
      @Nullable Approval approval,
      @Preserve @Nullable JsonNode memory) {
    public SubStepStatus {
      id = Absent.toEmpty(id);
      name = Absent.toEmpty(name);
    }

    /// As the state of a step.
    public StepStatus asStep() {
      return new StepStatus(
          id,
          name,
          type,
          phase,
          message,
          reason,
          firstExecuteTime,
          lastExecuteTime,
          failures,
          nextTry,
          held,
          approval,
          memory,
          List.of());
    }
  }
}
