package io.nave.applications.workflow;

import io.nave.api.cel.BadExpression;
import io.nave.api.cel.CelEnvironment;
import io.nave.api.cel.CelFault;
import io.nave.api.cel.CelProgram;
import io.nave.api.cel.CelReads;
import io.nave.api.cel.CelValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a published value comes from: a path such as `output.status.podIP` or
/// `outputs["a-b"].spec.ports[0].port`, or an expression such as `"http://" +
/// output.metadata.name`.
///
/// KubeVela's paths through an action's `$returns` are read too: here results stand where
/// `$returns` would.
public sealed interface ValueFrom {
  /// What it reads, as names from the root downwards.
  Set<List<String>> reads();

  /// The value, or empty where something on the way is missing.
  ///
  /// @throws CelFault when an expression fails for another reason
  Optional<JsonNode> value(ObjectNode scope);

  /// @throws BadExpression when it is neither path nor expression
  static ValueFrom parse(String text) {
    var source = text.strip();
    return Path.PLAIN.matcher(source).matches() ? Path.of(source) : Computed.of(source);
  }

  /// A path.
  ///
  /// @param steps names, and numbers of list items
  record Path(List<String> steps) implements ValueFrom {
    private static final Pattern PLAIN =
        Pattern.compile(
            "[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$-]*|\\[\"[^\"]+\"\\]|\\[\\d{1,4}\\])*");
    private static final Pattern STEP =
        Pattern.compile("\\[\"([^\"]+)\"\\]|\\[(\\d+)\\]|([\\w$-]+)");

    static Path of(String source) {
      var steps = new ArrayList<String>();
      var matcher = STEP.matcher(source);
      while (matcher.find()) {
        for (var group = 1; group <= 3; group++) {
          var step = matcher.group(group);
          if (step != null && !step.equals("$returns")) {
            steps.add(step);
          }
        }
      }
      return new Path(List.copyOf(steps));
    }

    @Override
    public Set<List<String>> reads() {
      return Set.of(steps);
    }

    @Override
    public Optional<JsonNode> value(ObjectNode scope) {
      JsonNode at = scope;
      for (var step : steps) {
        at = at.isArray() && step.matches("\\d+") ? at.path(Integer.parseInt(step)) : at.path(step);
      }
      return at.isMissingNode() || at.isNull() ? Optional.empty() : Optional.of(at);
    }
  }

  /// An expression.
  record Computed(CelProgram program) implements ValueFrom {
    static final List<String> ROOTS =
        List.of("output", "outputs", "apply", "value", "response", "env", "context");

    /// Loading it loads CEL.
    private static final class Compiler {
      static final CelEnvironment ENVIRONMENT = CelEnvironment.standard().with(ROOTS);
    }

    static Computed of(String source) {
      return new Computed(Compiler.ENVIRONMENT.compile(source.replace(".$returns", "")));
    }

    @Override
    public Set<List<String>> reads() {
      return CelReads.of(program, ROOTS);
    }

    @Override
    public Optional<JsonNode> value(ObjectNode scope) {
      for (var path : reads()) {
        if (new Path(path).value(scope).isEmpty()) {
          return Optional.empty();
        }
      }
      var variables = new LinkedHashMap<String, Object>();
      for (var root : ROOTS) {
        var node = scope.get(root);
        if (node != null) {
          variables.put(root, CelValues.toCel(node));
        }
      }
      return Optional.ofNullable(CelValues.toJson(program.value(variables)));
    }
  }
}
