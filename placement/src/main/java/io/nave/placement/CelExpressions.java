package io.nave.placement;

import io.nave.api.ApiObject;
import io.nave.placement.schedule.Expressions;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// CEL selectors (spec §5.2). CEL itself is loaded with the first expression: see [CelSelectors].
final class CelExpressions implements Expressions {
  @Override
  public Compiled compile(String expression) {
    var program = CelSelectors.compile(expression);
    return new Compiled() {
      @Override
      public Verdict test(ApiObject cluster, Function<String, JsonNode> scores) {
        return CelSelectors.test(program, cluster, scores);
      }
    };
  }
}
