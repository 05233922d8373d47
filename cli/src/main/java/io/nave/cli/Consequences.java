package io.nave.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The answer to a question "what if", as lines for a person.
final class Consequences {
  /// Most names in one line.
  private static final int NAMES_MAX = 10;

  /// Most Placements on one screen.
  private static final int PLACEMENTS_MAX = 40;

  private Consequences() {}

  static List<String> lines(JsonNode answer) {
    var decisions = answer.path("decisions");
    if (decisions.isEmpty()) {
      return List.of(
          "No decision would change"
              + (answer.has("placement")
                  ? " of Placement " + answer.path("placement").asString("")
                  : "")
              + ".");
    }
    var lines = new ArrayList<String>();
    lines.add(
        decisions.size() == 1
            ? "The decisions of one Placement would change."
            : "The decisions of %d Placements would change.".formatted(decisions.size()));
    for (var each : decisions) {
      if (lines.size() > 6 * PLACEMENTS_MAX) {
        lines.add("... ask for one with: nave what-if placement NAME -n NAMESPACE");
        return lines;
      }
      lines.add("");
      lines.add("Placement " + each.path("placement").asString(""));
      row(lines, "gains", each.path("added"));
      row(lines, "loses", each.path("removed"));
      replicas(lines, each.path("replicas"));
      row(lines, "works created", each.path("worksCreated"));
      row(lines, "works changed", each.path("worksChanged"));
      row(lines, "works deleted", each.path("worksDeleted"));
      lines.add(
          row("then", each.path("reason").asString("") + ": " + each.path("message").asString("")));
    }
    return lines;
  }

  private static void row(List<String> lines, String what, JsonNode names) {
    if (!names.isEmpty()) {
      var shown = new ArrayList<String>();
      for (var name : names) {
        if (shown.size() < NAMES_MAX) {
          shown.add(name.asString(""));
        }
      }
      var more = names.size() - shown.size();
      lines.add(row(what, String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "")));
    }
  }

  private static void replicas(List<String> lines, JsonNode replicas) {
    var shown = new ArrayList<String>();
    for (var each : replicas.properties()) {
      if (shown.size() < NAMES_MAX) {
        shown.add(each.getKey() + " " + each.getValue().asInt(0));
      }
    }
    var more = replicas.size() - shown.size();
    if (!shown.isEmpty()) {
      lines.add(
          row("replicas", String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "")));
    }
  }

  private static String row(String what, String text) {
    return "  %-14s %s".formatted(what, text);
  }
}
