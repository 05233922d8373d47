package io.nave.applications.definitions;

import io.nave.api.Json;
import io.nave.api.cel.CelValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A `valueFrom` of a component's output (spec §11.14): a CEL expression over the live `output` and
/// `outputs.<key>`, `parameter` and `context`. What it reads of live objects has to be fed back.
public final class LiveExpression {
  private static final Set<String> NAMES = Set.of("output", "outputs");

  private final Expression expression;
  private final SortedMap<String, List<LivePath>> paths;

  private LiveExpression(Expression expression, SortedMap<String, List<LivePath>> paths) {
    this.expression = expression;
    this.paths = paths;
  }

  /// Compiles one.
  ///
  /// @param owner such as `component "web"`, for messages
  /// @param path where it stands
  /// @throws BadDefinition when it is no expression, or reads what feedback cannot carry
  public static LiveExpression compile(String owner, String path, String source) {
    var expression = Expressions.compile(owner, path, source, NAMES);
    return new LiveExpression(expression, LivePaths.of(List.of(expression)));
  }

  /// What it reads, by output key.
  public SortedMap<String, List<LivePath>> livePaths() {
    return paths;
  }

  /// What it yields; empty when something it reads is not there yet.
  ///
  /// @param live the objects as far as they are known, by output key
  public Optional<JsonNode> value(
      ObjectNode parameter, ObjectNode context, Map<String, ObjectNode> live) {
    var outputs = Json.object();
    live.forEach((key, object) -> {
      if (!key.equals(Definition.MAIN)) {
        outputs.set(key, object);
      }
    });
    var scope = new LinkedHashMap<String, Object>();
    scope.put("parameter", CelValues.toCel(parameter));
    scope.put("context", CelValues.toCel(context));
    scope.put("outputs", CelValues.toCel(outputs));
    scope.put("output", CelValues.toCel(live.getOrDefault(Definition.MAIN, Json.object())));
    try {
      return Optional.ofNullable(CelValues.toJson(expression.value(scope)));
    } catch (RenderFault | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
