package io.nave.applications.definitions;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds what expressions read of live objects: every chain of fields that begins with
/// `context.output` or `context.outputs.<key>`, or without `context.`, written with `.f`, `.?f`,
/// `["f"]`, `[?"f"]`, `[0]` or `[?0]`, and every `condition(object, "Type")`. Feedback carries
/// single values, so a chain has to end at one: what can be seen to read a whole object or list is
/// refused.
final class LivePaths {
  private final Expression expression;
  private final SortedMap<String, SortedSet<LivePath>> found;

  private LivePaths(Expression expression, SortedMap<String, SortedSet<LivePath>> found) {
    this.expression = expression;
    this.found = found;
  }

  /// The paths by output key.
  ///
  /// @throws BadDefinition when an expression reads what feedback cannot carry
  static SortedMap<String, List<LivePath>> of(List<Expression> expressions) {
    var found = new TreeMap<String, SortedSet<LivePath>>();
    for (var expression : expressions) {
      new LivePaths(expression, found).visit(expression.tree());
    }
    var paths = new TreeMap<String, List<LivePath>>();
    found.forEach((key, set) -> paths.put(key, List.copyOf(set)));
    return paths;
  }

  private void visit(CelExpr expr) {
    var chain = chain(expr);
    if (chain != null) {
      read(chain);
      return;
    }
    switch (expr.getKind()) {
      case SELECT -> visit(expr.select().operand());
      case CALL -> call(expr.call());
      case LIST -> expr.list().elements().forEach(this::visit);
      case MAP ->
          expr.map()
              .entries()
              .forEach(entry -> {
                visit(entry.key());
                visit(entry.value());
              });
      case STRUCT -> expr.struct().entries().forEach(entry -> visit(entry.value()));
      case COMPREHENSION -> loop(expr.comprehension());
      default -> {}
    }
  }

  private void call(CelExpr.CelCall call) {
    if (call.function().equals("condition") && call.args().size() == 2) {
      var object = chain(call.args().getFirst());
      var type = text(call.args().getLast());
      if (object != null && object.key() != null && object.fields().isEmpty() && type != null) {
        add(object.key(), LivePath.condition(type));
        return;
      }
      throw expression.bad(
          "condition takes context.output or context.outputs.<key>, and a type written out");
    }
    call.target().ifPresent(this::visit);
    call.args().forEach(this::visit);
  }

  private void loop(CelExpr.CelComprehension loop) {
    var range = chain(unwrapped(loop.iterRange()));
    if (range != null && range.key() != null) {
      throw expression.bad(
          "a list of a live object is not fed back; read single fields, or use condition(object,"
              + " \"Type\")");
    }
    visit(loop.iterRange());
    visit(loop.accuInit());
    visit(loop.loopCondition());
    visit(loop.loopStep());
    visit(loop.result());
  }

  private static CelExpr unwrapped(CelExpr expr) {
    if (expr.getKind() == CelExpr.ExprKind.Kind.CALL
        && expr.call().target().isPresent()
        && (expr.call().function().equals("orValue") || expr.call().function().equals("value"))) {
      return expr.call().target().get();
    }
    return expr;
  }

  private void read(Chain chain) {
    if (chain.key() == null) {
      return;
    }
    if (chain.fields().isEmpty()) {
      throw expression.bad("a whole live object is not fed back; read single fields of it");
    }
    add(chain.key(), LivePath.field(chain.fields()));
  }

  private void add(String key, LivePath path) {
    found.computeIfAbsent(key, _ -> new TreeSet<>()).add(path);
  }

  /// A chain of names from `context`.
  ///
  /// @param names without `context`
  private record Chain(List<String> names) {
    /// The output key of the live object it leads into; null when it leads elsewhere.
    @Nullable String key() {
      if (!names.isEmpty() && names.getFirst().equals("output")) {
        return Definition.MAIN;
      }
      return names.size() > 1 && names.getFirst().equals("outputs") ? names.get(1) : null;
    }

    List<String> fields() {
      return names.subList(names.getFirst().equals("output") ? 1 : 2, names.size());
    }

    Chain and(String name) {
      var longer = new ArrayList<>(names);
      longer.add(name);
      return new Chain(List.copyOf(longer));
    }
  }

  private static @Nullable Chain chain(CelExpr expr) {
    return switch (expr.getKind()) {
      case IDENT ->
          switch (expr.ident().name()) {
            case "context" -> new Chain(List.of());
            case "output", "outputs" -> new Chain(List.of(expr.ident().name()));
            default -> null;
          };
      case SELECT -> longer(expr.select().operand(), expr.select().field());
      case CALL -> {
        var call = expr.call();
        yield switch (call.function()) {
          case "_?._", "_[_]", "_[?_]" -> longer(call.args().getFirst(), step(call.args().get(1)));
          default -> null;
        };
      }
      default -> null;
    };
  }

  private static @Nullable Chain longer(CelExpr operand, @Nullable String name) {
    var chain = name == null ? null : chain(operand);
    return chain == null || name == null ? null : chain.and(name);
  }

  /// A name or position that is written out; null when only the values tell.
  private static @Nullable String step(CelExpr expr) {
    if (expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expr.constant().getKind() == CelConstant.Kind.INT64_VALUE
        && expr.constant().int64Value() >= 0
        && expr.constant().int64Value() < LivePath.INDEX_MAX) {
      return LivePath.element(expr.constant().int64Value());
    }
    return text(expr);
  }

  private static @Nullable String text(CelExpr expr) {
    return expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? expr.constant().stringValue()
        : null;
  }
}
