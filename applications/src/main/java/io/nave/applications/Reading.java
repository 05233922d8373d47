package io.nave.applications;

import io.nave.api.Json;
import io.nave.applications.Blueprint.Bound;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Role;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import io.nave.applications.workflow.ValueFrom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `read-object` step (spec §14): what outputs read of an object stands under `output.value`;
/// that it is absent stands in `output.err` and is no failure.
///
/// An object of the hub is read at once, if it is in the application's namespace and whoever wrote
/// the application may read it. In a cluster the agent looks: the work of the application names the
/// object `ReadOnly`, and the fields that outputs read are fed back. So only they can be read, each
/// of at most 1,024 characters; Secrets are not read at all, since outputs stand in the status.
final class Reading {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final String SECRETS = "secrets"; // of any group, and however the kind is spelled

  private final Site site;
  private final Places places;
  private final Outside outside;

  Reading(Site site, Outside outside) {
    this.site = site;
    this.outside = outside;
    places = new Places(site);
  }

  StepResult run(Call call) {
    var parameter = call.parameter();
    if (reference(parameter).resource().equals(SECRETS)) {
      return refused(
          "kind: Secrets are not read, what steps publish stands in the status; refer to the Secret"
              + " where it is used");
    }
    if (parameter.path("cluster").asString("").isEmpty()) {
      return here(parameter);
    }
    try {
      return there(call);
    } catch (IllegalArgumentException e) {
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private static StepResult refused(String why) {
    return new StepResult.Ended(Reasons.RENDERING, why);
  }

  /// On the hub.
  private StepResult here(ObjectNode parameter) {
    var own = site.application().metadata().namespace();
    if (!parameter.path("namespace").asString("").equals(own)) {
      return refused(
          "namespace: objects of the hub are read in the application's own namespace, %s, only; name it, or name a cluster"
              .formatted(own));
    }
    var found = outside.object(reference(parameter));
    var value = Json.object();
    var output = value.putObject("output");
    if (found.isPresent()) {
      output.set("value", found.get());
    } else {
      output.put("err", "there is no " + reference(parameter) + " in namespace " + own);
    }
    return new StepResult.Done(value, found.isPresent() ? null : output.path("err").asString(""));
  }

  /// What a step refers to on the hub.
  static Reference reference(JsonNode parameter) {
    return Reference.of(parameter, "");
  }

  private StepResult there(Call call) {
    var rendered = rendered(call.step(), call.parameter());
    site.want(call.name(), List.of(rendered));
    var cluster = rendered.target().cluster();
    var seen = site.present().seen(rendered);
    if (seen.isEmpty()) {
      return new StepResult.Waiting(
          "waiting for cluster " + cluster + " to report", call.now().plus(LOOK_AGAIN), null);
    }
    var value = Json.object();
    var output = value.putObject("output");
    if (!seen.get()) {
      var err = "there is no %s on cluster %s".formatted(reference(call.parameter()), cluster);
      output.put("err", err);
      return new StepResult.Done(value, err);
    }
    output.set("value", site.present().live(rendered).path("output"));
    return new StepResult.Done(value, null);
  }

  private Rendered rendered(WorkflowStep step, ObjectNode parameter) {
    var target = places.cluster(parameter).getFirst();
    var object = Json.object();
    object.put("apiVersion", parameter.path("apiVersion").asString(""));
    object.put("kind", parameter.path("kind").asString(""));
    object
        .putObject("metadata")
        .put("name", parameter.path("name").asString(""))
        .put("namespace", parameter.path("namespace").asString(""));
    var definition = site.definitions().find(Role.COMPONENT, "k8s-objects").orElseThrow();
    var properties = Json.object();
    properties.putArray("objects").add(object);
    var checked = definition.check(properties, "step \"" + step.name() + "\"");
    if (!checked.faults().isEmpty()) {
      throw new Refusal(Stage.RENDER, Progress.text(checked.faults()));
    }
    var name = Writing.componentName(String.valueOf(step.name()));
    var component = Bound.of(name, Rendered.READ, definition, checked.value());
    return Turn.watched(site.renderer().render(component, target), outputs(step));
  }

  /// What outputs read, as of a component.
  private static List<WorkflowStep.Output> outputs(WorkflowStep step) {
    var outputs = new ArrayList<WorkflowStep.Output>();
    for (var output : step.outputs()) {
      var from = output.valueFrom().replaceAll("\\boutput\\.(\\$returns\\.)?value\\b", "output");
      for (var path : ValueFrom.parse(from).reads()) {
        if (path.equals(List.of("output")) && !from.contains("err")) {
          throw new IllegalArgumentException(
              "outputs: \"%s\" reads the whole object, and a cluster reports single fields; name them"
                  .formatted(output.valueFrom()));
        }
      }
      outputs.add(new WorkflowStep.Output(output.name(), from));
    }
    return outputs;
  }
}
