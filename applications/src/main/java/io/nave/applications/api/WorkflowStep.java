package io.nave.applications.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.nave.api.Absent;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One step of a workflow (spec/app-layer-behaviour.md §11.1).
///
/// @param name unique in the whole workflow; one that is missing is called `step-<i>`
/// @param when `if` in YAML: `always`, an expression, or nothing: only when what it follows
///   succeeded
/// @param timeout such as `30m`, from the first execution on
/// @param mode of a `step-group`: `DAG` (default) or `StepByStep`
/// @param subSteps of a `step-group`
public record WorkflowStep(
    @Nullable String name,
    @Required String type,
    @Nullable Alias meta,
    @JsonProperty("if") @Nullable String when,
    @Nullable String timeout,
    List<String> dependsOn,
    List<Input> inputs,
    List<Output> outputs,
    @Preserve @Nullable JsonNode properties,
    @Nullable String mode,
    List<SubStep> subSteps) {
  public WorkflowStep {
    type = Absent.toEmpty(type);
    dependsOn = Absent.toEmpty(dependsOn);
    inputs = Absent.toEmpty(inputs);
    outputs = Absent.toEmpty(outputs);
    subSteps = Absent.toEmpty(subSteps);
  }

  /// The same, which waits for more steps.
  public WorkflowStep waitingFor(List<String> more) {
    return more.isEmpty()
        ? this
        : new WorkflowStep(
            name,
            type,
            meta,
            when,
            timeout,
            both(dependsOn, more),
            inputs,
            outputs,
            properties,
            mode,
            subSteps);
  }

  /// The same with other steps in it.
  public WorkflowStep holding(List<SubStep> others) {
    return new WorkflowStep(
        name, type, meta, when, timeout, dependsOn, inputs, outputs, properties, mode, others);
  }

  private static List<String> both(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /// A name for people.
  public record Alias(@Nullable String alias) {}

  /// A value to take.
  ///
  /// @param from the name it was published under, or `context...`
  /// @param parameterKey where it is written, such as `env[0].value`; empty: only `if` reads it
  public record Input(@Required String from, @Nullable String parameterKey) {
    public Input {
      from = Absent.toEmpty(from);
    }
  }

  /// A value to publish.
  ///
  /// @param valueFrom a path or an expression over what the step or the component yields
  public record Output(@Required String name, @Required String valueFrom) {
    public Output {
      name = Absent.toEmpty(name);
      valueFrom = Absent.toEmpty(valueFrom);
    }
  }

  /// A step inside a group; groups do not nest.
  public record SubStep(
      @Nullable String name,
      @Required String type,
      @Nullable Alias meta,
      @JsonProperty("if") @Nullable String when,
      @Nullable String timeout,
      List<String> dependsOn,
      List<Input> inputs,
      List<Output> outputs,
      @Preserve @Nullable JsonNode properties) {
    public SubStep {
      type = Absent.toEmpty(type);
      dependsOn = Absent.toEmpty(dependsOn);
      inputs = Absent.toEmpty(inputs);
      outputs = Absent.toEmpty(outputs);
    }

    /// The same, which waits for more steps.
    public SubStep waitingFor(List<String> more) {
      return more.isEmpty()
          ? this
          : new SubStep(
              name, type, meta, when, timeout, both(dependsOn, more), inputs, outputs, properties);
    }

    /// The same as a step that is no group.
    public WorkflowStep asStep() {
      return new WorkflowStep(
          name, type, meta, when, timeout, dependsOn, inputs, outputs, properties, null, List.of());
    }
  }

  /// How the steps of one level follow each other.
  ///
  /// @param steps `StepByStep` or `DAG`
  /// @param subSteps the same, inside of groups
  public record Mode(@Nullable String steps, @Nullable String subSteps) {}
}
