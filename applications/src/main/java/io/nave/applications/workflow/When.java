package io.nave.applications.workflow;

import io.nave.api.Json;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelValues;
import io.nave.applications.api.WorkflowStatus.StepStatus;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `if` of a step (spec §11.7): `always`, or a CEL expression over `status`, `inputs`,
/// `context` and `parameter`. Steps with dashes in their names are read as `status["a-b"]`.
final class When {
  static final String ALWAYS = "always";

  private When() {}

  /// Loading it loads CEL, so it is named only where there is an expression.
  private static final class Compiler {
    static final CelEnvironment ENVIRONMENT =
        CelEnvironment.standard().with(List.of("status", "inputs", "context", "parameter"));
  }

  /// @throws BadExpression when it is neither nothing, `always` nor an expression
  static void check(@Nullable String when) {
    if (when != null && isExpression(when)) {
      Compiler.ENVIRONMENT.compile(when.strip());
    }
  }

  private static boolean isExpression(String when) {
    return !when.isBlank() && !when.strip().equals(ALWAYS);
  }

  /// What an expression says.
  ///
  /// @throws CelFault when it fails, or yields no boolean
  /// @throws BadExpression when it is none
  static boolean test(
      String when,
      Collection<StepStatus> states,
      ObjectNode inputs,
      JsonNode context,
      JsonNode parameter) {
    if (!isExpression(when)) {
      return true;
    }
    var variables = new LinkedHashMap<String, Object>();
    variables.put("status", CelValues.toCel(status(states)));
    variables.put("inputs", CelValues.toCel(inputs));
    variables.put("context", CelValues.toCel(context));
    variables.put("parameter", CelValues.toCel(parameter));
    return Compiler.ENVIRONMENT.compile(when.strip()).test(variables);
  }

  private static ObjectNode status(Collection<StepStatus> states) {
    var all = Json.object();
    for (var state : states) {
      var phase = Phase.of(state);
      var reason = state.reason() == null ? "" : state.reason();
      all.putObject(state.name())
          .put("phase", phase.word())
          .put("reason", reason)
          .put("message", state.message() == null ? "" : state.message())
          .put("failed", phase == Phase.FAILED)
          .put("succeeded", phase == Phase.SUCCEEDED)
          .put("skipped", phase == Phase.SKIPPED)
          .put("timeout", reason.equals(Reasons.TIMEOUT))
          .put("failedAfterRetries", reason.equals(Reasons.FAILED_AFTER_RETRIES))
          .put("terminate", reason.equals(Reasons.TERMINATE));
    }
    return all;
  }
}
