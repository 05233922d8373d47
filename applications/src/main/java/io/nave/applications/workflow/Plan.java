package io.nave.applications.workflow;

import io.nave.api.ApiError;
import io.nave.api.cel.BadExpression;
import io.nave.applications.api.WorkflowStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The steps of a run in the order they stand in, each with a name.
///
/// @param dag whether steps start as soon as what they depend on is done; else one after the other
/// @param subDag the same inside of groups that do not say it themselves
public record Plan(List<WorkflowStep> steps, boolean dag, boolean subDag) {
  /// The type of a step that holds others.
  public static final String GROUP = "step-group";

  /// More steps than people read, few enough to walk in every pass.
  static final int STEPS_MAX = 200;

  private static final String DAG = "DAG";
  private static final String STEP_BY_STEP = "StepByStep";

  public Plan {
    steps = List.copyOf(steps);
  }

  /// What was written: one step after the other unless a mode says otherwise, sub-steps all at
  /// once.
  ///
  /// @param modes the first that says something wins
  public static Plan of(List<WorkflowStep> steps, WorkflowStep.@Nullable Mode... modes) {
    var top = STEP_BY_STEP;
    var sub = DAG;
    for (var i = modes.length - 1; i >= 0; i--) {
      var mode = modes[i];
      if (mode != null && mode.steps() != null) {
        top = mode.steps();
      }
      if (mode != null && mode.subSteps() != null) {
        sub = mode.subSteps();
      }
    }
    return new Plan(named(steps), top.equals(DAG), sub.equals(DAG));
  }

  /// What stands for a workflow that nobody wrote: everything at once.
  public static Plan unwritten(List<WorkflowStep> steps) {
    return new Plan(named(steps), true, true);
  }

  private static List<WorkflowStep> named(List<WorkflowStep> steps) {
    var named = new ArrayList<WorkflowStep>();
    for (var i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      var subs = new ArrayList<WorkflowStep.SubStep>();
      for (var j = 0; j < step.subSteps().size(); j++) {
        subs.add(named(step.subSteps().get(j), "step-" + i + "-" + j));
      }
      named.add(
          new WorkflowStep(
              orName(step.name(), "step-" + i),
              step.type(),
              step.meta(),
              step.when(),
              step.timeout(),
              step.dependsOn(),
              step.inputs(),
              step.outputs(),
              step.properties(),
              step.mode(),
              subs));
    }
    return named;
  }

  private static WorkflowStep.SubStep named(WorkflowStep.SubStep sub, String name) {
    return new WorkflowStep.SubStep(
        orName(sub.name(), name),
        sub.type(),
        sub.meta(),
        sub.when(),
        sub.timeout(),
        sub.dependsOn(),
        sub.inputs(),
        sub.outputs(),
        sub.properties());
  }

  private static String orName(@Nullable String name, String otherwise) {
    return name == null || name.isEmpty() ? otherwise : name;
  }

  /// The same, where steps that start as soon as they can wait for further ones beside them. Steps
  /// that run one after the other stay as they are.
  ///
  /// @param needs by a step and those of its level: the names of those it waits for too
  public Plan waiting(BiFunction<WorkflowStep, List<WorkflowStep>, List<String>> needs) {
    var all = new ArrayList<WorkflowStep>();
    for (var step : steps) {
      var linked = dag ? step.waitingFor(needs.apply(step, steps)) : step;
      var holds = !step.subSteps().isEmpty() && dagIn(step);
      all.add(holds ? linked.holding(waiting(step.subSteps(), needs)) : linked);
    }
    return new Plan(all, dag, subDag);
  }

  private static List<WorkflowStep.SubStep> waiting(
      List<WorkflowStep.SubStep> subs,
      BiFunction<WorkflowStep, List<WorkflowStep>, List<String>> needs) {
    var level = subs.stream().map(WorkflowStep.SubStep::asStep).toList();
    return subs.stream().map(sub -> sub.waitingFor(needs.apply(sub.asStep(), level))).toList();
  }

  /// As `status.workflow.mode` shows it.
  public String mode() {
    return (dag ? DAG : STEP_BY_STEP) + "-" + (subDag ? DAG : STEP_BY_STEP);
  }

  /// Whether the sub-steps of a group start as soon as they can.
  boolean dagIn(WorkflowStep group) {
    return group.mode() == null ? subDag : group.mode().equals(DAG);
  }

  /// All steps that do something, sub-steps in the place of their group, in the order written.
  public List<WorkflowStep> leaves() {
    return flat(steps);
  }

  /// The same of steps of which no plan was made yet.
  public static List<WorkflowStep> flat(List<WorkflowStep> steps) {
    var leaves = new ArrayList<WorkflowStep>();
    for (var step : steps) {
      if (step.type().equals(GROUP)) {
        step.subSteps().forEach(sub -> leaves.add(sub.asStep()));
      } else {
        leaves.add(step);
      }
    }
    return leaves;
  }

  /// The name a step of this plan goes by.
  static String nameOf(WorkflowStep step) {
    return step.name() == null ? "" : step.name();
  }

  /// By the name of a published value: the step that publishes it.
  Map<String, String> producers() {
    var producers = new LinkedHashMap<String, String>();
    for (var step : steps) {
      step.outputs().forEach(output -> producers.putIfAbsent(output.name(), nameOf(step)));
      for (var sub : step.subSteps()) {
        sub.outputs().forEach(output -> producers.putIfAbsent(output.name(), nameOf(sub.asStep())));
      }
    }
    return producers;
  }

