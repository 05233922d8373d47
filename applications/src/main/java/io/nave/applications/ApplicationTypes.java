package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Catalog;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import io.nave.applications.definitions.TypeName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Which types an Application names, for what wakes it up, and those it can name. Never throws.
final class ApplicationTypes {
  /// `true`: versions of definitions are looked up anew every time (spec §2.3).
  static final String AUTO_UPDATE = "app.oam.dev/autoUpdate";

  private final TreeSet<String> found = new TreeSet<>();
  private final Map<Role, SortedSet<String>> exact = new EnumMap<>(Role.class);

  private ApplicationTypes() {}

  /// The types the application can name.
  static Definitions definitions(
      Catalog catalog, Application application, DefinitionObjects objects) {
    var meta = application.metadata();
    var newest = "true".equals(meta.annotations().get(AUTO_UPDATE));
    return catalog.of(objects, meta.namespace(), newest);
  }

  /// `<role>/<name>` of each and, where it names a version, also `<role>/<name>@v<version>`.
  static List<String> of(Application application) {
    var types = new ApplicationTypes();
    types.collect(application);
    return List.copyOf(types.found);
  }

  private void collect(Application application) {
    for (var component : application.spec().components()) {
      add(Role.COMPONENT, component.type());
      component.traits().forEach(trait -> add(Role.TRAIT, trait.type()));
    }
    for (var policy : application.spec().policies()) {
      add(Role.POLICY, policy.type());
      var properties = policy.properties();
      if (properties != null) {
        overridden(properties.path("components"));
      }
    }
    var workflow = application.spec().workflow();
    if (workflow != null) {
      steps(workflow.steps());
    }
  }

  /// The same types as they are named, by role.
  ///
  /// @param steps of the workflow, wherever they are written
  static Map<Role, SortedSet<String>> exactly(Application application, List<WorkflowStep> steps) {
    var types = new ApplicationTypes();
    var spec = application.spec();
    var workflow = new Application.WorkflowSpec(null, null, steps);
    var whole = new Application.Spec(spec.components(), spec.policies(), workflow);
    types.collect(new Application(application.metadata(), whole, application.status()));
    return types.exact;
  }

  /// What an override policy brings in.
  private void overridden(JsonNode components) {
    for (var component : components) {
      add(Role.COMPONENT, component.path("type").asString(""));
      for (var trait : component.path("traits")) {
        add(Role.TRAIT, trait.path("type").asString(""));
      }
    }
  }

  private void steps(List<WorkflowStep> steps) {
    for (var step : steps) {
      add(Role.WORKFLOW_STEP, step.type());
      step.subSteps().forEach(inner -> add(Role.WORKFLOW_STEP, inner.type()));
    }
  }

  private void add(Role role, String type) {
    if (type.isEmpty()) {
      return;
    }
    exact.computeIfAbsent(role, _ -> new TreeSet<>()).add(type);
    var name = TypeName.of(type);
    found.add((role.word() + "/" + name.name()).intern());
    if (!name.version().isEmpty()) {
      found.add(role.word() + "/" + name);
    }
  }
}
