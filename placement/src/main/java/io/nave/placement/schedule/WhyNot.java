package io.nave.placement.schedule;

import io.nave.api.LabelSelector;
import io.nave.registration.api.ManagedCluster.Taint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Says in words why a filter took a cluster out.
final class WhyNot {
  private WhyNot() {}

  /// What of each predicate does not hold.
  static String predicates(Program program, ClusterRow row) {
    var reasons = new ArrayList<String>();
    for (var clause : program.clauses()) {
      var path = clause.path().replace(".requiredClusterSelector.celSelector", "");
      reasons.add(path.replace("spec.", "") + ": " + clause(clause, row));
    }
    return String.join("; ", reasons);
  }

  private static String clause(Program.Clause clause, ClusterRow row) {
    var labels = unmet("label", clause.labels(), row.labels());
    if (!labels.isEmpty()) {
      return labels;
    }
    var claims = unmet("claim", clause.claims(), row.claims());
    return claims.isEmpty() ? "a CEL expression is not true" : claims;
  }

  private static String unmet(String what, LabelSelector selector, Map<String, String> values) {
    for (var pair : selector.matchLabels().entrySet()) {
      if (!pair.getValue().equals(values.get(pair.getKey()))) {
        return what
            + " "
            + pair.getKey()
            + " must be "
            + pair.getValue()
            + ", is "
            + values.getOrDefault(pair.getKey(), "absent");
      }
    }
    for (var requirement : selector.matchExpressions()) {
      if (!new LabelSelector(Map.of(), List.of(requirement)).matches(values)) {
        return what
            + " "
            + requirement.key()
            + " "
            + requirement.operator()
            + (requirement.values().isEmpty() ? "" : " " + requirement.values())
            + " does not hold, is "
            + values.getOrDefault(requirement.key(), "absent");
      }
    }
    return "";
  }

  /// The taints that are not borne.
  static String taints(Program program, ClusterRow row, boolean held, Instant now) {
    var reasons = new ArrayList<String>();
    for (var taint : row.taints()) {
      var alone = new ClusterRow(row.name(), Map.of(), Map.of(), List.of(taint), 0, 0, false, null);
      if (!Tolerance.of(program, alone, held, false, now).tolerated()) {
        reasons.add(text(taint));
      }
    }
    return "does not tolerate " + String.join(", ", reasons);
  }

  private static String text(Taint taint) {
    var value = taint.value() == null || taint.value().isEmpty() ? "" : "=" + taint.value();
    return taint.key() + value + ":" + taint.effect();
  }
}