  /// What is wrong with the steps in themselves.
  ///
  /// @param path where the steps stand, such as `spec.workflow.steps`
  /// @param further names of values that others publish
  public List<ApiError.Cause> faults(String path, Set<String> further) {
    return new Check(further).of(path);
  }

  private final class Check {
    private final Set<String> published;
    private final Map<String, String> seen = new HashMap<>(); // looked up only
    private final List<ApiError.Cause> faults = new ArrayList<>();

    Check(Set<String> further) {
      published = new HashSet<>(further);
      published.addAll(producers().keySet());
    }

    List<ApiError.Cause> of(String path) {
      if (steps.size() > STEPS_MAX) {
        invalid(path, "must have at most " + STEPS_MAX + " items, has " + steps.size());
      }
      level(steps, path, dag);
      for (var i = 0; i < steps.size(); i++) {
        group(steps.get(i), path + "[" + i + "]");
      }
      return List.copyOf(faults);
    }

    private void group(WorkflowStep step, String path) {
      var isGroup = step.type().equals(GROUP);
      if (isGroup && step.subSteps().isEmpty()) {
        faults.add(
            new ApiError.Cause(
                "FieldValueRequired", path + ".subSteps", "Required value: a group has sub-steps"));
      }
      if (!isGroup && !step.subSteps().isEmpty()) {
        invalid(
            path + ".subSteps",
            "only a step of type " + GROUP + " has sub-steps, this one is \"" + step.type() + "\"");
      }
      var subs = step.subSteps().stream().map(WorkflowStep.SubStep::asStep).toList();
      level(subs, path + ".subSteps", dagIn(step));
      for (var i = 0; i < subs.size(); i++) {
        if (subs.get(i).type().equals(GROUP)) {
          invalid(path + ".subSteps[" + i + "].type", "a group may not stand in a group");
        }
      }
    }

    private void level(List<WorkflowStep> level, String path, boolean free) {
      var names = level.stream().map(Plan::nameOf).toList();
      for (var i = 0; i < level.size(); i++) {
        var at = path + "[" + i + "]";
        var step = level.get(i);
        var before = seen.putIfAbsent(nameOf(step), at);
        if (before != null) {
          faults.add(
              new ApiError.Cause(
                  "FieldValueDuplicate",
                  at + ".name",
                  "Duplicate value: \"" + nameOf(step) + "\": " + before + " has the same name"));
        }
        for (var d = 0; d < step.dependsOn().size(); d++) {
          dependency(names, i, step.dependsOn().get(d), at + ".dependsOn[" + d + "]", free);
        }
        step(step, at);
      }
      cycle(level).ifPresent(text -> invalid(path, text));
    }

    private void dependency(
        List<String> names, int index, String wanted, String path, boolean free) {
      var there = names.indexOf(wanted);
      if (there < 0) {
        invalid(path, "there is no step \"" + wanted + "\" beside it; the steps are " + names);
      } else if (!free && there >= index) {
        invalid(
            path,
            "step \"%s\" comes later, and the steps run one after the other; set mode DAG or move it"
                .formatted(wanted));
      }
    }

    private void step(WorkflowStep step, String path) {
      if (step.timeout() != null && Durations.parse(step.timeout()).isEmpty()) {
        invalid(
            path + ".timeout",
            "expected a duration such as 30s, 10m or 1h30m, found \"" + step.timeout() + "\"");
      }
      try {
        When.check(step.when());
      } catch (BadExpression e) {
        invalid(path + ".if", String.valueOf(e.getMessage()));
      }
      for (var i = 0; i < step.inputs().size(); i++) {
        var from = step.inputs().get(i).from();
        if (!from.startsWith("context.") && !published.contains(from)) {
          invalid(path + ".inputs[" + i + "].from", "nothing publishes \"" + from + "\"");
        }
      }
      for (var i = 0; i < step.outputs().size(); i++) {
        try {
          ValueFrom.parse(step.outputs().get(i).valueFrom());
        } catch (BadExpression e) {
          invalid(path + ".outputs[" + i + "].valueFrom", String.valueOf(e.getMessage()));
        }
      }
    }

    private void invalid(String path, String what) {
      faults.add(new ApiError.Cause("FieldValueInvalid", path, "Invalid value: " + what));
    }
  }

  /// The steps that wait for each other in a circle, said for people.
  private Optional<String> cycle(List<WorkflowStep> level) {
    var left = new LinkedHashMap<String, Set<String>>();
    level.forEach(step -> left.put(nameOf(step), new HashSet<>(dependencies(step, level))));
    while (true) {
      var free =
          left.keySet().stream()
              .filter(name -> left.getOrDefault(name, Set.of()).isEmpty())
              .toList();
      if (free.isEmpty()) {
        break;
      }
      free.forEach(left::remove);
      left.values().forEach(needs -> free.forEach(needs::remove));
    }
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of("steps wait for each other in a circle: " + List.copyOf(left.keySet()));
  }

  /// The steps beside it that a step waits for: those it names, and those whose values it takes.
  List<String> dependencies(WorkflowStep step, List<WorkflowStep> level) {
    var names = level.stream().map(Plan::nameOf).toList();
    var found = new ArrayList<String>();
    step.dependsOn().stream().filter(names::contains).forEach(found::add);
    var producers = producers();
    for (var input : step.inputs()) {
      var producer = producers.get(input.from());
      if (producer != null && names.contains(producer) && !found.contains(producer)) {
        found.add(producer);
      }
    }
    return found;
  }
}
