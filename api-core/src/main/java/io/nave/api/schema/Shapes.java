package io.nave.api.schema;

import io.nave.api.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The [Shape]s of schemas and of whole objects.
public final class Shapes {
  public static final Shape WHOLE = new Shape.Whole();
  public static final Shape MEMBERS = new Shape.Members();
  public static final Shape DEDUCED = new Shape.Deduced();

  /// `metadata` of any object.
  public static final Shape METADATA =
      new Shape.Fields(
          Map.of(
              "labels",
              new Shape.Fields(Map.of(), WHOLE),
              "annotations",
              new Shape.Fields(Map.of(), WHOLE),
              "finalizers",
              MEMBERS,
              "ownerReferences",
              new Shape.Keyed(List.of("uid"), Map.of(), WHOLE)),
          WHOLE);

  private Shapes() {}

  /// Of a whole API object.
  ///
  /// @param schema null: its content may be anything
  public static Shape ofObject(@Nullable Schema schema) {
    var named = new LinkedHashMap<String, Shape>();
    @Nullable Shape others = DEDUCED;
    if (schema != null && schema.shape() instanceof Shape.Fields fields) {
      named.putAll(fields.named());
      others = fields.others();
    }
    named.put("apiVersion", WHOLE);
    named.put("kind", WHOLE);
    named.put("metadata", METADATA);
    return new Shape.Fields(named, others);
  }

  /// Of the values of a schema; see [Schema#shape], which keeps it.
  static Shape of(Schema schema) {
    return switch (schema.type) {
      case "object" -> ofMap(schema);
      case "array" -> ofList(schema);
      case "" -> schema.preserve && !schema.intOrString ? DEDUCED : WHOLE;
      default -> WHOLE;
    };
  }

  private static Shape ofMap(Schema schema) {
    if (schema.text("x-kubernetes-map-type").equals("atomic")) {
      return WHOLE;
    }
    if (schema.embedded) {
      return ofEmbedded(schema);
    }
    if (schema.properties.isEmpty() && schema.additional == null) {
      return schema.preserve ? DEDUCED : new Shape.Fields(Map.of(), null);
    }
    return fields(schema);
  }

  private static Shape.Fields fields(Schema schema) {
    var named = new LinkedHashMap<String, Shape>();
    schema.properties.forEach((name, field) -> named.put(name, field.shape()));
    var additional = schema.additional;
    var others = additional != null ? additional.shape() : schema.preserve ? DEDUCED : null;
    return new Shape.Fields(named, others);
  }

  private static Shape ofEmbedded(Schema schema) {
    var fields = fields(schema);
    var named = new LinkedHashMap<>(fields.named());
    named.put("apiVersion", WHOLE);
    named.put("kind", WHOLE);
    named.put("metadata", METADATA);
    return new Shape.Fields(named, fields.others());
  }

  private static Shape ofList(Schema schema) {
    var items = schema.items;
    if (items == null) {
      return WHOLE;
    }
    return switch (schema.listType) {
      case "map" -> {
        var defaults = new LinkedHashMap<String, JsonNode>();
        for (var key : schema.listKeys) {
          var field = items.properties.get(key);
          if (field != null && field.defaultValue != null) {
            defaults.put(key, field.defaultValue);
          }
        }
        yield new Shape.Keyed(schema.listKeys, defaults, items.shape());
      }
      case "set" -> MEMBERS;
      default -> WHOLE;
    };
  }

  /// The object this kind starts from in Kubernetes: its Go type always writes those of its fields
  /// that are structs.
  public static ObjectNode blank(Shape object) {
    var blank = Json.object();
    if (object instanceof Shape.Fields(var named, _)) {
      named.forEach((name, shape) -> {
        if (shape instanceof Shape.Fields(var inner, _) && !inner.isEmpty()) {
          blank.putObject(name);
        }
      });
    }
    return blank;
  }
}
