package io.nave.api.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.nave.api.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The types that expressions about objects of a kind see, by its schema: what the compiler finds
/// wrong with them is wrong. Where a schema leaves something open, or says what CEL has no type
/// for, the type is `dyn`, with which the compiler finds nothing wrong. Not thread-safe.
@SuppressWarnings("Immutable") // it grows until a compiler gets it
final class SchemaTypes implements CelTypeProvider {
  private static final Pattern NAME = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
  private static final CelType TEXTS = MapType.create(SimpleType.STRING, SimpleType.STRING);

  private static final Map<String, CelType> META =
      Map.ofEntries(
          Map.entry("name", SimpleType.STRING),
          Map.entry("generateName", SimpleType.STRING),
          Map.entry("namespace", SimpleType.STRING),
          Map.entry("selfLink", SimpleType.STRING),
          Map.entry("uid", SimpleType.STRING),
          Map.entry("resourceVersion", SimpleType.STRING),
          Map.entry("generation", SimpleType.INT),
          Map.entry("creationTimestamp", SimpleType.DYN),
          Map.entry("deletionTimestamp", SimpleType.DYN),
          Map.entry("deletionGracePeriodSeconds", SimpleType.INT),
          Map.entry("labels", TEXTS),
          Map.entry("annotations", TEXTS),
          Map.entry("finalizers", ListType.create(SimpleType.STRING)),
          Map.entry("ownerReferences", ListType.create(SimpleType.DYN)),
          Map.entry("managedFields", ListType.create(SimpleType.DYN)));

  private final Map<String, CelType> known = new LinkedHashMap<>();
  private final UnaryOperator<String> names;

  /// @param names how expressions call a field
  SchemaTypes(UnaryOperator<String> names) {
    this.names = names;
  }

  /// The type of whole objects: with `apiVersion`, `kind` and `metadata`, whatever the schema says.
  ///
  /// @param name what faults call it; another one for each kind
  CelType object(String name, Schema schema) {
    var fields = fields(name, schema);
    if (fields.isEmpty()) {
      return SimpleType.DYN;
    }
    fields.put("apiVersion", SimpleType.STRING);
    fields.put("kind", SimpleType.STRING);
    fields.put("metadata", struct(name + ".metadata", META));
    return struct(name, fields);
  }

  /// A type with these fields.
  CelType struct(String name, Map<String, CelType> fields) {
    var all = ImmutableMap.copyOf(fields);
    var type = StructType.create(name, all.keySet(), field -> Optional.ofNullable(all.get(field)));
    known.put(name, type);
    return type;
  }

  /// The type of values.
  ///
  /// @param name what faults call it
  CelType of(String name, Schema schema) {
    return switch (schema.type()) {
      case "string" ->
          schema.nullable() || !schema.format().isEmpty() ? SimpleType.DYN : SimpleType.STRING;
      case "boolean" -> schema.nullable() ? SimpleType.DYN : SimpleType.BOOL;
      case "integer" -> schema.nullable() ? SimpleType.DYN : SimpleType.INT;
      case "number" -> schema.nullable() ? SimpleType.DYN : SimpleType.DOUBLE;
      case "array" -> {
        var items = schema.items();
        yield ListType.create(items == null ? SimpleType.DYN : of(name + ".items", items));
      }
      case "object" -> ofObject(name, schema);
      default -> SimpleType.DYN; // an int-or-string has no type
    };
  }

  private CelType ofObject(String name, Schema schema) {
    var values = schema.additionalProperties();
    if (values != null && !schema.preserves()) {
      return MapType.create(SimpleType.STRING, of(name + ".values", values));
    }
    var fields = fields(name, schema);
    return fields.isEmpty() ? SimpleType.DYN : struct(name, fields);
  }

  /// None where there may be others, or such as CEL reads only as entries of a map.
  private Map<String, CelType> fields(String name, Schema schema) {
    var fields = new LinkedHashMap<String, CelType>();
    var all = schema.properties();
    if (!schema.preserves()
        && !schema.embedded()
        && all.keySet().stream().map(names).allMatch(field -> NAME.matcher(field).matches())) {
      all.forEach((field, value) -> fields.put(names.apply(field), of(name + "." + field, value)));
    }
    return fields;
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableList.copyOf(known.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(known.get(name));
  }
}
