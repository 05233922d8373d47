package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Role;
import io.nave.applications.definitions.TypeName;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Which types an Application names, for what wakes it up. Never throws.
final class ApplicationTypes {
  /// `true`: versions of definitions are looked up anew every time (spec §2.3).
  static final String AUTO_UPDATE = "app.oam.dev/autoUpdate";

  private final TreeSet<String> found = new TreeSet<>();

  private ApplicationTypes() {}

  /// `<role>/<name>` of each and, where it names a version, also `<role>/<name>@v<version>`.
  static List<String> of(Application application) {
    var types = new ApplicationTypes();
    for (var component : application.spec().components()) {
      types.add(Role.COMPONENT, component.type());
      component.traits().forEach(trait -> types.add(Role.TRAIT, trait.type()));
    }
    for (var policy : application.spec().policies()) {
      types.add(Role.POLICY, policy.type());
      var properties = policy.properties();
      if (properties != null) {
        types.overridden(properties.path("components"));
      }
    }
    var workflow = application.spec().workflow();
    if (workflow != null) {
      types.steps(workflow.steps());
    }
    return List.copyOf(types.found);
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
    var name = TypeName.of(type);
    found.add((role.word() + "/" + name.name()).intern());
    if (!name.version().isEmpty()) {
      found.add(role.word() + "/" + name);
    }
  }
}
