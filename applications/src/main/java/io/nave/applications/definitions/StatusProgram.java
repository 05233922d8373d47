package io.nave.applications.definitions;

import io.nave.api.cel.CelValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The expressions that judge health and say how things are. They run in this order, and later ones
/// read what earlier ones found: `context.status.details.<name>`, `context.status.healthy`.
///
/// @param details by name, in order; those whose name begins with `$` are only for later ones
/// @param health null: healthy as soon as it is applied
/// @param message null: nothing is said
record StatusProgram(
    Map<String, Expression> details, @Nullable Expression health, @Nullable Expression message) {
  /// Longest name of a detail that is shown (spec §8.2).
  private static final int NAME_MAX = 31;

  /// Longest text of a detail or message that is kept.
  private static final int TEXT_MAX = 1_024;

  /// Reads `details`, `health` and `message`: CEL without `${}`.
  static StatusProgram compile(String definition, JsonNode status) {
    var details = new LinkedHashMap<String, Expression>();
    for (var detail : status.path("details").properties()) {
      var name = detail.getKey();
      if (name.length() > NAME_MAX) {
        throw new BadDefinition(
            definition,
            "status.details." + name,
            "expected a name of at most " + NAME_MAX + " characters, found " + name.length());
      }
      var expression = expression(definition, status.path("details"), name, "status.details.");
      if (expression != null) {
        details.put(name, expression);
      }
    }
    return new StatusProgram(
        details,
        expression(definition, status, "health", "status."),
        expression(definition, status, "message", "status."));
  }

  private static @Nullable Expression expression(
      String definition, JsonNode parent, String part, String path) {
    var source = parent.path(part).asString("");
    return source.isBlank()
        ? null
        : Expressions.compile(definition, path + part, source.strip(), Set.of());
  }

  List<Expression> expressions() {
    var all = new ArrayList<>(details.values());
    if (health != null) {
      all.add(health);
    }
    if (message != null) {
      all.add(message);
    }
    return all;
  }

  /// @param scope the names that expressions read; `context` is a map
  Definition.Health judge(Map<String, Object> scope) {
    return new Judgement(scope).result();
  }

  private final class Judgement {
    private final Map<String, Object> scope;
    private final Map<String, Object> found = new HashMap<>(); // looked up only
    private final RenderBudget budget = new RenderBudget();

    Judgement(Map<String, Object> given) {
      scope = new HashMap<>(given);
      var context = new HashMap<Object, Object>();
      if (given.get("context") instanceof Map<?, ?> map) {
        context.putAll(map);
      }
      context.put("status", found);
      scope.put("context", context);
    }

    Definition.Health result() {
      var shown = details();
      try {
        var healthy = health == null || health.isTrue(scope, budget);
        found.put("healthy", healthy);
        return new Definition.Health(healthy, message(), shown);
      } catch (RenderFault e) {
        return new Definition.Health(false, String.valueOf(e.getMessage()), shown);
      }
    }

    /// What cannot be told yet is left out.
    private SortedMap<String, String> details() {
      var values = new HashMap<String, Object>();
      var shown = new TreeMap<String, String>();
      found.put("details", values);
      details.forEach((name, expression) -> {
        try {
          var value = CelValues.present(expression.value(scope, budget));
          if (value != null) {
            values.put(name, value);
            if (!name.startsWith("$")) {
              shown.put(name, bounded(text(value)));
            }
          }
        } catch (RenderFault | IllegalArgumentException e) {
          values.remove(name);
        }
      });
      return shown;
    }

    private static String text(Object value) {
      return value instanceof String text ? text : String.valueOf(CelValues.toJson(value));
    }

    private String message() {
      var text = message == null ? null : CelValues.present(message.value(scope, budget));
      return text instanceof String said ? bounded(said) : "";
    }

    private static String bounded(String text) {
      return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
    }
  }
}
