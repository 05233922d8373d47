package io.nave.work;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelLibrary;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The conditions that a work's rules read off an applied object (spec/ocm-behaviour.md §6.6).
///
/// Programs are compiled once and kept, at most [#PROGRAMS_MAX]; CEL itself is loaded with the
/// first CEL rule. Thread-safe.
public final class ConditionRules {
  /// Compiled expressions kept; a cluster with more different ones compiles again now and then.
  static final int PROGRAMS_MAX = 1_000;

  private static final String EVALUATED = "ConditionRuleEvaluated";
  private static final String INVALID = "ConditionRuleInvalid";
  private static final String EXPRESSION_ERROR = "ConditionRuleExpressionError";

  // Looked up by key only, never iterated.
  private final Map<String, CelProgram> programs = new ConcurrentHashMap<>();

  /// The conditions of one object, in the order of the rules. A rule whose type is the agent's own
  /// (Applied, Available) is passed over, and so is a well-known rule that says nothing about this
  /// kind.
  public List<Condition> evaluate(List<ManifestWork.ConditionRule> rules, ApiObject object) {
    var conditions = new ArrayList<Condition>();
    for (var rule : rules) {
      var condition =
          rule.type().equals("CEL") ? cel(rule, object) : wellKnown(rule.condition(), object);
      if (condition != null && !isAgents(condition.type())) {
        conditions.add(condition);
      }
    }
    return List.copyOf(conditions);
  }

  private static boolean isAgents(String type) {
    return type.equals(ManifestWork.APPLIED)
        || type.equals(ManifestWork.AVAILABLE)
        || type.equals(StatusFeedback.SYNCED);
  }

  private static @Nullable Condition wellKnown(String type, ApiObject object) {
    if (!type.equals(ManifestWork.COMPLETE)) {
      return null;
    }
    return switch (object.apiVersion() + " " + object.kind()) {
      case "batch/v1 Job" ->
          evaluated(type, hasTrue(object, "Complete") || hasTrue(object, "Failed"), null);
      case "v1 Pod" -> {
        var phase = object.status().path("phase").asString("");
        yield evaluated(type, phase.equals("Succeeded") || phase.equals("Failed"), null);
      }
      default -> null;
    };
  }

  private static boolean hasTrue(ApiObject object, String type) {
    return object
        .status()
        .path("conditions")
        .valueStream()
        .anyMatch(c ->
            c.path("type").asString("").equals(type)
                && c.path("status").asString("").equals("True"));
  }

  private Condition cel(ManifestWork.ConditionRule rule, ApiObject object) {
    try {
      var values = Map.of("object", CelValues.toCel(object.json()));
      boolean holds = true;
      for (var source : rule.celExpressions()) {
        holds = holds && program(source).test(values);
      }
      return evaluated(rule.condition(), holds, message(rule, values, holds));
    } catch (BadExpression e) {
      return Condition.of(rule.condition(), "Unknown", INVALID, String.valueOf(e.getMessage()));
    } catch (CelFault e) {
      return Condition.of(
          rule.condition(), "Unknown", EXPRESSION_ERROR, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String message(
      ManifestWork.ConditionRule rule, Map<String, ?> values, boolean holds) {
    var expression = rule.messageExpression();
    if (expression == null || expression.isEmpty()) {
      return rule.message();
    }
    var all = new HashMap<String, Object>(values);
    all.put("result", holds);
    var text = program(expression).value(all);
    return text instanceof String said ? said : String.valueOf(text);
  }

  private static Condition evaluated(String type, boolean holds, @Nullable String message) {
    var text =
        message == null || message.isEmpty()
            ? (holds ? "Manifest is " : "Manifest is not ") + type
            : message;
    return Condition.of(type, holds, EVALUATED, text);
  }

  private CelProgram program(String source) {
    var known = programs.get(source);
    if (known == null) {
      if (programs.size() >= PROGRAMS_MAX) {
        programs.clear();
      }
      known = Cel.ENVIRONMENT.compile(source);
      programs.put(source, known);
    }
    return known;
  }

  /// Loaded with the first expression.
  private static final class Cel {
    static final CelEnvironment ENVIRONMENT =
        CelEnvironment.standard()
            .with(List.of("object", "result"))
            .with(CelLibrary.ofTest("hasConditions", Cel::hasConditions));

    /// Whether a status carries conditions.
    private static boolean hasConditions(Object status) {
      return status instanceof Map<?, ?> map
          && map.get("conditions") instanceof List<?> conditions
          && !conditions.isEmpty();
    }
  }
}
