package io.nave.apiserver.fuzz;

import io.nave.api.Json;
import java.nio.ByteBuffer;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes JSON of any bytes, with the words that patches and configurations turn on: a change of a
/// byte is a change of a value, where in a text it would mostly be a fault of syntax.
final class Trees {
  private static final int DEPTH_MAX = 8;
  private static final int CHILDREN_MAX = 5;

  private static final List<String> WORDS =
      List.of(
          "metadata",
          "spec",
          "status",
          "name",
          "labels",
          "finalizers",
          "ownerReferences",
          "uid",
          "ports",
          "port",
          "containers",
          "env",
          "value",
          "tails",
          "side",
          "marks",
          "frozen",
          "any",
          "words",
          "a",
          "b",
          "",
          "-",
          "0",
          "$patch",
          "$retainKeys",
          "$setElementOrder/ports",
          "$setElementOrder/containers",
          "$deleteFromPrimitiveList/finalizers",
          "delete",
          "replace",
          "merge",
          "op",
          "path",
          "from",
          "add",
          "remove",
          "move",
          "copy",
          "test",
          "/metadata/labels",
          "/spec/ports/0",
          "/spec/ports/-",
          "/spec/ports",
          "/spec",
          "/metadata/name",
          "managedFields",
          "resourceVersion",
          "manager",
          "operation",
          "Apply",
          "Update",
          "apiVersion",
          "v1",
          "time",
          "2026-01-01T12:00:00Z",
          "fieldsType",
          "FieldsV1",
          "fieldsV1",
          "f:spec",
          "f:ports",
          "k:{\"port\":1}",
          "k:{\"name\":\"a\",\"side\":\"b\"}",
          "v:\"a\"",
          ".");

  private final ByteBuffer bytes;

  Trees(byte[] input) {
    this.bytes = ByteBuffer.wrap(input);
  }

  /// The next byte; 0 when there is none.
  int next() {
    return bytes.hasRemaining() ? bytes.get() & 0xff : 0;
  }

  String word() {
    return WORDS.get(next() % WORDS.size());
  }

  JsonNode value() {
    return value(0);
  }

  ObjectNode object() {
    return object(0);
  }

  private ObjectNode object(int depth) {
    var object = Json.object();
    for (var left = next() % CHILDREN_MAX; left > 0; left--) {
      object.set(word(), value(depth + 1));
    }
    return object;
  }

  private JsonNode value(int depth) {
    var nodes = JsonNodeFactory.instance;
    return switch (next() % (depth < DEPTH_MAX ? 10 : 5)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.booleanNode(next() % 2 == 0);
      case 2 -> nodes.numberNode(next() % 4);
      case 3, 4 -> nodes.stringNode(word());
      case 5, 6 -> {
        var list = nodes.arrayNode();
        for (var left = next() % CHILDREN_MAX; left > 0; left--) {
          list.add(value(depth + 1));
        }
        yield list;
      }
      default -> object(depth);
    };
  }
}
