package io.nave.api.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Counts what one evaluation does, and stops it at the end of its budget. A list or map costs its
/// whole weight each time it is read, a loop's result too: the run time may walk it to unwrap
/// values. CEL calls it after every step; an exception from here ends the evaluation. One task
/// only.
final class Meter implements CelEvaluationListener {
  /// Characters of a text, or values of a tree, that cost one unit.
  private static final int PER_UNIT = 10;

  private final CelBudget budget;

  /// The weights of what was met before: loops read the same list again and again.
  private @Nullable IdentityHashMap<Object, Long> weights; // most evaluations meet none

  private CelFault.@Nullable OverBudget stopped;

  Meter(CelBudget budget) {
    this.budget = budget;
  }

  CelFault.@Nullable OverBudget stopped() {
    return stopped;
  }

  @Override
  public void callback(CelExpr expr, Object value) {
    try {
      var decided = value instanceof AuthorizerCel.Decision && calls(expr);
      budget.spend(1 + (accumulates(expr) ? weight(value) : remembered(value)) / PER_UNIT);
      budget.spend(decided ? AuthorizerCel.CHECK_UNITS : 0);
    } catch (CelFault.OverBudget e) {
      stopped = e;
      throw e;
    }
  }

  /// A loop's own accumulator: it changes, so its weight cannot be remembered.
  private static boolean accumulates(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.IDENT && expr.ident().name().startsWith("@");
  }

  private static boolean calls(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.CALL;
  }

  private long remembered(@Nullable Object value) {
    return switch (value) {
      case JsonMap map -> map.weight();
      case JsonList list -> list.weight();
      case Collection<?> list -> remembered(list, weighed());
      case Map<?, ?> map -> remembered(map, weighed());
      case null, default -> weight(value);
    };
  }

  private static long remembered(Object value, IdentityHashMap<Object, Long> weights) {
    var known = weights.get(value);
    if (known == null) {
      known = weight(value);
      weights.put(value, known);
    }
    return known;
  }

  private IdentityHashMap<Object, Long> weighed() {
    var known = weights;
    if (known == null) {
      known = new IdentityHashMap<>();
      weights = known;
    }
    return known;
  }

  /// The values in a tree, its texts by their length. As deep as the objects that are parsed here,
  /// which are bounded.
  private static long weight(@Nullable Object value) {
    return switch (value) {
      case JsonMap map -> map.weight();
      case JsonList list -> list.weight();
      case Collection<?> list -> {
        long sum = 1;
        for (var each : list) {
          sum += weight(each);
        }
        yield sum;
      }
      case Map<?, ?> map -> {
        long sum = 1;
        for (var each : map.entrySet()) {
          sum += weight(each.getKey()) + weight(each.getValue());
        }
        yield sum;
      }
      case Optional<?> optional -> weight(optional.orElse(null));
      case CharSequence text -> 1 + text.length();
      case null, default -> 1;
    };
  }
}
