package io.nave.applications.workflow;

import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.api.WorkflowStep;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What steps do. Called in every pass while a step is not finished, so it says what is to be and
/// looks at what is; it never waits.
@FunctionalInterface
public interface StepAction {
  StepResult run(Call call);

  /// A step whose turn it is.
  ///
  /// @param parameter its properties with the inputs written in; a copy
  /// @param state how far it got; `firstExecuteTime` is set
  /// @param outputs what steps published so far
  record Call(
      WorkflowStep step,
      ObjectNode parameter,
      StepStatus state,
      Map<String, JsonNode> outputs,
      Instant now) {
    /// Its name; the plan gives every step one.
    public String name() {
      return state.name();
    }

    /// Whether someone let it go on.
    public boolean approved() {
      return state.approval() != null;
    }
  }

  /// How an execution ended.
  sealed interface StepResult {
    /// @param value what its outputs are read from
    record Done(JsonNode value, @Nullable String message) implements StepResult {}

    /// It goes on when something changes.
    ///
    /// @param again latest time to look; null when something else wakes
    /// @param memory kept for the next execution; null: none
    record Waiting(String message, @Nullable Instant again, @Nullable JsonNode memory)
        implements StepResult {
      public Waiting(String message) {
        this(message, null, null);
      }
    }

    /// It goes on when someone says so.
    ///
    /// @param until goes on then by itself; null: never
    record Suspended(String message, @Nullable Instant until) implements StepResult {}

    /// It did not work; it is tried again, after growing waits.
    record Failed(String message) implements StepResult {}

    /// It will never work.
    ///
    /// @param reason one of [Reasons]
    record Ended(String reason, String message) implements StepResult {}
  }
}
