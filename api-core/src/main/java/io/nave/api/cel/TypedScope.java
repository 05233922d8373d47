package io.nave.api.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import io.nave.api.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A scope whose variables have the types of objects, so that the compiler finds fields that no
/// object has. Declare first, compute then. Not thread-safe.
///
/// ```java
/// var scope = new TypedScope(KubernetesCel.environment());
/// scope.declare("object", "Object", Optional.of(schema));
/// scope.group("variables");
/// scope.compute("variables", "name", "object.metadata.name");
/// scope.environment().faults("variables.name == 3");
/// ```
public final class TypedScope {
  private final SchemaTypes types;
  private final Map<String, Map<String, CelType>> computed = new LinkedHashMap<>();
  private CelEnvironment declared;

  /// @param base what else is in scope
  public TypedScope(CelEnvironment base) {
    this(base, UnaryOperator.identity());
  }

  /// @param names how expressions call a field
  public TypedScope(CelEnvironment base, UnaryOperator<String> names) {
    types = new SchemaTypes(names);
    declared = base.with(types);
  }

  /// Adds a variable that holds a whole object.
  ///
  /// @param type what faults call its type; the same for the same schema only
  /// @param schema none: anything, in which the compiler finds nothing wrong
  public void declare(String variable, String type, Optional<Schema> schema) {
    declared =
        declared.with(variable, schema.map(s -> types.object(type, s)).orElse(SimpleType.DYN));
  }

  /// Adds a variable that holds a value of a schema.
  ///
  /// @param type what faults call its type; the same for the same schema only, and no variable's
  ///   name: fields of that would be taken for types
  /// @param resource whether it is a whole object
  public void declareValue(String variable, String type, Schema schema, boolean resource) {
    declared =
        declared.with(variable, resource ? types.object(type, schema) : types.of(type, schema));
  }

  /// Adds a variable that has what is computed for it and nothing else.
  public void group(String variable) {
    computed.putIfAbsent(variable, new LinkedHashMap<>());
  }

  /// Adds a field to a [#group], with the type of what an expression yields in the scope so far; of
  /// one that cannot be compiled that is open.
  public void compute(String variable, String field, String source) {
    var type = resultType(source);
    computed.computeIfAbsent(variable, _ -> new LinkedHashMap<>()).put(field, type);
  }

  private CelType resultType(String source) {
    try {
      return environment().compile(source).resultType();
    } catch (BadExpression e) {
      return SimpleType.DYN;
    }
  }

  /// The scope as it is now.
  public CelEnvironment environment() {
    var all = declared;
    for (var each : computed.entrySet()) {
      all = all.with(each.getKey(), types.struct("computed." + each.getKey(), each.getValue()));
    }
    return all;
  }
}
