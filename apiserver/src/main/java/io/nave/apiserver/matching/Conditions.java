package io.nave.apiserver.matching;

import io.nave.api.Absent;
import io.nave.api.cel.AuthorizerCel;
import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelBudget;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.KubernetesCel;
import io.nave.api.schema.Length;
import io.nave.api.schema.Required;
import io.nave.apiserver.registry.Faults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The `matchConditions` of a webhook or policy, compiled: all must hold for it to be asked.
public final class Conditions {
  /// As in Kubernetes.
  private static final int CONDITIONS_MAX = 64;

  /// What conditions can speak of.
  private static final CelEnvironment SCOPE =
      AuthorizerCel.in(KubernetesCel.environment()).with(List.of("object", "oldObject", "request"));

  /// One condition as it is written.
  public record Written(@Required @Length(min = 1) String name, @Required String expression) {
    public Written {
      name = Absent.toEmpty(name);
      expression = Absent.toEmpty(expression);
    }
  }

  /// What became of asking.
  public sealed interface Verdict {
    record Holds() implements Verdict {}

    /// @param name of the first condition that does not
    record Fails(String name) implements Verdict {}

    /// None says no, and one cannot be told.
    record Unknown(String why) implements Verdict {}
  }

  private record Compiled(String name, CelProgram test) {}

  private final List<Compiled> all = new ArrayList<>();

  private Conditions() {}

  /// @throws BadExpression when one is no expression; [#validate] keeps those out of the store
  public static Conditions of(List<Written> written) {
    var conditions = new Conditions();
    for (var one : written) {
      conditions.all.add(new Compiled(one.name(), SCOPE.compile(one.expression())));
    }
    return conditions;
  }

  /// What is wrong with conditions as they are written.
  public static void validate(
      List<Written> written, CelEnvironment scope, String at, Faults faults) {
    if (written.size() > CONDITIONS_MAX) {
      faults.invalid(at, written.size(), "must have at most " + CONDITIONS_MAX + " items");
      return;
    }
    var names = new HashSet<String>();
    for (var i = 0; i < written.size(); i++) {
      var here = at + "[" + i + "]";
      if (!names.add(written.get(i).name())) {
        faults.invalid(here + ".name", written.get(i).name(), "must be unique");
      }
      expression(written.get(i).expression(), "bool", scope, here + ".expression", faults);
    }
  }

  /// As [#validate(List, CelEnvironment, String, Faults)], of what webhooks can speak of.
  public static void validate(List<Written> written, String at, Faults faults) {
    validate(written, SCOPE, at, faults);
  }

  /// What is wrong with one expression.
  ///
  /// @param wanted the type that its value must have; empty: any
  public static void expression(
      String source, String wanted, CelEnvironment scope, String at, Faults faults) {
    if (source.isBlank()) {
      faults.required(at, "");
      return;
    }
    try {
      var type = scope.compile(source).resultTypeName();
      if (!wanted.isEmpty() && !type.equals(wanted) && !type.equals("dyn")) {
        faults.invalid(at, source, "must evaluate to " + wanted);
      }
    } catch (BadExpression e) {
      faults.invalid(at, source, "compilation failed: " + e.getMessage());
    }
  }

  /// Asks all of them. One that says no outweighs others that cannot be told.
  public Verdict ask(Map<String, ?> names, CelBudget budget) {
    Optional<String> unknown = Optional.empty();
    for (var one : all) {
      try {
        if (!one.test().test(names, budget)) {
          return new Verdict.Fails(one.name());
        }
      } catch (CelFault e) {
        unknown = Optional.of(String.valueOf(e.getMessage()));
      }
    }
    return unknown.<Verdict>map(Verdict.Unknown::new).orElseGet(Verdict.Holds::new);
  }
}
