package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Catalog;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.revisions.Content;
import io.nave.applications.workflow.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What an Application must keep to be stored: its types are known, its components have names of
/// their own, and properties fit their definitions. What only the present can tell (clusters,
/// placements) is told by conditions instead.
public final class ApplicationAdmission {
  private final Catalog catalog = new Catalog();

  private ApplicationAdmission() {}

  /// A new application as it is to be stored: with the finalizer by which nothing it delivers is
  /// ever left behind, which its first pass would otherwise have to put there. One that is paused
  /// delivers nothing, and may go as it came.
  public static ApiObject guarded(ApiObject created) {
    return created.finalizers().contains(ApplicationReconciler.FINALIZER)
            || "true".equals(created.labels().get(ApplicationReconciler.PAUSE))
        ? created
        : created.editMeta(
            meta -> meta.withArrayProperty("finalizers").add(ApplicationReconciler.FINALIZER));
  }

  /// The value of `app.oam.dev/publishVersion`; empty when it is not published.
  public static String publishVersion(ApiObject application) {
    return application.annotations().getOrDefault(Content.PUBLISH_VERSION, "");
  }

  /// In whose name the works of an Application or WorkflowRun are applied, as their
  /// `spec.executor`; empty when it names nobody.
  public static JsonNode executor(ApiObject object) {
    return Account.json(object.namespace(), object.annotations());
  }

  /// Knows what ships with Nave; what is an object is given with each question.
  public static ApplicationAdmission builtIn() {
    return new ApplicationAdmission();
  }

  /// The faults of an application that can name the types of its namespace, of the system's, and
  /// those that ship with Nave; with paths from the Application's root. Empty when it may be
  /// stored.
  public List<ApiError.Cause> check(Application application, DefinitionObjects objects) {
    return check(application, definitions(application, objects));
  }

  /// The same about an application that is published: as long as its revision is what is delivered,
  /// the definitions count that the revision holds (spec §5.3), and those of today for types that
  /// it does not name.
  public List<ApiError.Cause> check(
      Application application, DefinitionObjects objects, ApplicationRevision published) {
    var today = definitions(application, objects);
    Definitions definitions;
    try {
      definitions =
          Holding.held(
              published,
              today,
              (role, key) -> objects.revision(key).flatMap(kept -> catalog.kept(role, kept)));
    } catch (Refusal e) {
      definitions = today; // what it holds on to is gone, which its condition says
    }
    return check(application, definitions);
  }

  /// What an edit of an application changes of parameters that may not be changed.
  public List<ApiError.Cause> fixed(
      Application before, Application after, DefinitionObjects objects) {
    return FixedParameters.faults(before, after, definitions(after, objects));
  }

  private static List<ApiError.Cause> check(Application application, Definitions definitions) {
    var faults = new ArrayList<>(Account.faults(application.metadata()));
    faults.addAll(Blueprint.of(application, definitions).faults());
    faults.addAll(ComponentLinks.faults(application));
    faults.addAll(Steps.faults(application, definitions));
    faults.addAll(new PolicyProperties(definitions).faults(application));
    return List.copyOf(faults);
  }

  /// The same about a WorkflowRun.
  public List<ApiError.Cause> check(WorkflowRun run, DefinitionObjects objects) {
    var definitions = catalog.of(objects, run.metadata().namespace(), false);
    var faults = new ArrayList<>(Account.faults(run.metadata()));
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
    return ApplicationTypes.definitions(catalog, application, objects);
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
