package io.nave.applications.definitions;

import io.nave.api.cel.CelValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The expressions that judge health and say how things are.
///
/// @param health null: healthy as soon as it is applied
/// @param message null: nothing is said
record StatusProgram(@Nullable Expression health, @Nullable Expression message) {

  /// Reads `health` and `message`, both CEL without `${}`.
  static StatusProgram compile(String definition, JsonNode status) {
    return new StatusProgram(
        expression(definition, status, "health"), expression(definition, status, "message"));
  }

  private static @Nullable Expression expression(String definition, JsonNode status, String part) {
    var source = status.path(part).asString("");
    return source.isBlank()
        ? null
        : Expressions.compile(definition, "status." + part, source.strip(), Set.of());
  }

  List<Expression> expressions() {
    var all = new ArrayList<Expression>();
    if (health != null) {
      all.add(health);
    }
    if (message != null) {
      all.add(message);
    }
    return all;
  }

  Definition.Health judge(Map<String, Object> scope) {
    try {
      return new Definition.Health(health == null || health.isTrue(scope), text(scope));
    } catch (RenderFault e) {
      return new Definition.Health(false, String.valueOf(e.getMessage()));
    }
  }

  private String text(Map<String, Object> scope) {
    var text = message == null ? null : CelValues.present(message.value(scope));
    return text instanceof String found ? found : "";
  }
}
