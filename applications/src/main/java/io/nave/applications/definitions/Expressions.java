package io.nave.applications.definitions;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelLibrary;
import io.nave.api.cel.CelValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The CEL environment of definitions: what expressions read there, and the functions they have
/// beside the usual ones. Loading this class loads CEL, about 400 ms of work, so it is named only
/// where something is compiled.
final class Expressions {
  private static final MapType MAP = MapType.create(SimpleType.STRING, SimpleType.DYN);
  private static final ListType LIST = ListType.create(SimpleType.DYN);

  private static final CelEnvironment ENVIRONMENT =
      CelEnvironment.standard()
          .with(List.of("parameter", "context"))
          .with(
              new CelLibrary(
                  List.of(
                      CelFunctionDecl.newFunctionDeclaration(
                          "condition",
                          CelOverloadDecl.newGlobalOverload(
                              "condition_dyn_string",
                              SimpleType.STRING,
                              SimpleType.DYN,
                              SimpleType.STRING)),
                      CelFunctionDecl.newFunctionDeclaration(
                          "merge",
                          CelOverloadDecl.newGlobalOverload("merge_map_map", MAP, MAP, MAP)),
                      CelFunctionDecl.newFunctionDeclaration(
                          "json",
                          CelOverloadDecl.newGlobalOverload(
                              "json_dyn", SimpleType.STRING, SimpleType.DYN)),
                      CelFunctionDecl.newFunctionDeclaration(
                          "flatten", CelOverloadDecl.newGlobalOverload("flatten_list", LIST, LIST)),
                      CelFunctionDecl.newFunctionDeclaration(
                          "distinctBy",
                          CelOverloadDecl.newGlobalOverload(
                              "distinct_by_list_string", LIST, LIST, SimpleType.STRING))),
                  List.of(
                      CelFunctionBinding.from(
                          "condition_dyn_string",
                          Object.class,
                          String.class,
                          Expressions::condition),
                      CelFunctionBinding.from(
                          "merge_map_map", Map.class, Map.class, Expressions::merge),
                      CelFunctionBinding.from("json_dyn", Object.class, Expressions::json),
                      CelFunctionBinding.from("flatten_list", List.class, Expressions::flatten),
                      CelFunctionBinding.from(
                          "distinct_by_list_string",
                          List.class,
                          String.class,
                          Expressions::distinctBy))));

  private Expressions() {}

  /// Compiles one expression.
  ///
  /// @param definition kind and name, for messages
  /// @param path where the expression stands in it
  /// @param names what is in scope beside `parameter` and `context`
  /// @throws BadDefinition when it is no valid expression
  static Expression compile(String definition, String path, String source, Set<String> names) {
    try {
      return new Expression(definition, path, ENVIRONMENT.with(names).compile(source));
    } catch (BadExpression e) {
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

  /// The value as JSON text.
  private static String json(Object value) {
    return String.valueOf(CelValues.toJson(value));
  }

  /// The elements, with those that are lists replaced by their own.
  private static List<Object> flatten(List<?> list) {
    var flat = new ArrayList<Object>();
    for (var element : list) {
      if (element instanceof List<?> inner) {
        flat.addAll(inner);
      } else {
        flat.add(element);
      }
    }
    return flat;
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
