package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.applications.api.Application;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import io.nave.applications.workflow.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// The workflow of an Application: as written, as the Workflow it names, or what stands for one
/// that nobody wrote (spec §11.2): for each topology policy a `deploy` step, all at once.
final class Steps {
  static final String DEPLOY = "deploy";
  private static final String PATH = "spec.workflow.steps";

  private Steps() {}

  /// The plan of a run.
  ///
  /// @param workflows the Workflows of the namespace, by name
  /// @throws Refusal naming the step and what is wrong with it
  static Plan plan(
      Application application,
      Function<String, Optional<Workflow>> workflows,
      Definitions definitions) {
    var written = application.spec().workflow();
    if (written == null) {
      return Plan.unwritten(standing(application));
    }
    var ref = written.ref();
    Plan plan;
    if (ref == null || ref.isEmpty()) {
      plan =
          written.steps().isEmpty()
              ? Plan.of(standing(application), written.mode())
              : Plan.of(written.steps(), written.mode());
    } else {
      var workflow =
          workflows
              .apply(ref)
              .orElseThrow(() ->
                  new Refusal(
                      Stage.WORKFLOW,
                      "spec.workflow.ref: there is no Workflow \"%s\" in namespace %s; create it, or write the steps into the application"
                          .formatted(ref, application.metadata().namespace())));
      plan = Plan.of(workflow.steps(), written.mode(), workflow.mode());
    }
    plan = plan.waiting((step, level) -> needs(application, step, level));
    var faults = faults(plan, PATH, published(application), StepTypes.supported(), definitions);
    if (!faults.isEmpty()) {
      throw new Refusal(Stage.WORKFLOW, Progress.text(faults));
    }
    return plan;
  }

  /// What is wrong with the workflow as written; what only the present tells is left out.
  static List<ApiError.Cause> faults(Application application, Definitions definitions) {
    var written = application.spec().workflow();
    if (written == null) {
      return List.of();
    }
    var faults = new ArrayList<ApiError.Cause>();
    if (written.ref() != null && !written.ref().isEmpty() && !written.steps().isEmpty()) {
      faults.add(
          new ApiError.Cause(
              "FieldValueInvalid",
              "spec.workflow.ref",
              "Invalid value: \"" + written.ref() + "\": may not be combined with steps"));
    }
    mode(written.mode(), "spec.workflow.mode", faults);
    var plan =
        Plan.of(written.steps(), written.mode())
            .waiting((step, level) -> needs(application, step, level));
    faults.addAll(faults(plan, PATH, published(application), StepTypes.supported(), definitions));
    return faults;
  }

  /// A step that applies a component waits for those that apply what the component depends on (spec
  /// §11.17).
  private static List<String> needs(
      Application application, WorkflowStep step, List<WorkflowStep> level) {
    var mine = component(step);
    var needed =
        application.spec().components().stream()
            .filter(component -> component.name().equals(mine))
            .flatMap(component -> component.dependsOn().stream())
            .toList();
    return level.stream()
        .filter(other -> needed.contains(component(other)))
        .map(other -> String.valueOf(other.name()))
        .filter(name -> !step.dependsOn().contains(name))
        .toList();
  }

  /// What an `apply-component` step applies; empty for others.
  private static String component(WorkflowStep step) {
    return step.type().equals("apply-component")
        ? properties(step).path("component").asString("")
        : "";
  }

  static void mode(WorkflowStep.@Nullable Mode mode, String path, List<ApiError.Cause> faults) {
    if (mode != null) {
      one(mode.steps(), path + ".steps", faults);
      one(mode.subSteps(), path + ".subSteps", faults);
    }
  }

  private static void one(@Nullable String mode, String path, List<ApiError.Cause> faults) {
    if (mode != null && !mode.equals("DAG") && !mode.equals("StepByStep")) {
      faults.add(
          new ApiError.Cause(
              "FieldValueNotSupported",
              path,
              "Unsupported value: \"" + mode + "\": supported values: \"DAG\", \"StepByStep\""));
    }
  }

