package io.nave.apiserver.policies;

import io.nave.api.cel.AuthorizerCel;
import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelValues;
import io.nave.api.cel.KubernetesCel;
import io.nave.apiserver.policies.ValidatingAdmissionPolicy.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The expressions of one policy, compiled. Immutable; thread-safe.
final class CompiledPolicy {
  /// What expressions can speak of.
  static final CelEnvironment SCOPE =
      AuthorizerCel.in(KubernetesCel.environment())
          .with(
              List.of("object", "oldObject", "request", "params", "namespaceObject", "variables"));

  private static final Pattern VARIABLE = Pattern.compile("\\bvariables\\s*\\.\\s*\\??(\\w+)");
  private static final int MESSAGE_CHARACTERS_MAX = 5 * 1024;
  private static final int NOTE_CHARACTERS_MAX = 10 * 1024; // as there; more is cut

  /// One expression, and the variables it reads.
  private record Expression(CelProgram program, List<String> reads) {
    static Expression of(String source) {
      return new Expression(SCOPE.compile(source), variablesIn(source));
    }
  }

  private record Rule(Check check, Expression test, @Nullable Expression message) {}

  private record Condition(String name, Expression test) {}

  private record Note(String key, Expression value) {}

  /// What does not hold.
  ///
  /// @param index of the validation
  /// @param reason a Kubernetes reason; empty: Invalid
  record Failure(int index, String message, String reason) {}

  /// What one look at a request found.
  ///
  /// @param notes annotations for its audit event, by key
  record Findings(List<Failure> failures, Map<String, String> notes) {
    static final Findings NONE = new Findings(List.of(), Map.of());
  }

  private final boolean ignores;
  private final Map<String, Expression> variables = new LinkedHashMap<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  /// @throws io.nave.api.cel.BadExpression when one is none; those are kept out of the store
  CompiledPolicy(ValidatingAdmissionPolicy.Spec spec) {
    ignores = spec.failurePolicy().equals("Ignore");
    spec.variables().forEach(one -> variables.put(one.name(), Expression.of(one.expression())));
    spec.matchConditions()
        .forEach(one -> conditions.add(new Condition(one.name(), Expression.of(one.expression()))));
    for (var check : spec.validations()) {
      var message = check.messageExpression();
      rules.add(
          new Rule(
              check,
              Expression.of(check.expression()),
              message.isEmpty() ? null : Expression.of(message)));
    }
    spec.auditAnnotations()
        .forEach(one -> notes.add(new Note(one.key(), Expression.of(one.valueExpression()))));
  }

  /// The variables that an expression may read.
  static List<String> variablesIn(String source) {
    var names = new ArrayList<String>();
    var matcher = VARIABLE.matcher(source);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /// Whether a fault of the policy lets requests pass.
  boolean ignores() {
    return ignores;
  }

  /// Judges one request with one set of parameters.
  ///
  /// @param names what the expressions read, but for `variables`
  Findings judge(Map<String, Object> names) {
    return new Run(names).judge();
  }

  /// One look at one request. One task only.
  private final class Run {
    private final Map<String, Object> names;
    private final Map<String, Object> known = new HashMap<>(); // variables found so far
    private final CelBudget budget = CelBudget.forRequest();

    Run(Map<String, Object> names) {
      this.names = new HashMap<>(names);
      this.names.put("variables", known);
    }

    Findings judge() {
      var unknown = new ArrayList<String>();
      for (var condition : conditions) {
        try {
          if (!test(condition.test())) {
            return Findings.NONE; // whatever the others would say
          }
        } catch (CelFault e) {
          unknown.add(e.getMessage() + " evaluating match condition " + condition.name());
        }
      }
      if (!unknown.isEmpty()) {
        return ignores
            ? Findings.NONE
            : new Findings(List.of(new Failure(0, String.join(", ", unknown), "")), Map.of());
      }
      var failures = new ArrayList<Failure>();
      for (var i = 0; i < rules.size(); i++) {
        check(i, rules.get(i)).ifPresent(failures::add);
      }
      return new Findings(failures, annotations(failures));
    }

    private Optional<Failure> check(int index, Rule rule) {
      try {
        return test(rule.test())
            ? Optional.empty()
            : Optional.of(new Failure(index, message(rule), rule.check().reason()));
      } catch (CelFault e) {
        return ignores
            ? Optional.empty()
            : Optional.of(
                new Failure(
                    index,
                    "expression '"
                        + rule.check().expression().strip()
                        + "' resulted in error: "
                        + e.getMessage(),
                    rule.check().reason()));
      }
    }

    private String message(Rule rule) {
      var expression = rule.message();
      if (expression != null) {
        try {
          if (value(expression) instanceof String text
              && !text.isBlank()
              && text.indexOf('\n') < 0
              && text.length() <= MESSAGE_CHARACTERS_MAX) {
            return text.strip();
          }
        } catch (CelFault e) {
          return said(rule.check()); // as there: a message that cannot be made is replaced
        }
      }
      return said(rule.check());
    }

    private static String said(Check check) {
      return check.message().isEmpty()
          ? "failed expression: " + check.expression().strip()
          : check.message().strip();
    }

    private Map<String, String> annotations(List<Failure> failures) {
      var found = new LinkedHashMap<String, String>();
      for (var note : notes) {
        try {
          if (value(note.value()) instanceof String text && !text.isBlank()) {
            found.put(note.key(), text.substring(0, Math.min(text.length(), NOTE_CHARACTERS_MAX)));
          }
        } catch (CelFault e) {
          if (!ignores) {
            failures.add(
                new Failure(
                    0, "the audit annotation " + note.key() + " failed: " + e.getMessage(), ""));
          }
        }
      }
      return found;
    }

    private boolean test(Expression expression) {
      findVariables(expression);
      return expression.program().test(names, budget);
    }

    private @Nullable Object value(Expression expression) {
      findVariables(expression);
      return CelValues.present(expression.program().value(names, budget));
    }

    /// Variables are found when the first expression reads them, each once.
    private void findVariables(Expression expression) {
      for (var name : expression.reads()) {
        var variable = variables.get(name);
        if (variable != null && !known.containsKey(name)) {
          findVariables(variable);
          known.put(name, variable.program().value(names, budget));
        }
      }
    }
  }
}
