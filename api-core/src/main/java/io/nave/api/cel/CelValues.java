package io.nave.api.cel;

import dev.cel.common.values.NullValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Between JSON and the values CEL works with: maps, lists, texts, `Long`, `Double`, flags and
/// CEL's null. Order of fields is kept. Stateless.
public final class CelValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CelValues() {}

  /// As CEL sees it. Objects and lists are views of their nodes, which must not change while
  /// expressions read them; making one costs nothing, however large the tree.
  public static Object toCel(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> new JsonMap((ObjectNode) node);
      case ARRAY -> new JsonList((ArrayNode) node);
      case STRING -> node.stringValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : (Object) node.asDouble();
      default -> NullValue.NULL_VALUE;
    };
  }

  /// The value without its optional; null for an absent one.
  public static @Nullable Object present(Object value) {
    return value instanceof Optional<?> optional ? optional.orElse(null) : value;
  }

  /// As JSON, which is the caller's own; null for an absent optional. Absent optionals inside lists
  /// and maps are left out.
  ///
  /// @throws IllegalArgumentException for what JSON cannot hold
  public static @Nullable JsonNode toJson(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> toJson(optional.orElse(null));
      case NullValue _ -> NODES.nullNode();
      case String text -> NODES.stringNode(text);
      case Boolean flag -> NODES.booleanNode(flag);
      case Integer number -> NODES.numberNode(number);
      case Long number ->
          number == number.intValue()
              ? NODES.numberNode(number.intValue())
              : NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case JsonMap map -> map.node().deepCopy();
      case JsonList list -> list.node().deepCopy();
      case List<?> list -> {
        var array = NODES.arrayNode();
        for (var element : list) {
          var node = toJson(element);
          if (node != null) {
            array.add(node);
          }
        }
        yield array;
      }
      case Map<?, ?> map -> {
        var object = NODES.objectNode();
        for (var field : map.entrySet()) {
          var node = toJson(field.getValue());
          if (node != null) {
            object.set(String.valueOf(field.getKey()), node);
          }
        }
        yield object;
      }
      default ->
          throw new IllegalArgumentException(
              "a value of type " + typeOf(value) + " cannot stand in an object; use string(...)");
    };
  }

  /// As messages call its type.
  public static String typeOf(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case Optional<?> optional -> typeOf(optional.orElse(null));
      case NullValue _ -> "null";
      case String _ -> "string";
      case Boolean _ -> "bool";
      case Long _ -> "int";
      case Double _ -> "double";
      case List<?> _ -> "list";
      case Map<?, ?> _ -> "map";
      default -> value.getClass().getSimpleName();
    };
  }
}
