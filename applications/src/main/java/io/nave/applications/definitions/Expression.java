package io.nave.applications.definitions;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Objects;

/// One compiled CEL expression, and where it stands.
final class Expression {
  private final String definition;
  private final String path;
  private final String source;
  private final CelExpr tree;
  private final CelRuntime.Program program;

  Expression(
      String definition, String path, String source, CelExpr tree, CelRuntime.Program program) {
    this.definition = definition;
    this.path = path;
    this.source = source;
    this.tree = tree;
    this.program = program;
  }

  /// What it yields: text, number, flag, list, map, null value, or an optional of these.
  ///
  /// @throws RenderFault when it fails on these values
  Object value(Map<String, ?> variables) {
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw fault(Objects.requireNonNullElse(e.getMessage(), "cannot be evaluated"));
    }
  }

  boolean isTrue(Map<String, ?> variables) {
    if (Values.present(value(variables)) instanceof Boolean flag) {
      return flag;
    }
    throw fault("expected true or false, found " + Values.typeOf(value(variables)));
  }

  RenderFault fault(String what) {
    return new RenderFault(definition + ": " + path + ": ${" + source + "}: " + what);
  }

  BadDefinition bad(String what) {
    return new BadDefinition(definition, path, "${" + source + "}: " + what);
  }

  CelExpr tree() {
    return tree;
  }
}
