package io.nave.applications.definitions;

import dev.cel.common.ast.CelExpr;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelValues;
import java.util.Map;
import java.util.Objects;

/// One compiled expression of a definition, and where it stands.
final class Expression {
  private final String definition;
  private final String path;
  private final CelProgram program;

  Expression(String definition, String path, CelProgram program) {
    this.definition = definition;
    this.path = path;
    this.program = program;
  }

  /// What it yields: text, number, flag, list, map, null value, or an optional of these.
  ///
  /// @throws RenderFault when it fails on these values, or costs too much
  Object value(Map<String, ?> variables) {
    return value(variables, new RenderBudget());
  }

  /// The same, within what is left of a budget that several expressions share.
  Object value(Map<String, ?> variables, RenderBudget budget) {
    try {
      return budget.value(program, variables);
    } catch (CelFault e) {
      throw fault(Objects.requireNonNullElse(e.getMessage(), "cannot be evaluated"));
    }
  }

  boolean isTrue(Map<String, ?> variables) {
    return isTrue(variables, new RenderBudget());
  }

  boolean isTrue(Map<String, ?> variables, RenderBudget budget) {
    var value = value(variables, budget);
    if (CelValues.present(value) instanceof Boolean flag) {
      return flag;
    }
    throw fault("expected true or false, found " + CelValues.typeOf(value));
  }

  RenderFault fault(String what) {
    return new RenderFault(definition + ": " + path + ": ${" + program.source() + "}: " + what);
  }

  BadDefinition bad(String what) {
    return new BadDefinition(definition, path, "${" + program.source() + "}: " + what);
  }

  CelExpr tree() {
    return program.tree();
  }
}
