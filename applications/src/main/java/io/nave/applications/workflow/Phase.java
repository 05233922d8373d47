package io.nave.applications.workflow;

import io.nave.applications.api.WorkflowStatus.StepStatus;
import java.util.Locale;

/// Where a step stands (spec §11.4).
public enum Phase {
  PENDING,
  RUNNING,
  SUSPENDING,
  SUCCEEDED,
  FAILED,
  SKIPPED;

  /// As it stands in status.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Of a step; one that never ran is pending.
  public static Phase of(StepStatus state) {
    for (var phase : values()) {
      if (phase.word().equals(state.phase())) {
        return phase;
      }
    }
    return PENDING;
  }

  /// Whether nothing more happens to the step: a failure that is retried is not the end.
  public static boolean finished(StepStatus state) {
    return switch (of(state)) {
      case PENDING, RUNNING, SUSPENDING -> false;
      case SUCCEEDED, SKIPPED -> true;
      case FAILED -> {
        var reason = state.reason();
        yield reason != null && !reason.isEmpty() && !reason.equals(Reasons.EXECUTE);
      }
    };
  }
}
