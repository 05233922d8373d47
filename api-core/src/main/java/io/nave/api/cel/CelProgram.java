package io.nave.api.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One compiled expression.
public final class CelProgram {
  private final String source;
  private final CelAbstractSyntaxTree ast;
  private final CelRuntime.Program program;

  CelProgram(String source, CelAbstractSyntaxTree ast, CelRuntime.Program program) {
    this.source = source;
    this.ast = ast;
    this.program = program;
  }

  /// What it yields within the budget of one expression; see [#value(Map, CelBudget)].
  public Object value(Map<String, ?> variables) {
    return value(variables, CelBudget.forExpression());
  }

  /// What it yields: text, number, flag, list, map, null value, or an optional of these, as
  /// [CelValues] turns into JSON.
  ///
  /// @param variables every name of the environment that the expression reads
  /// @throws CelFault when it fails on these values
  /// @throws CelFault.OverBudget when it costs more than is left
  public Object value(Map<String, ?> variables, CelBudget budget) {
    var meter = new Meter(budget);
    try {
      return program.trace(name -> Optional.ofNullable(variables.get(name)), meter);
    } catch (CelEvaluationException e) {
      var over = meter.stopped();
      if (over != null) {
        throw over;
      }
      throw new CelFault(Objects.requireNonNullElse(e.getMessage(), "cannot be evaluated"));
    }
  }

  /// Whether it holds, within the budget of one expression.
  ///
  /// @throws CelFault as [#value(Map)], and when it yields anything but true or false
  public boolean test(Map<String, ?> variables) {
    return test(variables, CelBudget.forExpression());
  }

  /// Whether it holds.
  ///
  /// @throws CelFault as [#value(Map, CelBudget)], and when it yields anything but true or false
  public boolean test(Map<String, ?> variables, CelBudget budget) {
    var value = value(variables, budget);
    if (CelValues.present(value) instanceof Boolean flag) {
      return flag;
    }
    throw new CelFault("expected true or false, found " + CelValues.typeOf(value));
  }

  public String source() {
    return source;
  }

  /// Its syntax tree, for those who read off what an expression reads.
  public CelExpr tree() {
    return ast.getExpr();
  }

  /// The type of what it yields, as far as the compiler knows it.
  public CelType resultType() {
    return ast.getResultType();
  }

  /// That type as CEL calls it, such as `bool`; `dyn` when only the values tell.
  public String resultTypeName() {
    return ast.getResultType().name();
  }

  @Override
  public String toString() {
    return source;
  }
}