  /// The faults of a plan: of the steps in themselves, their types and their properties.
  ///
  /// @param types those that mean something here
  static List<ApiError.Cause> faults(
      Plan plan, String path, Set<String> published, List<String> types, Definitions definitions) {
    var faults = new ArrayList<>(plan.faults(path, published));
    for (var i = 0; i < plan.steps().size(); i++) {
      var step = plan.steps().get(i);
      var at = path + "[" + i + "]";
      one(step.mode(), at + ".mode", faults);
      type(step, at, types, definitions, faults);
      for (var j = 0; j < step.subSteps().size(); j++) {
        var sub = step.subSteps().get(j).asStep();
        type(sub, at + ".subSteps[" + j + "]", types, definitions, faults);
      }
    }
    return faults;
  }

  private static void type(
      WorkflowStep step,
      String path,
      List<String> types,
      Definitions definitions,
      List<ApiError.Cause> faults) {
    if (!types.contains(step.type())) {
      faults.add(
          new ApiError.Cause(
              "FieldValueNotSupported",
              path + ".type",
              StepTypes.refused(step.type())
                  .map(why -> "workflow step type \"%s\" %s".formatted(step.type(), why))
                  .orElseGet(() ->
                      "workflow step type \"%s\" is not supported by this version; supported types are %s"
                          .formatted(step.type(), String.join(", ", types)))));
      return;
    }
    var definition = definitions.find(Role.WORKFLOW_STEP, step.type()).orElse(null);
    if (definition == null || !step.inputs().isEmpty()) {
      return; // with inputs the properties are whole only when the step runs
    }
    faults.addAll(definition.check(step.properties(), path + ".properties").faults());
  }

  /// The names of values that components publish.
  static Set<String> published(Application application) {
    var names = new HashSet<String>();
    application
        .spec()
        .components()
        .forEach(component -> component.outputs().forEach(output -> names.add(output.name())));
    return names;
  }

  /// What a workflow does that nobody wrote. Overrides and replications act on every topology.
  private static List<WorkflowStep> standing(Application application) {
    var policies = Policies.of(application);
    var common = new ArrayList<String>();
    for (var type : List.of("override", "replication")) {
      policies.ofType(type).forEach(policy -> common.add(policy.name()));
    }
    var steps = new ArrayList<WorkflowStep>();
    for (var topology : policies.ofType("topology")) {
      var names = new ArrayList<String>();
      names.add(topology.name());
      names.addAll(common);
      steps.add(deploy(DEPLOY + "-" + topology.name(), names));
    }
    if (!steps.isEmpty()) {
      return steps;
    }
    var environments = environments(policies);
    return environments.isEmpty() ? List.of(deploy(DEPLOY, common)) : environments;
  }

  /// One step for each environment of an old env-binding policy.
  private static List<WorkflowStep> environments(Policies policies) {
    var steps = new ArrayList<WorkflowStep>();
    for (var type : EnvBinding.TYPES) {
      for (var policy : policies.ofType(type)) {
        for (var name : EnvBinding.environments(policy)) {
          var properties = Json.object().put("policy", policy.name()).put("env", name);
          steps.add(step("deploy2env-" + policy.name() + "-" + name, "deploy2env", properties));
        }
      }
    }
    return steps;
  }

  private static WorkflowStep deploy(String name, List<String> policies) {
    var properties = Json.object();
    policies.forEach(properties.putArray("policies")::add);
    return step(name, DEPLOY, properties);
  }

  private static WorkflowStep step(String name, String type, ObjectNode properties) {
    return new WorkflowStep(
        name, type, null, null, null, List.of(), List.of(), List.of(), properties, null, List.of());
  }

  /// The policies a deploy step names.
  ///
  /// @throws Refusal naming the one that is not there
  static Policies policies(Policies all, String step, JsonNode parameter) {
    var names = new ArrayList<String>();
    for (var name : parameter.path("policies")) {
      var text = name.asString("");
      if (all.find(text).isEmpty()) {
        throw new Refusal(
            Stage.WORKFLOW,
            "step \"%s\": there is no policy \"%s\"; the policies are %s, and no Policy object of the namespace has that name"
                .formatted(step, text, all.all().stream().map(Policies.Named::name).toList()));
      }
      names.add(text);
    }
    return all.select(names);
  }

  static JsonNode properties(WorkflowStep step) {
    var given = step.properties();
    return given == null ? MissingNode.getInstance() : given;
  }
}
