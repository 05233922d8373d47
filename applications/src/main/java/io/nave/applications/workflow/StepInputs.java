package io.nave.applications.workflow;

import io.nave.applications.api.WorkflowStep;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The parameter of a step: its properties, with the values of its inputs written in.
public final class StepInputs {
  private StepInputs() {}

  /// @param properties written into, and returned
  /// @param values what was published under a name
  /// @throws IllegalArgumentException when a value does not fit where it is to be written
  public static ObjectNode into(
      ObjectNode properties, WorkflowStep step, Function<String, JsonNode> values) {
    for (var input : step.inputs()) {
      var key = input.parameterKey();
      if (key != null && !key.isEmpty()) {
        Parameters.put(properties, key, values.apply(input.from()).deepCopy());
      }
    }
    return properties;
  }
}
