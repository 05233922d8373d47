package io.nave.api.schema;

import io.nave.api.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes objects in by a [Schema], in one walk: drops what the schema does not know, fills in
/// defaults, and says what is wrong, in Kubernetes' words.
///
/// As there: fields are kept below `x-kubernetes-preserve-unknown-fields`; `apiVersion`, `kind` and
/// `metadata` of the object and of embedded objects are kept and not looked into (an embedded
/// object must name its `apiVersion` and `kind`); a default is given only where its parent is
/// there, and replaces a null that the field may not hold.
public final class Validation {
  /// Most faults and dropped fields that are told of one object.
  static final int TOLD_MAX = 100;

  /// @param object the object pruned and defaulted: a private tree
  /// @param dropped paths of the fields that were dropped
  /// @param faults what is wrong with the object; empty when it may be stored
  public record Admitted(ObjectNode object, List<String> dropped, List<ApiError.Cause> faults) {
    public Admitted {
      dropped = List.copyOf(dropped);
      faults = List.copyOf(faults);
    }
  }

  private static final Set<String> RESOURCE_FIELDS = Set.of("apiVersion", "kind", "metadata");

  private final List<String> dropped = new ArrayList<>();
  private final Faults faults = new Faults();

  private Validation() {}

  /// Takes one object in. What was given stays as it was.
  public static Admitted admit(ObjectNode object, Schema schema) {
    var walk = new Validation();
    var copy = object.deepCopy();
    walk.takeObject(copy, schema, Place.ROOT, true);
    walk.checkObject(copy, schema, Place.ROOT, true);
    return new Admitted(copy, walk.dropped, walk.faults.found());
  }

  /// The object pruned and defaulted, without a word about what is wrong with it: for what was
  /// stored under an older schema. The very same object when nothing changes.
  public static ObjectNode revise(ObjectNode object, Schema schema) {
    var walk = new Validation();
    var copy = object.deepCopy();
    walk.takeObject(copy, schema, Place.ROOT, true);
    return copy.equals(object) ? object : copy;
  }

  /// What is wrong with a value under a schema of its own, such as the parameters of a definition;
  /// paths begin at `root`. Nothing is dropped or filled in.
  public static List<ApiError.Cause> faults(JsonNode value, Schema schema, String root) {
    var walk = new Validation();
    walk.check(value, schema, root.isEmpty() ? Place.ROOT : Place.ROOT.field(root));
    return walk.faults.found();
  }

  // ---- prune and default, from the outside in

  private void take(JsonNode value, Schema schema, Place at) {
    var items = schema.items;
    if (value instanceof ObjectNode object) {
      takeObject(object, schema, at, schema.embedded);
    } else if (value instanceof ArrayNode list && items != null) {
      for (var i = 0; i < list.size(); i++) {
        var given = items.defaultValue;
        if (given != null && mayNotBeNull(list.get(i), items)) {
          list.set(i, given.deepCopy());
        }
        take(list.get(i), items, at.index(i));
      }
    }
  }

  private void takeObject(ObjectNode object, Schema schema, Place at, boolean resource) {
    for (var name : List.copyOf(object.propertyNames())) {
      var kept = resource && RESOURCE_FIELDS.contains(name);
      if (!kept && !schema.preserve && schemaOf(schema, name) == null) {
        object.remove(name);
        if (dropped.size() < TOLD_MAX) {
          dropped.add(at.field(name).toString());
        }
      }
    }
    fillIn(object, schema);
    for (var entry : object.properties()) {
      var name = entry.getKey();
      var known = schemaOf(schema, name);
      if (known != null && !(resource && RESOURCE_FIELDS.contains(name))) {
        take(entry.getValue(), known, at.field(name));
      }
    }
  }

  private static void fillIn(ObjectNode object, Schema schema) {
    for (var property : schema.properties.entrySet()) {
      var name = property.getKey();
      var given = property.getValue().defaultValue;
      if (given != null) {
        var present = object.get(name);
        if (present == null || mayNotBeNull(present, property.getValue())) {
          object.set(name, given.deepCopy());
        }
      }
    }
  }

