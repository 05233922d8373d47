package io.nave.api.patch;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// RFC 6902: a list of operations, applied in order, all or none.
///
/// Bounded as in Kubernetes: 10,000 operations, and 3 MiB of values copied or moved by one patch,
/// so that a small patch cannot make a large object. No result is nested deeper than what
/// [Json#parse] accepts.
final class JsonPatch {
  static final int OPERATIONS_MAX = 10_000;
  static final long MOVED_BYTES_MAX = 3L << 20;

  private final ResourceType type;
  private final String name;
  private JsonNode document = Json.object();
  private long movedBytes;
  private int index; // of the operation at work, for messages

  JsonPatch(ResourceType type, String name) {
    this.type = type;
    this.name = name;
  }

  ObjectNode apply(ObjectNode original, JsonNode patch) {
    if (!(patch instanceof ArrayNode operations)) {
      throw ApiError.badRequest("a JSON patch must be a JSON array of operations");
    }
    if (operations.size() > OPERATIONS_MAX) {
      throw ApiError.tooLarge(
          "The allowed maximum operations in a JSON patch is %d, got %d"
              .formatted(OPERATIONS_MAX, operations.size()));
    }
    document = original.deepCopy();
    for (index = 0; index < operations.size(); index++) {
      operate(operations.get(index));
    }
    if (document instanceof ObjectNode object) {
      return object;
    }
    index--;
    throw fault("", "the document must stay a JSON object");
  }

  private void operate(JsonNode operation) {
    var path = pointer(operation, "path");
    switch (text(operation, "op")) {
      case "add" -> add(path, value(operation));
      case "remove" -> remove(path);
      case "replace" -> replace(path, value(operation));
      case "move" -> move(pointer(operation, "from"), path);
      case "copy" -> add(path, charged(get(pointer(operation, "from")).deepCopy()));
      case "test" -> test(path, operation.get("value"));
      default -> throw fault(path.text(), "op must be add, remove, replace, move, copy or test");
    }
  }

  private void add(Pointer path, JsonNode value) {
    checkDepth(path, value);
    if (path.isRoot()) {
      document = value;
    } else if (get(path.parent()) instanceof ArrayNode array) {
      array.insert(path.last().equals("-") ? array.size() : slot(path, array.size()), value);
    } else {
      container(path).set(path.last(), value);
    }
  }

  private JsonNode remove(Pointer path) {
    if (path.isRoot()) {
      throw fault("", "the whole document cannot be removed or moved");
    }
    var removed = get(path);
    if (get(path.parent()) instanceof ArrayNode array) {
      array.remove(slot(path, array.size() - 1));
    } else {
      container(path).remove(path.last());
    }
    return removed;
  }

  private void replace(Pointer path, JsonNode value) {
    checkDepth(path, value);
    if (path.isRoot()) {
      document = value;
      return;
    }
    get(path); // it must be there
    if (get(path.parent()) instanceof ArrayNode array) {
      array.set(slot(path, array.size() - 1), value);
    } else {
      container(path).set(path.last(), value);
    }
  }

  private void move(Pointer from, Pointer to) {
    if (to.isBelow(from)) {
      throw fault(to.text(), "a value cannot be moved into itself");
    }
    if (to.text().equals(from.text())) {
      get(from);
      return;
    }
    add(to, charged(remove(from)));
  }

  /// The value found is never shown: who may patch may not be one who may read.
  private void test(Pointer path, @Nullable JsonNode expected) {
    if (expected == null) {
      throw malformed("test needs a value");
    }
    if (!Json.same(get(path), expected)) {
      throw fault(path.text(), "test failed: the value there is not the expected one");
    }
  }

  private JsonNode get(Pointer path) {
    var at = document;
    for (var token : path.tokens()) {
      if (at instanceof ArrayNode array) {
        at = array.get(slot(path, token, array.size() - 1));
      } else {
        at = at instanceof ObjectNode ? at.get(token) : null;
      }
      if (at == null) {
        throw fault(path.text(), "there is no such value");
      }
    }
    return at;
  }

