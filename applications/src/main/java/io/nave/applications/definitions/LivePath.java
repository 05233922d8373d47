package io.nave.applications.definitions;

import io.nave.api.Json;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A value of a live object that a health program reads: a field, or the status of one condition.
///
/// @param fields names from the object downwards, never empty
/// @param condition when set, `fields` leads to a list of conditions and the value is the `status`
///   of the one of this type
public record LivePath(List<String> fields, @Nullable String condition)
    implements Comparable<LivePath> {

  public LivePath {
    fields = List.copyOf(fields);
  }

  /// A field.
  public static LivePath field(List<String> fields) {
    return new LivePath(fields, null);
  }

  /// The status of a condition in `status.conditions`.
  public static LivePath condition(String type) {
    return new LivePath(List.of("status", "conditions"), type);
  }

  /// As kubectl's JSONPath, beginning with a dot.
  public String jsonPath() {
    var path = new StringBuilder();
    for (var field : fields) {
      path.append('.').append(field.replace("\\", "\\\\").replace(".", "\\."));
    }
    if (condition != null) {
      path.append("[?(@.type==\"").append(condition).append("\")].status");
    }
    return path.toString();
  }

  /// The name of its feedback value: unique among the paths of one object.
  public String name() {
    var name = new StringJoiner(".");
    fields.forEach(name::add);
    return condition == null ? name.toString() : name + "." + condition;
  }

  /// Lays the value into an object, over what is there.
  public void put(ObjectNode object, JsonNode value) {
    var last = fields.getLast();
    var parent = object;
    for (var field : fields.subList(0, fields.size() - 1)) {
      parent = parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
    }
    if (condition == null) {
      parent.set(last, value);
      return;
    }
    var list = parent.get(last) instanceof ArrayNode array ? array : parent.putArray(last);
    list.removeIf(element -> element.path("type").asString("").equals(condition));
    list.add(Json.object().put("type", condition).set("status", value));
  }

  @Override
  public int compareTo(LivePath other) {
    return name().compareTo(other.name());
  }
}
