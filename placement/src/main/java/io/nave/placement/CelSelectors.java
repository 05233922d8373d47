package io.nave.placement;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelLibrary;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelValues;
import io.nave.placement.schedule.Expressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The CEL environment of cluster selectors: the variable `managedCluster`, its method
/// `scores(name)`, and `parseJSON()` of a text. Loading this class loads CEL.
final class CelSelectors {
  private static final String CLUSTER = "managedCluster";

  /// The cluster as CEL sees it, which knows where its scores are.
  private static final class ClusterValue extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, JsonNode> scores;

    ClusterValue(ApiObject cluster, Function<String, JsonNode> scores) {
      if (CelValues.toCel(cluster.json()) instanceof Map<?, ?> fields) {
        fields.forEach((name, value) -> put(String.valueOf(name), value));
      }
      this.scores = scores;
    }
  }

  private static final CelEnvironment ENVIRONMENT =
      CelEnvironment.standard()
          .with(List.of(CLUSTER))
          .with(
              new CelLibrary(
                  List.of(
                      CelFunctionDecl.newFunctionDeclaration(
                          "scores",
                          CelOverloadDecl.newMemberOverload(
                              "cluster_scores_string",
                              ListType.create(SimpleType.DYN),
                              SimpleType.DYN,
                              SimpleType.STRING)),
                      CelFunctionDecl.newFunctionDeclaration(
                          "parseJSON",
                          CelOverloadDecl.newMemberOverload(
                              "string_parse_json", SimpleType.DYN, SimpleType.STRING))),
                  List.of(
                      CelFunctionBinding.from(
                          "cluster_scores_string",
                          Object.class,
                          String.class,
                          CelSelectors::scores),
                      CelFunctionBinding.from(
                          "string_parse_json", String.class, CelSelectors::parse))));

  private CelSelectors() {}

  /// @throws Expressions.BadExpression when it is none, or cannot be true or false
  static CelProgram compile(String expression) {
    try {
      var program = ENVIRONMENT.compile(expression);
      var type = program.resultType();
      if (!type.equals(SimpleType.BOOL) && !type.equals(SimpleType.DYN)) {
        throw new Expressions.BadExpression("expected true or false, found " + type.name());
      }
      return program;
    } catch (BadExpression e) {
      throw new Expressions.BadExpression(String.valueOf(e.getMessage()));
    }
  }

  static Expressions.Verdict test(
      CelProgram program, ApiObject cluster, Function<String, JsonNode> scores) {
    var budget = CelBudget.of(Expressions.COST_MAX);
    try {
      var holds = program.test(Map.of(CLUSTER, new ClusterValue(cluster, scores)), budget);
      return new Expressions.Verdict(holds, Expressions.COST_MAX - budget.left());
    } catch (CelFault.OverBudget e) {
      throw new Expressions.BadExpression(String.valueOf(e.getMessage()));
    } catch (CelFault e) { // as upstream: a failure is no match
      return new Expressions.Verdict(false, Expressions.COST_MAX - budget.left());
    }
  }

  private static Object scores(Object cluster, String name) {
    return cluster instanceof ClusterValue value
        ? CelValues.toCel(value.scores.apply(name))
        : List.of();
  }

  private static Object parse(String text) {
    try {
      return CelValues.toCel(Json.parse(text));
    } catch (ApiError e) {
      throw new IllegalArgumentException("parseJSON: " + e.getMessage(), e);
    }
  }
}
