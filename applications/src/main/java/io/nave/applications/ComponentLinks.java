package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.cel.BadExpression;
import io.nave.applications.api.Application;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.workflow.ValueFrom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What binds the components of an Application together: `dependsOn`, `inputs`, `outputs`. Pure.
final class ComponentLinks {
  private final Application application;
  private final List<ApiError.Cause> faults = new ArrayList<>();

  private ComponentLinks(Application application) {
    this.application = application;
  }

  /// What is wrong with them, with paths from the Application's root.
  static List<ApiError.Cause> faults(Application application) {
    return new ComponentLinks(application).check();
  }

  private List<ApiError.Cause> check() {
    var components = application.spec().components();
    var names = components.stream().map(Application.Component::name).toList();
    var values = new HashSet<>(Steps.published(application));
    values.addAll(stepOutputs());
    for (var i = 0; i < components.size(); i++) {
      var component = components.get(i);
      var path = "spec.components[" + i + "]";
      for (var d = 0; d < component.dependsOn().size(); d++) {
        var needed = component.dependsOn().get(d);
        if (!names.contains(needed)) {
          invalid(
              path + ".dependsOn[" + d + "]",
              "there is no component \"" + needed + "\"; the components are " + names);
        }
      }
      data(component, path, values);
    }
    circle();
    return List.copyOf(faults);
  }

  private Set<String> stepOutputs() {
    var workflow = application.spec().workflow();
    var names = new HashSet<String>();
    if (workflow != null) {
      for (var step : workflow.steps()) {
        step.outputs().forEach(output -> names.add(output.name()));
        step.subSteps().forEach(sub -> sub.outputs().forEach(output -> names.add(output.name())));
      }
    }
    return names;
  }

  private void data(Application.Component component, String path, Set<String> values) {
    var workflow = application.spec().workflow();
    var referred = workflow != null && workflow.ref() != null; // its steps may publish
    for (var i = 0; i < component.inputs().size(); i++) {
      var input = component.inputs().get(i);
      if (!referred && !values.contains(input.from())) {
        invalid(path + ".inputs[" + i + "].from", "nothing publishes \"" + input.from() + "\"");
      }
      var key = input.parameterKey() == null ? "" : input.parameterKey();
      if (key.startsWith("traits[") && TraitInput.of(input, component.traits().size()).isEmpty()) {
        invalid(
            path + ".inputs[" + i + "].parameterKey",
            "\"%s\": expected traits[0].properties.NAME, with a number below %d"
                .formatted(key, component.traits().size()));
      }
    }
    for (var i = 0; i < component.outputs().size(); i++) {
      output(component.outputs().get(i), path + ".outputs[" + i + "].valueFrom");
    }
  }

  private void output(WorkflowStep.Output output, String path) {
    try {
      ValueFrom.parse(output.valueFrom());
    } catch (BadExpression e) {
      invalid(path, String.valueOf(e.getMessage()));
    }
  }

  /// Components that wait for each other: by health or by value.
  private void circle() {
    var producers = new LinkedHashMap<String, String>();
    for (var component : application.spec().components()) {
      component.outputs().forEach(output -> producers.put(output.name(), component.name()));
    }
    Map<String, Set<String>> left = new LinkedHashMap<>();
    for (var component : application.spec().components()) {
      var needs = new HashSet<>(component.dependsOn());
      component
          .inputs()
          .forEach(input -> {
            var producer = producers.get(input.from());
            if (producer != null) {
              needs.add(producer);
            }
          });
      left.put(component.name(), needs);
    }
    left.values().forEach(needs -> needs.retainAll(Set.copyOf(left.keySet())));
    var before = -1;
    while (before != left.size()) {
      before = left.size();
      var free =
          left.keySet().stream()
              .filter(name -> left.getOrDefault(name, Set.of()).isEmpty())
              .toList();
      free.forEach(left::remove);
      left.values().forEach(needs -> free.forEach(needs::remove));
    }
    if (!left.isEmpty()) {
      invalid(
          "spec.components",
          "components wait for each other in a circle: " + List.copyOf(left.keySet()));
    }
  }

  private void invalid(String path, String what) {
    faults.add(new ApiError.Cause("FieldValueInvalid", path, "Invalid value: " + what));
  }
}
