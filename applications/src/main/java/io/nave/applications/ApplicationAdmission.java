package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.applications.api.Application;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Catalog;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.workflow.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an Application must keep to be stored: its types are known, its components have names of
/// their own, and properties fit their definitions. What only the present can tell (clusters,
/// placements) is told by conditions instead.
public final class ApplicationAdmission {
  private final Catalog catalog = new Catalog();

  private ApplicationAdmission() {}

  /// Knows what ships with Nave; what is an object is given with each question.
  public static ApplicationAdmission builtIn() {
    return new ApplicationAdmission();
  }

  /// The faults of an application that can name the types of its namespace, of the system's, and
  /// those that ship with Nave; with paths from the Application's root. Empty when it may be
  /// stored.
  public List<ApiError.Cause> check(Application application, DefinitionObjects objects) {
    var definitions = definitions(application, objects);
    var faults = new ArrayList<>(Blueprint.of(application, definitions).faults());
    faults.addAll(ComponentLinks.faults(application));
    faults.addAll(Steps.faults(application, definitions));
    faults.addAll(new PolicyProperties(definitions).faults(application));
    return List.copyOf(faults);
  }

  /// The same about a WorkflowRun.
  public List<ApiError.Cause> check(WorkflowRun run, DefinitionObjects objects) {
    var definitions = catalog.of(objects, run.metadata().namespace(), false);
    var faults = new ArrayList<ApiError.Cause>();
    var written = run.spec().workflowSpec();
    var ref = run.spec().workflowRef();
    if ((written == null) == (ref == null || ref.isEmpty())) {
      faults.add(
          new ApiError.Cause(
              "FieldValueInvalid",
              "spec",
              "Invalid value: expected either workflowRef or workflowSpec"));
    }
    Steps.mode(run.spec().mode(), "spec.mode", faults);
    if (written != null) {
      var path = "spec.workflowSpec";
      Steps.mode(written.mode(), path + ".mode", faults);
      var plan = Plan.of(written.steps(), run.spec().mode(), written.mode());
      faults.addAll(Steps.faults(plan, path + ".steps", Set.of(), StepTypes.inRuns(), definitions));
    }
    return List.copyOf(faults);
  }

  private Definitions definitions(Application application, DefinitionObjects objects) {
    var meta = application.metadata();
    var newest = "true".equals(meta.annotations().get(ApplicationTypes.AUTO_UPDATE));
    return catalog.of(objects, meta.namespace(), newest);
  }

  /// The same, when there are no definitions but those that ship with Nave.
  public List<ApiError.Cause> check(Application application) {
    return check(application, DefinitionObjects.NONE);
  }

  /// What an application without faults delivers of the hub's own objects: whoever writes it must
  /// be allowed to read them.
  public List<Reference> references(Application application, DefinitionObjects objects) {
    var all = new ArrayList<Reference>();
    Blueprint.of(application, definitions(application, objects))
        .components()
        .forEach(component -> all.addAll(Reference.in(component)));
    var workflow = application.spec().workflow();
    if (workflow != null) {
      all.addAll(references(workflow.steps()));
    }
    return all;
  }

  /// What steps read of the hub's own objects, in the namespace they run in.
  ///
  /// @throws ApiError BadRequest for one that reads what an input says, which nobody can check
  public List<Reference> references(List<WorkflowStep> steps) {
    var all = new ArrayList<Reference>();
    for (var step : steps) {
      references(step, all);
      step.subSteps().forEach(sub -> references(sub.asStep(), all));
    }
    return all;
  }

  private static void references(WorkflowStep step, List<Reference> into) {
    for (var secret : Calling.secrets(step)) {
      into.add(new Reference("", "v1", "secrets", secret, Map.of()));
    }
    var properties = Steps.properties(step);
    var read =
        step.type().equals("read-object") && properties.path("cluster").asString("").isEmpty();
    if (read) {
      into.add(Reading.reference(properties));
    }
    for (var input : step.inputs()) {
      var key = input.parameterKey() == null ? "" : input.parameterKey();
      if (key.contains("secretRef") || (read && !key.isEmpty())) {
        throw ApiError.badRequest(
            "step \"%s\": inputs: parameterKey \"%s\": what is read of the hub must be written, so that it can be checked who may read it; write it into properties"
                .formatted(step.name(), key));
      }
    }
  }
}
