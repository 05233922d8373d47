package io.nave.applications.workflow;

import io.nave.api.Json;
import io.nave.applications.api.WorkflowStatus.Approval;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.api.WorkflowStep;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Changes of a step's state, each a new record; what changes nothing returns an equal one.
final class States {
  private States() {}

  /// The state, or that of a step which has not been looked at yet.
  static StepStatus of(@Nullable StepStatus state, WorkflowStep step, String revision) {
    if (state != null) {
      return state;
    }
    var name = Plan.nameOf(step);
    return StepStatus.fresh(id(revision + "/" + name), name, step.type());
  }

  /// The same in every pass, so that repeating a pass changes nothing.
  private static String id(String text) {
    var sum = new CRC32();
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  /// The properties as a copy.
  static ObjectNode properties(WorkflowStep step) {
    return step.properties() instanceof ObjectNode object ? object.deepCopy() : Json.object();
  }

  static StepStatus started(StepStatus state, Instant now) {
    return new StepStatus(
        state.id(),
        state.name(),
        state.type(),
        Phase.RUNNING.word(),
        null,
        null,
        now,
        now,
        null,
        null,
        null,
        state.approval(),
        null,
        state.subSteps());
  }

  static StepStatus to(
      StepStatus state,
      Phase phase,
      @Nullable String reason,
      @Nullable String message,
      Instant now) {
    var same =
        phase.word().equals(state.phase())
            && Objects.equals(reason, state.reason())
            && Objects.equals(message, state.message());
    return same
        ? state
        : new StepStatus(
            state.id(),
            state.name(),
            state.type(),
            phase.word(),
            message,
            reason,
            state.firstExecuteTime(),
            now,
            state.failures(),
            state.nextTry(),
            state.held(),
            state.approval(),
            state.memory(),
            state.subSteps());
  }

  /// After an execution that did not fail.
  static StepStatus calm(StepStatus state, @Nullable JsonNode memory) {
    return with(state, null, null, state.held(), state.approval(), memory);
  }

  static StepStatus retrying(StepStatus state, int failures, @Nullable Instant next) {
    return with(state, failures, next, state.held(), state.approval(), state.memory());
  }

  static StepStatus approved(StepStatus state, Approval approval, Instant now) {
    var free = with(state, state.failures(), state.nextTry(), null, approval, state.memory());
    return to(free, Phase.RUNNING, null, null, now);
  }

  static StepStatus released(StepStatus state, Instant now) {
    var free =
        with(state, state.failures(), state.nextTry(), null, state.approval(), state.memory());
    return to(free, Phase.RUNNING, null, null, now);
  }

  static StepStatus held(StepStatus state, String message, Instant now) {
    var held =
        with(state, state.failures(), state.nextTry(), true, state.approval(), state.memory());
    return to(held, Phase.SUSPENDING, Reasons.SUSPEND, message, now);
  }

  private static StepStatus with(
      StepStatus state,
      @Nullable Integer failures,
      @Nullable Instant nextTry,
      @Nullable Boolean held,
      @Nullable Approval approval,
      @Nullable JsonNode memory) {
    return new StepStatus(
        state.id(),
        state.name(),
        state.type(),
        state.phase(),
        state.message(),
        state.reason(),
        state.firstExecuteTime(),
        state.lastExecuteTime(),
        failures,
        nextTry,
        held,
        approval,
        memory,
        state.subSteps());
  }

  /// A group, by how its sub-steps stand (spec §11.15).
  static StepStatus summed(StepStatus group, List<StepStatus> subs, Instant now) {
    var counts = new EnumMap<Phase, Integer>(Phase.class);
    for (var sub : subs) {
      var phase = Phase.of(sub);
      var open = phase == Phase.FAILED && !Phase.finished(sub);
      var fresh = phase == Phase.PENDING && !Reasons.WAIT.equals(sub.reason());
      counts.merge(open || fresh ? Phase.RUNNING : phase, 1, Integer::sum);
    }
    var phase = phase(counts, subs.size());
    var reason =
        switch (phase) {
          case SUSPENDING -> Reasons.SUSPEND;
          case RUNNING, PENDING -> Reasons.WAIT;
          case SKIPPED -> Reasons.SKIP;
          case FAILED -> strongest(subs);
          case SUCCEEDED -> null;
        };
    return to(group, phase, reason, null, now);
  }

  private static Phase phase(Map<Phase, Integer> counts, int all) {
    for (var first : List.of(Phase.SUSPENDING, Phase.RUNNING, Phase.PENDING, Phase.FAILED)) {
      if (counts.containsKey(first)) {
        return first;
      }
    }
    return counts.getOrDefault(Phase.SKIPPED, 0) == all ? Phase.SKIPPED : Phase.SUCCEEDED;
  }

  private static String strongest(List<StepStatus> subs) {
    for (var reason : Reasons.BY_STRENGTH) {
      if (subs.stream().anyMatch(sub -> reason.equals(sub.reason()))) {
        return reason;
      }
    }
    return Reasons.ACTION;
  }
}
