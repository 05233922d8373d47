package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A preview in words: for each cluster the objects that would be added, changed and removed. Pure.
final class PreviewText {
  /// Most lines that one object's difference shows.
  private static final int LINES_MAX = 200;

  /// Most pairs of lines that are compared: 16 MB of numbers.
  private static final long COMPARED_MAX = 4_000_000;

  private PreviewText() {}

  /// Whether anything would change.
  static boolean changes(ApiObject preview) {
    return preview
        .status()
        .path("objects")
        .valueStream()
        .anyMatch(each -> !each.path("change").asString("").equals("NONE"));
  }

  /// @param whole whether each object's difference is shown line by line
  static List<String> lines(ApiObject preview, boolean whole) {
    var lines = new ArrayList<String>();
    var refusal = preview.status().path("refusal").asString("");
    if (!refusal.isEmpty()) {
      lines.add("nothing would be delivered: " + refusal);
    }
    preview.status().path("notices").forEach(notice -> lines.add("note: " + notice.asString("")));
    byCluster(preview).forEach((cluster, objects) -> cluster(lines, cluster, objects, whole));
    if (lines.isEmpty()) {
      lines.add("nothing would change");
    }
    return lines;
  }

  private static Map<String, List<JsonNode>> byCluster(ApiObject preview) {
    var clusters = new TreeMap<String, List<JsonNode>>();
    for (var object : preview.status().path("objects")) {
      if (!object.path("change").asString("").equals("NONE")) {
        clusters
            .computeIfAbsent(object.path("cluster").asString(""), _ -> new ArrayList<>())
            .add(object);
      }
    }
    return clusters;
  }

  private static void cluster(
      List<String> lines, String cluster, List<JsonNode> objects, boolean whole) {
    lines.add("cluster " + cluster);
    for (var object : objects) {
      var namespace = object.path("namespace").asString("");
      lines.add(
          "  %-6s  %s %s%s"
              .formatted(
                  object.path("change").asString(""),
                  object.path("kind").asString(""),
                  namespace.isEmpty() ? "" : namespace + "/",
                  object.path("name").asString("")));
      if (whole) {
        difference(object.path("before"), object.path("after")).stream()
            .limit(LINES_MAX)
            .forEach(line -> lines.add("    " + line));
      }
    }
  }

  /// The lines that differ, as `diff` marks them; what both have is left out but for one line
  /// before each change.
  static List<String> difference(JsonNode before, JsonNode after) {
    var a = yaml(before);
    var b = yaml(after);
    if ((long) a.size() * b.size() > COMPARED_MAX) {
      return List.of("  %d lines become %d".formatted(a.size(), b.size()));
    }
    var common = new int[a.size() + 1][b.size() + 1];
    for (var i = a.size() - 1; i >= 0; i--) {
      for (var j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    var lines = new ArrayList<String>();
    var context = "";
    for (int i = 0, j = 0; i < a.size() || j < b.size(); ) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        context = "  " + a.get(i++);
        j++;
        continue;
      }
      if (!context.isEmpty()) {
        lines.add(context);
        context = "";
      }
      var removed = j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1]);
      lines.add(removed ? "- " + a.get(i++) : "+ " + b.get(j++));
    }
    return lines;
  }

  private static List<String> yaml(JsonNode object) {
    return object.isObject() ? Yaml.write(object).lines().toList() : List.of();
  }
}
