package io.nave.api.cel;

/// What evaluations may still cost, in units. One budget may serve several expressions, one after
/// the other: all rules of one object, say. Owned by one task.
///
/// A unit is one step of an expression on a small value: reading a name or a field, calling a
/// function. What a step reads or makes costs one more for every ten characters of a text and every
/// ten values in a list or map, however deeply nested: CEL walks all of it. The bounds are those of
/// Kubernetes (apiserver `cel` limits): 1,000,000 for one expression and 10,000,000 for all rules
/// of one request.
public final class CelBudget {
  /// What one expression may cost.
  public static final long EXPRESSION_UNITS_MAX = 1_000_000;

  /// What all expressions of one request may cost together.
  public static final long REQUEST_UNITS_MAX = 10_000_000;

  private final long units;
  private long left;

  private CelBudget(long units) {
    this.units = units;
    this.left = units;
  }

  public static CelBudget of(long units) {
    return new CelBudget(units);
  }

  /// The budget of a single expression.
  public static CelBudget forExpression() {
    return of(EXPRESSION_UNITS_MAX);
  }

  /// The budget of all rules that one request meets.
  public static CelBudget forRequest() {
    return of(REQUEST_UNITS_MAX);
  }

  public long left() {
    return left;
  }

  /// @throws CelFault.OverBudget when less was left
  void spend(long cost) {
    left -= cost;
    if (left < 0) {
      throw new CelFault.OverBudget(units);
    }
  }
}
