package io.nave.cli;

import io.nave.api.ApiObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a person wants of a workflow, held against how far it got: the hub carries out what it can,
/// and forgets what means nothing. Pure.
final class WorkflowHand {
  private final String name;
  private final JsonNode workflow;
  private final List<JsonNode> steps = new ArrayList<>();

  private WorkflowHand(ApiObject application) {
    name = application.name();
    workflow = application.status().path("workflow");
    for (var step : workflow.path("steps")) {
      steps.add(step);
      step.path("subSteps").forEach(steps::add);
    }
  }

  /// Why it would come to nothing; empty when it would not, or when that cannot be told, since the
  /// last edit was not looked at yet.
  ///
  /// @param step empty: all
  static Optional<String> obstacle(ApiObject application, String verb, String step) {
    var seen = application.status().path("observedGeneration").asLong(0);
    return seen != application.generation() || application.status().path("workflow").isMissingNode()
        ? Optional.empty()
        : new WorkflowHand(application).obstacle(verb, step);
  }

  private Optional<String> obstacle(String verb, String step) {
    var found = steps.stream().filter(each -> nameOf(each).equals(step)).findFirst();
    if (!step.isEmpty() && found.isEmpty()) {
      return Optional.of(
          "application %s has no step \"%s\" that has begun; those that have are %s"
              .formatted(name, step, steps.stream().map(WorkflowHand::nameOf).toList()));
    }
    if (verb.equals("restart")) {
      return found
          .filter(each -> !phase(each).equals("failed"))
          .map(each ->
              "step \"%s\" did not fail, it is %s; without --step the workflow begins anew"
                  .formatted(step, phase(each)));
    }
    if (workflow.path("finished").asBoolean(false)) {
      return Optional.of(
          "the workflow of application %s has ended: %s; to run it again: nave app restart %s"
              .formatted(name, workflow.path("status").asString(""), name));
    }
    return switch (verb) {
      case "approve", "resume" -> waits(found.orElse(null), step);
      case "suspend" ->
          found
              .filter(each -> List.of("succeeded", "failed", "skipped").contains(phase(each)))
              .map(each -> "step \"%s\" is over: %s".formatted(step, phase(each)));
      default -> Optional.empty();
    };
  }

  private Optional<String> waits(@Nullable JsonNode found, String step) {
    if (found != null) {
      var its = new ArrayList<>(List.of(found));
      found.path("subSteps").forEach(its::add);
      return its.stream().anyMatch(WorkflowHand::isSuspended)
          ? Optional.empty()
          : Optional.of("step \"%s\" waits for nobody, it is %s".formatted(step, phase(found)));
    }
    var held = !workflow.path("suspendState").asString("").isEmpty();
    return held || steps.stream().anyMatch(WorkflowHand::isSuspended)
        ? Optional.empty()
        : Optional.of(
            "no step of application %s waits for anybody; see: nave app status %s"
                .formatted(name, name));
  }

  private static boolean isSuspended(JsonNode step) {
    return phase(step).equals("suspending");
  }

  private static String nameOf(JsonNode step) {
    return step.path("name").asString("");
  }

  private static String phase(JsonNode step) {
    return step.path("phase").asString("");
  }
}
