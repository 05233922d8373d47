package io.nave.bench;

import io.nave.api.Json;
import io.nave.bench.scale.ScaleQuestion;
import io.nave.runtime.Host;
import tools.jackson.databind.node.ObjectNode;

/// The one scenario without a hub: what sizes beyond this machine would come to, in virtual time.
final class Projection {
  static final String NAME = "scale";
  static final String PURPOSE = "no hub: a model of any size, from measured costs";

  private Projection() {}

  /// @throws Plan.Unusable when a size cannot be
  static ObjectNode run(Host host, Plan plan, Progress progress) {
    var sizes = Run.sizes(plan, NAME, ScaleQuestion.sizes());
    progress.phase("scenario " + NAME + ": " + PURPOSE + " " + sizes);
    var figures = new Figures();
    try {
      ScaleQuestion.answer(
          sizes, Run.seeded(plan.seed()), (name, value) -> figures.put(name, value));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Plan.Unusable(String.valueOf(e.getMessage()));
    }
    var result = Json.object().put("scenario", NAME).put("seed", plan.seed());
    result.set("machine", Machine.describe(host));
    result.putObject("hub").put("name", "model").put("version", "1");
    var size = result.putObject("size");
    sizes.forEach(size::put);
    result.set("figures", figures.json());
    return result;
  }
}
