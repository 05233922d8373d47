package io.nave.api.schema;

import io.nave.api.Json;
import io.nave.api.Resource;
import java.lang.reflect.RecordComponent;
import tools.jackson.databind.node.ObjectNode;

/// Schemas of the kinds that are records.
public final class Schemas {
  private static final ClassValue<Schema> SCHEMAS =
      new ClassValue<>() {
        @Override
        protected Schema computeValue(Class<?> type) {
          return Schema.parse(
              Json.parse(Json.encode(read(type)))); // equal to itself as read from a file
        }
      };

  private Schemas() {}

  /// The schema of a kind, read once from its record: see this package's map.
  ///
  /// @throws IllegalArgumentException naming the component that no schema can be made of
  public static Schema of(Class<? extends Resource> kind) {
    return SCHEMAS.get(kind);
  }

  /// The schema of any record, such as the parameters of something.
  public static Schema ofRecord(Class<? extends Record> type) {
    return SCHEMAS.get(type);
  }

  private static ObjectNode read(Class<?> type) {
    if (!Resource.class.isAssignableFrom(type)) {
      return new RecordSchema().ofRecord(type);
    }
    var root = new RecordSchema().ofRecord(type);
    var fields = Json.object();
    fields
        .putObject("apiVersion")
        .put("type", "string")
        .put("description", "Group and version of this kind.");
    fields.putObject("kind").put("type", "string").put("description", "The kind of this object.");
    fields.putObject("metadata").put("type", "object");
    if (root.get("properties") instanceof ObjectNode own) {
      own.remove("metadata");
      fields.setAll(own);
    }
    root.set("properties", fields);
    return root;
  }

  static String describe(RecordComponent component) {
    return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
  }
}
