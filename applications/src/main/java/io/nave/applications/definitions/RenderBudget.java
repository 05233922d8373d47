package io.nave.applications.definitions;

import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import java.util.Map;

/// What the expressions of one rendering, or of one judgement of health, may cost together; each
/// has its own bound besides. Owned by one task.
final class RenderBudget {
  /// As much as Kubernetes gives all rules of one request.
  private static final long UNITS_MAX = CelBudget.REQUEST_UNITS_MAX;

  private long left = UNITS_MAX;

  /// What the program yields.
  ///
  /// @throws CelFault when it fails, or costs too much
  Object value(CelProgram program, Map<String, ?> variables) {
    var own = CelBudget.of(Math.min(left, CelBudget.EXPRESSION_UNITS_MAX));
    var before = own.left();
    try {
      return program.value(variables, own);
    } finally {
      left = Math.max(0, left - (before - own.left()));
    }
  }
}
