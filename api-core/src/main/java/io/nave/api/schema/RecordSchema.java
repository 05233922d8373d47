package io.nave.api.schema;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Makes the schema of one record by reflection: the Java type gives the shape, and [Constraints]
/// the rest.
final class RecordSchema {
  private final Deque<Class<?>> open = new ArrayDeque<>(); // records being read, against recursion

  ObjectNode ofRecord(Class<?> type) {
    if (open.contains(type)) {
      throw new IllegalArgumentException(
          type.getName() + " contains itself, which a structural schema cannot say; use JsonNode");
    }
    open.push(type);
    var schema = Json.object();
    Constraints.describe(schema, type);
    schema.put("type", "object");
    Constraints.applyToType(schema, type);
    var fields = Json.object();
    var required = schema.arrayNode();
    for (var component : type.getRecordComponents()) {
      if (!component.getAccessor().isAnnotationPresent(JsonIgnore.class)) {
        var name = nameOf(component);
        fields.set(name, ofComponent(component));
        if (component.isAnnotationPresent(Required.class)) {
          required.add(name);
        }
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    if (!fields.isEmpty()) {
      schema.set("properties", fields);
    }
    open.pop();
    return schema;
  }

  private ObjectNode ofComponent(RecordComponent component) {
    try {
      var schema = Json.object();
      Constraints.describe(schema, component);
      schema.setAll(of(component.getAnnotatedType(), component));
      Constraints.finish(schema, component);
      return schema;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Schemas.describe(component) + ": " + e.getMessage(), e);
    }
  }

  /// @param marks what the type is marked with: the component, or the type argument itself
  private ObjectNode of(AnnotatedType type, AnnotatedElement marks) {
    if (type instanceof AnnotatedParameterizedType generic
        && generic.getType() instanceof ParameterizedType parameterized) {
      return ofGeneric(generic, (Class<?>) parameterized.getRawType(), marks);
    }
    if (!(type.getType() instanceof Class<?> plain)) {
      throw new IllegalArgumentException(type + " is not a type a schema can be made of");
    }
    var schema = Constraints.shapeOf(marks);
    if (schema == null) {
      schema = ofClass(plain);
    }
    Constraints.applyToScalar(schema, marks);
    return schema;
  }

  private ObjectNode ofGeneric(
      AnnotatedParameterizedType type, Class<?> raw, AnnotatedElement marks) {
    Constraints.refuseScalarMarks(marks);
    var arguments = type.getAnnotatedActualTypeArguments();
    var schema = Json.object();
    if (raw == List.class) {
      schema.put("type", "array").set("items", element(arguments[0], marks));
      Constraints.applyToList(schema, marks, arguments[0].getType());
    } else if (raw == Map.class && arguments[0].getType() == String.class) {
      schema.put("type", "object").set("additionalProperties", element(arguments[1], marks));
      Constraints.applyToMap(schema, marks);
    } else {
      throw new IllegalArgumentException(
          type.getType() + " is not a type a schema can be made of; use List or Map of String");
    }
    return schema;
  }

  private ObjectNode element(AnnotatedType type, AnnotatedElement container) {
    var shape = Constraints.shapeOf(container);
    return shape != null ? shape : of(type, type);
  }

  private ObjectNode ofClass(Class<?> type) {
    var schema = Json.object();
    return switch (type.getName()) {
      case "java.lang.String" -> schema.put("type", "string");
      case "int", "java.lang.Integer" -> schema.put("type", "integer").put("format", "int32");
      case "long", "java.lang.Long" -> schema.put("type", "integer").put("format", "int64");
      case "boolean", "java.lang.Boolean" -> schema.put("type", "boolean");
      case "double", "java.lang.Double", "java.math.BigDecimal" -> schema.put("type", "number");
      case "[B" -> schema.put("type", "string").put("format", "byte");
      default -> ofOther(type);
    };
  }

  private ObjectNode ofOther(Class<?> type) {
    if (type == Instant.class) {
      return Json.object().put("type", "string").put("format", "date-time");
    }
    if (type == JsonNode.class || type == Object.class) {
      return Json.object().put("x-kubernetes-preserve-unknown-fields", true);
    }
    if (type == ObjectNode.class || type == Meta.class) {
      return Json.object().put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    }
    if (type == Condition.class) {
      return SharedSchemas.condition();
    }
    if (type == LabelSelector.class) {
      return SharedSchemas.labelSelector();
    }
    if (type.isEnum()) {
      return ofEnum(type);
    }
    for (var method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(JsonValue.class)) {
        return of(method.getAnnotatedReturnType(), method);
      }
    }
    if (type.isRecord()) {
      return ofRecord(type);
    }
    throw new IllegalArgumentException(
        type.getName() + " is not a type a schema can be made of; use a record or JsonNode");
  }

  private static ObjectNode ofEnum(Class<?> type) {
    var schema = Json.object().put("type", "string");
    var values = schema.putArray("enum");
    for (var field : type.getFields()) {
      if (field.isEnumConstant()) {
        var renamed = field.getAnnotation(JsonProperty.class);
        values.add(
            renamed == null || renamed.value().isEmpty() ? field.getName() : renamed.value());
      }
    }
    return schema;
  }

  private static String nameOf(RecordComponent component) {
    var renamed = component.getAccessor().getAnnotation(JsonProperty.class);
    return renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
  }
}