  private static boolean mayNotBeNull(JsonNode value, Schema schema) {
    return value.isNull() && !schema.nullable;
  }

  private static @Nullable Schema schemaOf(Schema schema, String name) {
    var named = schema.properties.get(name);
    return named != null ? named : schema.additional;
  }

  // ---- check

  private void check(JsonNode value, Schema schema, Place at) {
    if (value.isNull() && schema.nullable) {
      return;
    }
    if (!hasType(value, schema)) {
      faults.wrongType(at, schema.intOrString ? "integer,string" : schema.type, typeOf(value));
      return;
    }
    if (!schema.allowed.isEmpty()) {
      faults.checkAllowed(value, schema, at);
    }
    switch (value) {
      case ObjectNode object -> checkObject(object, schema, at, schema.embedded);
      case ArrayNode list -> checkList(list, schema, at);
      default -> Scalars.check(value, schema, at, faults);
    }
    checkAlternatives(value, schema, at);
  }

  private void checkObject(ObjectNode object, Schema schema, Place at, boolean resource) {
    faults.checkSize(object.size(), schema, at, "Properties", "properties");
    for (var name : schema.required) {
      if (!object.has(name)) {
        faults.required(at.field(name), "");
      }
    }
    if (schema.embedded) {
      checkEmbedded(object, at);
    }
    for (var entry : object.properties()) {
      var name = entry.getKey();
      var known = schemaOf(schema, name);
      if (known != null && !(resource && RESOURCE_FIELDS.contains(name))) {
        check(entry.getValue(), known, at.field(name));
      }
    }
    if (at.parent() == null) {
      checkAlternatives(object, schema, at);
    }
  }

  private void checkEmbedded(ObjectNode object, Place at) {
    for (var name : List.of("apiVersion", "kind")) {
      if (!object.path(name).isString() || object.path(name).stringValue().isEmpty()) {
        faults.required(at.field(name), "must not be empty");
      }
    }
  }

  private void checkList(ArrayNode list, Schema schema, Place at) {
    faults.checkSize(list.size(), schema, at, "Items", "items");
    faults.checkUnique(list, schema, at);
    var items = schema.items;
    if (items != null) {
      for (var i = 0; i < list.size(); i++) {
        check(list.get(i), items, at.index(i));
      }
    }
  }

  private void checkAlternatives(JsonNode value, Schema schema, Place at) {
    for (var part : schema.allOf) {
      check(value, part, at);
    }
    if (!schema.anyOf.isEmpty() && count(value, schema.anyOf) == 0) {
      faults.alternatives(at, "must validate at least one schema (anyOf)");
    }
    if (!schema.oneOf.isEmpty()) {
      var fits = count(value, schema.oneOf);
      if (fits != 1) {
        faults.alternatives(
            at,
            "must validate one and only one schema (oneOf). Found "
                + (fits == 0 ? "none valid" : fits + " valid alternatives"));
      }
    }
    var not = schema.not;
    if (not != null && count(value, List.of(not)) == 1) {
      faults.alternatives(at, "must not validate the schema (not)");
    }
  }

  private static long count(JsonNode value, List<Schema> alternatives) {
    return alternatives.stream().filter(one -> faults(value, one, "x").isEmpty()).count();
  }

  private static boolean hasType(JsonNode value, Schema schema) {
    if (schema.intOrString) {
      return value.isString() || isInteger(value);
    }
    return switch (schema.type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "integer" -> isInteger(value);
      case "number" -> value.isNumber();
      default -> true;
    };
  }

  private static boolean isInteger(JsonNode value) {
    return value.isIntegralNumber() || (value.isNumber() && value.asDouble() % 1 == 0);
  }

  private static final Map<String, String> TYPES =
      Map.of("OBJECT", "object", "ARRAY", "array", "STRING", "string", "BOOLEAN", "boolean");

  private static String typeOf(JsonNode value) {
    if (value.isNumber()) {
      return isInteger(value) ? "integer" : "number";
    }
    return TYPES.getOrDefault(value.getNodeType().name(), "null");
  }
}
