package io.nave.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// kubectl's JSONPath, as printer columns and feedback rules use it (no templates around it):
///
/// - `.a.b`, `['a']`, `["a"]`, with `\.` for a dot within a name:
///   `.labels.app\.kubernetes\.io/name`
/// - `[0]`, `[-1]`, `[1:3]`, `[0:8:2]`, `[*]`, `.*`, and several at once: `[0,2]`, `['a','b']`
/// - `..name`: at every depth
/// - `[?(@.type=="Ready")]`, also with `!=`, `<`, `<=`, `>`, `>=`, and `[?(@.a)]` for presence
///
/// Braces around the whole and a `$` before it may be left out.
public final class JsonPaths {
  /// Most values one path yields.
  private static final int FOUND_MAX = 100_000;

  private JsonPaths() {}

  /// The values a path leads to, in the object's order; empty when it leads nowhere.
  ///
  /// @throws ApiError BadRequest naming the place of what cannot be read
  public static List<JsonNode> find(JsonNode root, String path) {
    return parse(path).find(root);
  }

  /// Reads a path, to be used many times.
  ///
  /// @throws ApiError BadRequest naming the place of what cannot be read
  public static Path parse(String path) {
    return new Path(path, new JsonPathParser(path).steps());
  }

  /// A path that was read. Immutable.
  public static final class Path {
    private final String text;
    private final List<Step> steps;

    private Path(String text, List<Step> steps) {
      this.text = text;
      this.steps = steps;
    }

    /// The values this path leads to, in the object's order; empty when it leads nowhere.
    public List<JsonNode> find(JsonNode root) {
      return follow(root, steps);
    }

    /// The first value, or null when it leads nowhere.
    public @Nullable JsonNode first(JsonNode root) {
      var found = find(root);
      return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public String toString() {
      return text;
    }
  }

  sealed interface Step {
    record Field(String name) implements Step {}

    record Index(int at) implements Step {}

    /// @param end exclusive; null for the end of the list
    /// @param width from one taken element to the next, at least 1
    record Slice(int begin, @Nullable Integer end, int width) implements Step {}

    /// All of these, one after the other.
    record Union(List<Step> steps) implements Step {}

    /// The value and everything below it.
    record Descend() implements Step {}

    record All() implements Step {}

    record Filter(Operand left, String operator, Operand right) implements Step {}
  }

  /// A side of a comparison: a path from the element, or a constant.
  sealed interface Operand {
    record Relative(List<Step> steps) implements Operand {}

    record Constant(JsonNode value) implements Operand {}
  }

  private static List<JsonNode> follow(JsonNode root, List<Step> steps) {
    var at = List.of(root);
    for (var step : steps) {
      var next = new ArrayList<JsonNode>();
      for (var node : at) {
        take(node, step, next);
      }
      if (next.size() > FOUND_MAX) {
        throw ApiError.badRequest("the JSON path finds more than " + FOUND_MAX + " values");
      }
      at = next;
    }
    return List.copyOf(at);
  }

  private static void take(JsonNode node, Step step, List<JsonNode> found) {
    switch (step) {
      case Step.Field(var name) -> addPresent(node.path(name), found);
      case Step.Index(var at) ->
          addPresent(
              node.isArray() ? node.path(at < 0 ? node.size() + at : at) : node.path(""), found);
      case Step.Slice(var begin, var end, var width) -> {
        if (node.isArray()) {
          var to = end == null ? node.size() : fromEnd(end, node.size());
          for (var i = fromEnd(begin, node.size()); i < to; i += width) {
            found.add(node.get(i));
          }
        }
      }
      case Step.All() -> found.addAll(node.values());
      case Step.Union(var steps) -> steps.forEach(each -> take(node, each, found));
      case Step.Descend() -> descend(node, found);
      case Step.Filter filter -> {
        for (var element : node.isArray() ? node.values() : List.<JsonNode>of()) {
          if (holds(element, filter)) {
            found.add(element);
          }
        }
      }
    }
  }

  private static void descend(JsonNode node, List<JsonNode> found) {
    if (found.size() > FOUND_MAX) {
      throw ApiError.badRequest("the JSON path finds more than " + FOUND_MAX + " values");
    }
    found.add(node);
    node.values().forEach(each -> descend(each, found));
  }

  private static void addPresent(JsonNode node, List<JsonNode> found) {
    if (!node.isMissingNode()) {
      found.add(node);
    }
  }

  private static int fromEnd(int index, int size) {
    return Math.clamp(index < 0 ? (long) size + index : index, 0, size);
  }

  private static boolean holds(JsonNode element, Step.Filter filter) {
    var left = operand(element, filter.left());
    if (filter.operator().isEmpty()) {
      return left != null;
    }
    var right = operand(element, filter.right());
    if (left == null || right == null) {
      return false;
    }
    return switch (filter.operator()) {
      case "==" -> Json.same(left, right);
      case "!=" -> !Json.same(left, right);
      case "<" -> comparable(left, right) && compare(left, right) < 0;
      case "<=" -> comparable(left, right) && compare(left, right) <= 0;
      case ">" -> comparable(left, right) && compare(left, right) > 0;
      default -> comparable(left, right) && compare(left, right) >= 0;
    };
  }

  private static @Nullable JsonNode operand(JsonNode element, Operand operand) {
    return switch (operand) {
      case Operand.Constant(var value) -> value;
      case Operand.Relative(var steps) -> {
        var found = follow(element, steps);
        yield found.isEmpty() ? null : found.getFirst();
      }
    };
  }

  private static boolean comparable(JsonNode left, JsonNode right) {
    return (left.isNumber() && right.isNumber()) || (left.isString() && right.isString());
  }

  private static int compare(JsonNode left, JsonNode right) {
    return left.isNumber()
        ? Double.compare(left.asDouble(), right.asDouble())
        : left.stringValue().compareTo(right.stringValue());
  }
}
