package io.nave.api.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the values of a schema are taken apart when several clients write one object: what is one
/// field, and what has fields or elements of its own.
///
/// The rules are those of Kubernetes' server-side apply: `x-kubernetes-list-type`,
/// `x-kubernetes-list-map-keys` and `x-kubernetes-map-type`; what no schema describes is taken
/// apart down to its lists.
public sealed interface Shape {
  /// One field, owned whole: a scalar, an atomic list or an atomic map.
  record Whole() implements Shape {}

  /// An object whose fields have owners of their own.
  ///
  /// @param others of the fields without a name in the schema; null when there are none
  record Fields(Map<String, Shape> named, @Nullable Shape others) implements Shape {
    public Fields {
      named = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }
  }

  /// A list of objects that some of their fields name.
  ///
  /// @param defaults what a naming field is when an element lacks it
  record Keyed(List<String> keys, Map<String, JsonNode> defaults, Shape element) implements Shape {
    public Keyed {
      keys = List.copyOf(keys);
      defaults = Map.copyOf(defaults);
    }
  }

  /// A list of scalars, each there or not.
  record Members() implements Shape {}

  /// Whatever is there: objects have fields, all else is whole.
  record Deduced() implements Shape {}

  /// The shape of one field of a value of this shape; [Shapes#WHOLE] where it has none.
  default Shape field(String name) {
    return switch (this) {
      case Fields(var named, var others) -> {
        var own = named.get(name);
        yield own != null ? own : others == null ? Shapes.WHOLE : others;
      }
      case Deduced _ -> this;
      case Whole _, Keyed _, Members _ -> Shapes.WHOLE;
    };
  }

  /// Whether the schema knows this field by name, as opposed to a key of a map.
  default boolean names(String field) {
    return this instanceof Fields(var named, _) && named.containsKey(field);
  }
}
