package io.nave.applications.definitions;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The CEL environment of definitions. Loading this class loads CEL, about 400 ms of work, so it is
/// named only where something is compiled.
final class Expressions {
  /// Longest expression, in code points.
  private static final int SOURCE_MAX = 4_000;

  /// Most rounds of all loops of one evaluation together.
  private static final int ITERATIONS_MAX = 10_000;

  /// Deepest nesting of an expression.
  private static final int DEPTH_MAX = 50;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .maxExpressionCodePointSize(SOURCE_MAX)
          .maxParseRecursionDepth(DEPTH_MAX)
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .enableHeterogeneousNumericComparisons(true)
          .build();

  private static final MapType MAP = MapType.create(SimpleType.STRING, SimpleType.DYN);
  private static final ListType LIST = ListType.create(SimpleType.DYN);

  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addLibraries(CelExtensions.optional(), CelExtensions.strings())
          .addVar("parameter", SimpleType.DYN)
          .addVar("context", SimpleType.DYN)
          .addFunctionDeclarations(
              CelFunctionDecl.newFunctionDeclaration(
                  "condition",
                  CelOverloadDecl.newGlobalOverload(
                      "condition_dyn_string",
                      SimpleType.STRING,
                      SimpleType.DYN,
                      SimpleType.STRING)),
              CelFunctionDecl.newFunctionDeclaration(
                  "merge", CelOverloadDecl.newGlobalOverload("merge_map_map", MAP, MAP, MAP)),
              CelFunctionDecl.newFunctionDeclaration(
                  "distinctBy",
                  CelOverloadDecl.newGlobalOverload(
                      "distinct_by_list_string", LIST, LIST, SimpleType.STRING)))
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addLibraries(CelExtensions.optional(), CelExtensions.strings())
          .addFunctionBindings(
              CelFunctionBinding.from(
                  "condition_dyn_string", Object.class, String.class, Expressions::condition),
              CelFunctionBinding.from("merge_map_map", Map.class, Map.class, Expressions::merge),
              CelFunctionBinding.from(
                  "distinct_by_list_string", List.class, String.class, Expressions::distinctBy))
          .build();

  private Expressions() {}

  /// Compiles one expression.
  ///
  /// @param definition kind and name, for messages
  /// @param path where the expression stands in it
  /// @param names what is in scope beside `parameter` and `context`
  /// @throws BadDefinition when it is no valid expression
  static Expression compile(String definition, String path, String source, Set<String> names) {
    var compiler = COMPILER;
    if (!names.isEmpty()) {
      var builder = COMPILER.toCompilerBuilder();
      names.forEach(name -> builder.addVar(name, SimpleType.DYN));
      compiler = builder.build();
    }
    try {
      var ast = compiler.compile(source, path).getAst();
      return new Expression(definition, path, source, ast.getExpr(), RUNTIME.createProgram(ast));
    } catch (CelValidationException e) {
      var errors = e.getErrors();
      var what = errors.isEmpty() ? String.valueOf(e.getMessage()) : errors.getFirst().getMessage();
      throw new BadDefinition(definition, path, "${" + source + "}: " + what);
    } catch (CelEvaluationException e) {
      throw new BadDefinition(definition, path, "${" + source + "}: " + e.getMessage());
    }
  }

  /// The status of a condition of a live object; empty when it has none of that type.
  private static String condition(Object object, String type) {
    if (object instanceof Map<?, ?> map
        && map.get("status") instanceof Map<?, ?> status
        && status.get("conditions") instanceof List<?> conditions) {
      for (var each : conditions) {
        if (each instanceof Map<?, ?> condition && type.equals(condition.get("type"))) {
          return condition.get("status") instanceof String text ? text : "";
        }
      }
    }
    return "";
  }

  /// The fields of both; where both have one, the second's.
  private static Map<Object, Object> merge(Map<?, ?> first, Map<?, ?> second) {
    var all = new LinkedHashMap<Object, Object>(first);
    all.putAll(second);
    return all;
  }

  /// The elements whose field has a value that no earlier element has.
  private static List<Object> distinctBy(List<?> list, String field) {
    var seen = new HashSet<Object>();
    var distinct = new ArrayList<Object>();
    for (var element : list) {
      if (!(element instanceof Map<?, ?> map) || seen.add(String.valueOf(map.get(field)))) {
        distinct.add(element);
      }
    }
    return distinct;
  }
}
