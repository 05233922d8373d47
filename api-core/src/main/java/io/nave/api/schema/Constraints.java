package io.nave.api.schema;

import io.nave.api.ApiError;
import io.nave.api.Condition;
import io.nave.api.Json;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Writes what this package's annotations say into a schema.
final class Constraints {
  private static final List<Class<? extends Annotation>> SCALAR_MARKS =
      List.of(OneOf.class, Pattern.class, Format.class, Length.class, Range.class);

  private Constraints() {}

  static void describe(ObjectNode schema, AnnotatedElement marks) {
    with(marks, Doc.class, doc -> schema.put("description", doc.value()));
  }

  /// The schema of a value whose shape a mark decides alone; null when the Java type does.
  static @Nullable ObjectNode shapeOf(AnnotatedElement marks) {
    if (marks.isAnnotationPresent(IntOrString.class)) {
      return Json.object().put("x-kubernetes-int-or-string", true);
    }
    if (marks.isAnnotationPresent(Embedded.class)) {
      return Json.object()
          .put("type", "object")
          .put("x-kubernetes-embedded-resource", true)
          .put("x-kubernetes-preserve-unknown-fields", true);
    }
    return null;
  }

  static void applyToScalar(ObjectNode schema, AnnotatedElement marks) {
    with(
        marks,
        OneOf.class,
        oneOf -> {
          var values = schema.putArray("enum");
          List.of(oneOf.value()).forEach(values::add);
        });
    with(marks, Pattern.class, pattern -> schema.put("pattern", checked(pattern.value())));
    with(marks, Format.class, format -> schema.put("format", format.value()));
    with(marks, Length.class, length -> bounds(schema, "Length", length.min(), length.max()));
    with(marks, Range.class, range -> range(schema, range));
    if (marks.isAnnotationPresent(Preserve.class)) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
    if (marks.isAnnotationPresent(MayBeNull.class)) {
      schema.put("nullable", true);
    }
    applyToType(schema, marks);
  }

  static void applyToType(ObjectNode schema, AnnotatedElement marks) {
    if (marks.isAnnotationPresent(MapAtomic.class)) {
      schema.put("x-kubernetes-map-type", "atomic");
    }
    var rules = marks.getAnnotationsByType(Rule.class);
    if (rules.length > 0) {
      var array = schema.withArrayProperty("x-kubernetes-validations");
      for (var rule : rules) {
        array.addObject().put("rule", rule.rule()).put("message", rule.message());
      }
    }
  }

  static void applyToList(ObjectNode schema, AnnotatedElement marks, Type element) {
    with(marks, Items.class, items -> bounds(schema, "Items", items.min(), items.max()));
    var map = marks.getAnnotation(ListMap.class);
    if (map != null) {
      listMap(schema, map.value());
    } else if (marks.isAnnotationPresent(ListSet.class)) {
      schema.put("x-kubernetes-list-type", "set");
    } else if (marks.isAnnotationPresent(ListAtomic.class)) {
      schema.put("x-kubernetes-list-type", "atomic");
    } else if (element == Condition.class) {
      listMap(schema, "type");
    }
    preserveElements(schema.path("items"), marks);
    applyToType(schema, marks);
  }

  static void applyToMap(ObjectNode schema, AnnotatedElement marks) {
    with(marks, Items.class, items -> bounds(schema, "Properties", items.min(), items.max()));
    preserveElements(schema.path("additionalProperties"), marks);
    applyToType(schema, marks);
  }

  /// The default, which needs the finished type.
  static void finish(ObjectNode schema, AnnotatedElement marks) {
    with(
        marks,
        Default.class,
        given -> schema.set("default", literal(given.value(), schema.path("type").asString(""))));
  }

  static void refuseScalarMarks(AnnotatedElement marks) {
    for (var mark : SCALAR_MARKS) {
      if (marks.isAnnotationPresent(mark)) {
        throw new IllegalArgumentException(
            "@" + mark.getSimpleName() + " belongs on the element: List<@... String>");
      }
    }
  }

  private static void preserveElements(JsonNode elements, AnnotatedElement marks) {
    if (elements instanceof ObjectNode schema && marks.isAnnotationPresent(Preserve.class)) {
      schema.put("x-kubernetes-preserve-unknown-fields", true);
    }
  }

  private static void range(ObjectNode schema, Range range) {
    if (range.min() != Long.MIN_VALUE) {
      schema.put("minimum", range.min());
    }
    if (range.max() != Long.MAX_VALUE) {
      schema.put("maximum", range.max());
    }
  }

  private static <A extends Annotation> void with(
      AnnotatedElement marks, Class<A> mark, Consumer<A> use) {
    var present = marks.getAnnotation(mark);
    if (present != null) {
      use.accept(present);
    }
  }

  private static void listMap(ObjectNode schema, String... keys) {
    schema.put("x-kubernetes-list-type", "map");
    var array = schema.putArray("x-kubernetes-list-map-keys");
    for (var key : keys) {
      array.add(key);
    }
  }

  private static void bounds(ObjectNode schema, String unit, int min, int max) {
    if (min > 0) {
      schema.put("min" + unit, min);
    }
    if (max != Integer.MAX_VALUE) {
      schema.put("max" + unit, max);
    }
  }

  private static String checked(String pattern) {
    try {
      TextPattern.of(pattern);
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("the pattern " + pattern + " cannot be read", e);
    }
  }

  private static JsonNode literal(String text, String type) {
    if (type.equals("string") && !text.startsWith("\"")) {
      return StringNode.valueOf(text);
    }
    try {
      return Json.parse(text);
    } catch (ApiError e) {
      throw new IllegalArgumentException("the default " + text + " is no JSON literal", e);
    }
  }
}
