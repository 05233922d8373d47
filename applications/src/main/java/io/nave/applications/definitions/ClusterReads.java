package io.nave.applications.definitions;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.List;

/// Whether expressions may read which cluster they are rendered for: `context.cluster`,
/// `context.clusterVersion`, or `context` as a whole. Told from the text alone, and in doubt yes.
/// Stateless.
final class ClusterReads {
  private static final String CONTEXT = "context";

  private ClusterReads() {}

  static boolean any(List<CelExpr> expressions) {
    return expressions.stream().anyMatch(ClusterReads::in);
  }

  static boolean in(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT -> expr.ident().name().equals(CONTEXT);
      case SELECT ->
          isContext(expr.select().operand())
              ? tells(expr.select().field())
              : in(expr.select().operand());
      case CALL -> call(expr.call());
      case LIST -> any(expr.list().elements());
      case STRUCT -> expr.struct().entries().stream().anyMatch(entry -> in(entry.value()));
      case MAP ->
          expr.map().entries().stream().anyMatch(entry -> in(entry.key()) || in(entry.value()));
      case COMPREHENSION -> loop(expr.comprehension());
      case CONSTANT, NOT_SET -> false;
    };
  }

  private static boolean call(CelExpr.CelCall call) {
    var args = call.args();
    if (args.size() == 2 && isContext(args.getFirst())) {
      var name = args.getLast();
      return !isText(name) || tells(name.constant().stringValue());
    }
    return call.target().filter(ClusterReads::in).isPresent() || any(args);
  }

  private static boolean loop(CelExpr.CelComprehension loop) {
    return in(loop.iterRange())
        || in(loop.accuInit())
        || in(loop.loopCondition())
        || in(loop.loopStep())
        || in(loop.result());
  }

  private static boolean isContext(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.IDENT && in(expr);
  }

  private static boolean isText(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }

  private static boolean tells(String field) {
    return field.equals("cluster") || field.equals("clusterVersion");
  }
}
