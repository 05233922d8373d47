package io.nave.e2e;

import io.nave.api.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Takes out of an answer what no two servers have the same: identities, times, revisions.
///
/// @param namespace the one the answer is about
/// @param unordered whether the items of a list come in any order
record Neutral(String namespace, boolean unordered) {
  private static final Set<String> TIMES = Set.of("time", "creationTimestamp", "deletionTimestamp");
  private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern REVISION =
      Pattern.compile("(?<=in record \\()\\d+(?=\\))|(?<=current: )\\d+");
  private static final Pattern AGE = Pattern.compile("\\d+m?s");
  private static final Pattern GENERATED = Pattern.compile("(?<=\\bgen-)[a-z0-9]{5}\\b");

  JsonNode of(JsonNode answer) {
    return of("", answer);
  }

  private JsonNode of(String field, JsonNode value) {
    if (value.isObject()) {
      var neutral = Json.object();
      for (var property : value.properties()) {
        // Servers before 1.24 still have it.
        if (!property.getKey().equals("selfLink")) {
          neutral.set(property.getKey(), of(property.getKey(), property.getValue()));
        }
      }
      return neutral;
    }
    if (value.isArray()) {
      var elements = new ArrayList<JsonNode>();
      value.forEach(element -> elements.add(of(field, element)));
      if (field.equals("managedFields")) {
        // Upstream orders them by second and name; a second passes on either side.
        elements.sort(Comparator.comparing(Neutral::owner));
      }
      if (unordered && field.equals("items")) {
        elements.sort(Comparator.comparing(item -> item.at("/metadata/name").asString("")));
      }
      return Json.array().addAll(elements);
    }
    return value.isString() ? Json.tree(text(field, value.stringValue())) : value;
  }

  private static String owner(JsonNode entry) {
    return entry.path("operation").asString("")
        + entry.path("manager").asString("")
        + entry.path("subresource").asString("");
  }

  private String text(String field, String text) {
    if (field.equals("resourceVersion") && !text.isEmpty()) {
      return "<revision>";
    }
    if (field.equals("continue")) {
      return "<token>";
    }
    if (TIMES.contains(field)) {
      return "<time>";
    }
    if (field.equals("cells") && AGE.matcher(text).matches()) {
      return "<age>";
    }
    var neutral = UID.matcher(text.replace(namespace, "<namespace>")).replaceAll("<uid>");
    neutral = GENERATED.matcher(neutral).replaceAll("<random>");
    return REVISION.matcher(neutral).replaceAll("<revision>");
  }
}
