package io.nave.applications;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.applications.api.WorkflowStatus;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Role;
import io.nave.applications.workflow.Durations;
import io.nave.applications.workflow.Phase;
import io.nave.applications.workflow.Plan;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction;
import io.nave.applications.workflow.StepInputs;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What each type of step does in an Application.
final class Actions implements StepAction {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final Site site;
  private final Outside outside;
  private final Deploying deploying;
  private final Writing writing;
  private final Reading reading;

  Actions(Site site, Outside outside) {
    this.site = site;
    this.outside = outside;
    deploying = new Deploying(site);
    writing = new Writing(site);
    reading = new Reading(site, outside);
  }

  @Override
  public StepResult run(Call written) {
    site.outputs(written.outputs());
    var definition = site.definitions().find(Role.WORKFLOW_STEP, written.step().type());
    var call = written;
    if (definition.isPresent()) {
      var checked = definition.get().check(written.parameter(), "step \"" + written.name() + "\"");
      if (!checked.faults().isEmpty()) {
        return new StepResult.Ended(Reasons.RENDERING, Progress.text(checked.faults()));
      }
      call =
          new Call(
              written.step(), checked.value(), written.state(), written.outputs(), written.now());
    }
    return act(call);
  }

  private StepResult act(Call call) {
    return switch (call.step().type()) {
      case "deploy" -> deploying.run(call);
      case "apply-component" -> deploying.component(call);
      case "apply-application",
          "apply-application-in-parallel",
          "apply-remaining",
          "deploy2env",
          "deploy2runtime" ->
          deploying.old(call);
      case "read-object" -> reading.run(call);
      case "collect-service-endpoints" -> new Collecting(site).run(call);
      case "generate-jdbc-connection" ->
          new StepResult.Done(Jdbc.connection(call.parameter()), null);
      case "suspend" -> suspend(call);
      case "print-message-in-status" ->
          new StepResult.Done(Json.object(), call.parameter().path("message").asString(""));
      case "depends-on-app" -> dependsOnApp(call);
      case "restart-workflow" -> restart(call);
      case "request", "webhook", "notification" -> new Calling(site, outside).run(call);
      default ->
          StepTypes.WRITING.contains(call.step().type())
              ? writing.run(call)
              : new StepResult.Ended(
                  Reasons.RENDERING,
                  "workflow step type \"%s\" is not supported by this version; supported types are %s"
                      .formatted(call.step().type(), String.join(", ", StepTypes.supported())));
    };
  }

  /// What steps delivered that are finished stays delivered. Those that failed or were skipped want
  /// nothing: what their clusters have stays as it is until a run succeeds.
  void keep(Plan plan, WorkflowStatus before) {
    site.outputs(before.outputs());
    for (var step : plan.leaves()) {
      var state = step.name() == null ? null : before.find(step.name()).orElse(null);
      if (state != null && Phase.of(state) == Phase.SUCCEEDED) {
        keep(step, state, before);
      }
    }
  }

  private void keep(WorkflowStep step, StepStatus state, WorkflowStatus before) {
    var type = step.type();
    if (!StepTypes.DELIVERING.contains(type) && !StepTypes.WRITING.contains(type)) {
      return;
    }
    var given = step.properties() instanceof ObjectNode object ? object.deepCopy() : Json.object();
    var parameter = StepInputs.into(given, step, name -> value(before, name));
    var definition = site.definitions().find(Role.WORKFLOW_STEP, type);
    var checked =
        definition.isPresent()
            ? definition.get().check(parameter, "step \"" + state.name() + "\"").value()
            : parameter;
    switch (type) {
      case "deploy" -> deploying.keep(state.name(), checked);
      case "apply-component" -> deploying.keepComponent(step, state.name(), checked);
      default -> {
        if (StepTypes.DELIVERING.contains(type)) {
          deploying.keepOld(type, state.name(), checked);
        } else {
          writing.keep(step, checked);
        }
      }
    }
  }

  private static JsonNode value(WorkflowStatus before, String name) {
    var value = before.outputs().get(name);
    return value == null ? JsonNodeFactory.instance.nullNode() : value;
  }

  private static StepResult suspend(Call call) {
    if (call.approved()) {
      return new StepResult.Done(Json.object(), null);
    }
    var parameter = call.parameter();
    var first = call.state().firstExecuteTime();
    var duration = Durations.parse(parameter.path("duration").asString(""));
    Instant until = null;
    if (duration.isPresent() && first != null) {
      until = first.plus(duration.get());
      if (!call.now().isBefore(until)) {
        return new StepResult.Done(Json.object(), null);
      }
    }
    var message = parameter.path("message").asString("");
    return new StepResult.Suspended(message.isEmpty() ? "Waiting approval..." : message, until);
  }

  private StepResult dependsOnApp(Call call) {
    var parameter = call.parameter();
    var key = Key.of(parameter.path("namespace").asString(""), parameter.path("name").asString(""));
    var phase =
        outside.application(key).map(app -> String.valueOf(app.status().status())).orElse("");
    if (phase.equals(Progress.RUNNING)) {
      return new StepResult.Done(Json.object(), null);
    }
    var is = phase.isEmpty() ? "which does not exist" : "which is " + phase;
    return new StepResult.Waiting(
        "waits until application " + key + " is running, " + is, call.now().plus(LOOK_AGAIN), null);
  }

  private StepResult restart(Call call) {
    var parameter = call.parameter();
    var given =
        parameter.properties().stream().filter(field -> !field.getValue().isNull()).toList();
    if (given.size() != 1) {
      return new StepResult.Ended(
          Reasons.RENDERING, "expected exactly one of at, after, every, found " + given.size());
    }
    var how = given.getFirst();
    var text = how.getValue().asString("");
    try {
      switch (how.getKey()) {
        case "at" -> site.restart(Instant.parse(text).toString());
        case "after" -> site.restart(call.now().plus(days(text)).toString());
        default -> site.restart(text);
      }
    } catch (DateTimeParseException | IllegalArgumentException e) {
      return new StepResult.Ended(
          Reasons.RENDERING,
          "%s: expected a time such as 2030-01-02T03:04:05Z or a duration such as 5m, found \"%s\""
              .formatted(how.getKey(), text));
    }
    return new StepResult.Done(Json.object(), "restart " + how.getKey() + " " + text);
  }

  private static Duration days(String text) {
    return text.matches("\\d{1,6}d")
        ? Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1)))
        : Durations.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }
}
