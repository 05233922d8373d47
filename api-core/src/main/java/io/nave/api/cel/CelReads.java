package io.nave.api.cel;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an expression reads of some of its variables, told from the text alone.
public final class CelReads {
  private final Collection<String> roots;
  private final Set<List<String>> found = new LinkedHashSet<>();

  private CelReads(Collection<String> roots) {
    this.roots = roots;
  }

  /// Each longest path from a root downwards: names, and numbers of list items.
  public static Set<List<String>> of(CelProgram program, Collection<String> roots) {
    var reads = new CelReads(roots);
    reads.collect(program.tree());
    return reads.found;
  }

  private void collect(CelExpr expr) {
    var chain = chain(expr);
    if (chain != null) {
      found.add(chain);
      return;
    }
    switch (expr.getKind()) {
      case SELECT -> collect(expr.select().operand());
      case CALL -> {
        expr.call().target().ifPresent(this::collect);
        expr.call().args().forEach(this::collect);
      }
      case LIST -> expr.list().elements().forEach(this::collect);
      case MAP -> expr.map().entries().forEach(entry -> collect(entry.value()));
      default -> {}
    }
  }

  private @Nullable List<String> chain(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT -> roots.contains(expr.ident().name()) ? List.of(expr.ident().name()) : null;
      case SELECT -> longer(expr.select().operand(), expr.select().field());
      case CALL ->
          expr.call().function().equals("_[_]")
              ? longer(expr.call().args().getFirst(), text(expr.call().args().get(1)))
              : null;
      default -> null;
    };
  }

  private @Nullable List<String> longer(CelExpr operand, @Nullable String name) {
    var chain = name == null ? null : chain(operand);
    if (chain == null || name == null) {
      return null;
    }
    var longer = new ArrayList<>(chain);
    longer.add(name);
    return List.copyOf(longer);
  }

  private static @Nullable String text(CelExpr expr) {
    if (expr.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
      return null;
    }
    var constant = expr.constant();
    return switch (constant.getKind()) {
      case STRING_VALUE -> constant.stringValue();
      case INT64_VALUE -> Long.toString(constant.int64Value());
      default -> null;
    };
  }
}