  private ObjectNode container(Pointer path) {
    if (get(path.parent()) instanceof ObjectNode object) {
      return object;
    }
    throw fault(path.text(), "its parent is neither an object nor an array");
  }

  private int slot(Pointer path, int last) {
    return slot(path, path.last(), last);
  }

  private int slot(Pointer path, String token, int last) {
    var digits =
        !token.isEmpty() && token.length() <= 9 && token.chars().allMatch(JsonPatch::digit);
    if (!digits || (token.length() > 1 && token.startsWith("0"))) {
      throw fault(path.text(), "\"" + token + "\" is not an array index");
    }
    var slot = Integer.parseInt(token);
    if (slot > last) {
      throw fault(path.text(), "index " + slot + " is out of bounds");
    }
    return slot;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private JsonNode charged(JsonNode value) {
    movedBytes += weight(value);
    if (movedBytes > MOVED_BYTES_MAX) {
      throw ApiError.tooLarge(
          "The allowed maximum of bytes copied or moved by a JSON patch is " + MOVED_BYTES_MAX);
    }
    return value;
  }

  /// About the length of its JSON text.
  private static long weight(JsonNode value) {
    long sum = 2;
    for (var entry : value.properties()) {
      sum += entry.getKey().length() + 4 + weight(entry.getValue());
    }
    for (var element : value.isArray() ? value.values() : List.<JsonNode>of()) {
      sum += 1 + weight(element);
    }
    return sum + (value.isString() ? value.stringValue().length() : 6);
  }

  private void checkDepth(Pointer path, JsonNode value) {
    if (path.tokens().size() + depth(value) > Json.DEPTH_MAX) {
      throw fault(path.text(), "the result would be nested deeper than " + Json.DEPTH_MAX);
    }
  }

  private static int depth(JsonNode value) {
    var deepest = 0;
    for (var child : value.values()) {
      deepest = Math.max(deepest, depth(child));
    }
    return value.isContainer() ? deepest + 1 : 0;
  }

  private JsonNode value(JsonNode operation) {
    var value = operation.get("value");
    if (value == null) {
      throw malformed(text(operation, "op") + " needs a value");
    }
    return value.deepCopy();
  }

  private Pointer pointer(JsonNode operation, String field) {
    var text = text(operation, field);
    if (!text.isEmpty() && !text.startsWith("/")) {
      throw malformed(field + " must be empty or begin with /, but is \"" + text + "\"");
    }
    return Pointer.parse(text);
  }

  private String text(JsonNode operation, String field) {
    if (operation.isObject() && operation.path(field).isString()) {
      return operation.path(field).stringValue();
    }
    throw malformed("an operation must be an object with a text " + field);
  }

  private ApiError malformed(String what) {
    return ApiError.badRequest("JSON patch, operation " + index + ": " + what);
  }

  private ApiError fault(String path, String what) {
    var field = "patch[" + index + "]";
    var message = "Invalid value: \"" + path + "\": " + what;
    return ApiError.invalid(
        type, name, List.of(new ApiError.Cause("FieldValueInvalid", field, message)));
  }

  /// RFC 6901.
  private record Pointer(String text, List<String> tokens) {
    static Pointer parse(String text) {
      if (text.isEmpty()) {
        return new Pointer("", List.of());
      }
      var tokens = List.of(text.substring(1).split("/", -1));
      return new Pointer(
          text, tokens.stream().map(t -> t.replace("~1", "/").replace("~0", "~")).toList());
    }

    boolean isRoot() {
      return tokens.isEmpty();
    }

    String last() {
      return tokens.getLast();
    }

    Pointer parent() {
      return new Pointer(text, tokens.subList(0, tokens.size() - 1));
    }

    boolean isBelow(Pointer other) {
      return tokens.size() > other.tokens.size()
          && tokens.subList(0, other.tokens.size()).equals(other.tokens);
    }
  }
}
