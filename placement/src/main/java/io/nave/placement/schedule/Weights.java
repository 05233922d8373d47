package io.nave.placement.schedule;

import io.nave.placement.api.Placement.PrioritizerConfig;
import io.nave.placement.api.Placement.PrioritizerPolicy;
import io.nave.placement.schedule.Program.Prioritizer;
import io.nave.placement.schedule.Program.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which prioritizers count, and how much (spec §5.3).
final class Weights {
  private static final String PATH = "spec.prioritizerPolicy.";
  private static final int WEIGHT_MAX = 10;

  private static final Map<String, Source> BUILT_IN =
      Map.of(
          "Balance", Source.BALANCE,
          "Steady", Source.STEADY,
          "ResourceAllocatableCPU", Source.CPU,
          "ResourceAllocatableMemory", Source.MEMORY);

  private Weights() {}

  /// The prioritizers of a weight other than 0, by name; of two with one name the last counts.
  ///
  /// @throws Misconfigured naming the field
  static List<Prioritizer> of(@Nullable PrioritizerPolicy policy) {
    var found = new TreeMap<String, Prioritizer>();
    var mode = policy == null || policy.mode() == null ? "" : policy.mode();
    switch (mode) {
      case "", "Additive" -> {
        found.put("Balance", new Prioritizer(Source.BALANCE, "Balance", 1, "", ""));
        found.put("Steady", new Prioritizer(Source.STEADY, "Steady", 1, "", ""));
      }
      case "Exact" -> {}
      case String other ->
          throw new Misconfigured(
              "",
              "incorrect prioritizer policy mode: "
                  + other
                  + " ("
                  + PATH
                  + "mode: expected Additive or Exact)");
    }
    var configurations = policy == null ? List.<PrioritizerConfig>of() : policy.configurations();
    for (var i = 0; i < configurations.size(); i++) {
      var prioritizer = prioritizer(configurations.get(i), PATH + "configurations[" + i + "]");
      found.put(prioritizer.name(), prioritizer);
    }
    return found.values().stream().filter(each -> each.weight() != 0).toList();
  }

  private static Prioritizer prioritizer(PrioritizerConfig configuration, String path) {
    var coordinate = configuration.scoreCoordinate();
    if (coordinate == null) {
      throw new Misconfigured(
          "", "scoreCoordinate field is required (" + path + ".scoreCoordinate)");
    }
    int weight = configuration.weight() == null ? 1 : configuration.weight();
    if (Math.abs(weight) > WEIGHT_MAX) {
      throw new Misconfigured("", path + ".weight: expected -10 to 10, found " + weight);
    }
    if ("AddOn".equals(coordinate.type())) {
      var addOn = coordinate.addOn();
      if (addOn == null) {
        throw new Misconfigured("", "addOn should not be empty (" + path + ".scoreCoordinate)");
      }
      return new Prioritizer(
          Source.ADD_ON,
          "AddOn/" + addOn.resourceName() + "/" + addOn.scoreName(),
          weight,
          addOn.resourceName(),
          addOn.scoreName());
    }
    var name = coordinate.builtIn() == null ? "" : coordinate.builtIn();
    var source = BUILT_IN.get(name);
    if (source == null && weight != 0) {
      throw new Misconfigured(
          "",
          "incorrect builtin prioritizer: "
              + name
              + " ("
              + path
              + ".scoreCoordinate.builtIn: expected Balance, Steady, ResourceAllocatableCPU or"
              + " ResourceAllocatableMemory)");
    }
    return new Prioritizer(source == null ? Source.STEADY : source, name, weight, "", "");
  }
}
