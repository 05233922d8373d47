package io.nave.applications.definitions;

import io.nave.api.Json;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A value of a live object that an expression reads: a field, or the status of one condition.
public final class LivePath implements Comparable<LivePath> {
  /// Most elements of a list that a path may reach into.
  static final int INDEX_MAX = 100;

  private static final Pattern ELEMENT = Pattern.compile("\\[(\\d{1,3})]");

  private final List<String> fields; // names from the object downwards; `[n]` is an element
  private final @Nullable String condition; // of a list of conditions: the `status` of this type
  private final String name;

  private LivePath(List<String> fields, @Nullable String condition) {
    this.fields = List.copyOf(fields);
    this.condition = condition;
    var joined = String.join(".", fields).replace(".[", "[");
    this.name = condition == null ? joined : joined + "." + condition;
  }

  /// A field.
  public static LivePath field(List<String> fields) {
    return new LivePath(fields, null);
  }

  /// The status of a condition in `status.conditions`.
  public static LivePath condition(String type) {
    return new LivePath(List.of("status", "conditions"), type);
  }

  /// The step to an element of a list, from 0.
  static String element(long index) {
    return "[" + index + "]";
  }

  /// As kubectl's JSONPath, beginning with a dot.
  public String jsonPath() {
    var path = new StringBuilder();
    for (var field : fields) {
      if (ELEMENT.matcher(field).matches()) {
        path.append(field);
      } else {
        path.append('.').append(field.replace("\\", "\\\\").replace(".", "\\."));
      }
    }
    if (condition != null) {
      path.append("[?(@.type==\"").append(condition).append("\")].status");
    }
    return path.toString();
  }

  /// The name of its feedback value: unique among the paths of one object.
  public String name() {
    return name;
  }

  /// Names from the object downwards, never empty; `[n]` is an element of a list. Of the status of
  /// a condition they lead to the list of conditions.
  public List<String> fields() {
    return fields;
  }

  /// Lays the value into an object, over what is there.
  public void put(ObjectNode object, JsonNode value) {
    if (condition == null) {
      put(object, fields, value);
      return;
    }
    JsonNode parent = object;
    for (var field : fields.subList(0, fields.size() - 1)) {
      parent = child(parent, field, false);
    }
    var list = (ArrayNode) child(parent, fields.getLast(), true);
    list.removeIf(element -> element.path("type").asString("").equals(condition));
    list.add(Json.object().put("type", condition).set("status", value));
  }

  private static void put(JsonNode object, List<String> steps, JsonNode value) {
    var parent = object;
    for (var i = 0; i < steps.size() - 1; i++) {
      parent = child(parent, steps.get(i), ELEMENT.matcher(steps.get(i + 1)).matches());
    }
    set(parent, steps.getLast(), value);
  }

  /// The child at a step, made when it is not there or of the other sort.
  private static JsonNode child(JsonNode parent, String step, boolean list) {
    var element = ELEMENT.matcher(step);
    var present =
        element.matches() ? parent.get(Integer.parseInt(element.group(1))) : parent.get(step);
    if (list ? present instanceof ArrayNode : present instanceof ObjectNode) {
      return present;
    }
    JsonNode made = list ? JsonNodeFactory.instance.arrayNode() : Json.object();
    set(parent, step, made);
    return made;
  }

  private static void set(JsonNode parent, String step, JsonNode value) {
    var element = ELEMENT.matcher(step);
    if (element.matches() && parent instanceof ArrayNode list) {
      var index = Integer.parseInt(element.group(1));
      while (list.size() <= index) {
        list.addObject();
      }
      list.set(index, value);
    } else if (parent instanceof ObjectNode object) {
      object.set(step, value);
    }
  }

  @Override
  public int compareTo(LivePath other) {
    return name.compareTo(other.name);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LivePath path
        && fields.equals(path.fields)
        && Objects.equals(condition, path.condition);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return jsonPath();
  }
}
