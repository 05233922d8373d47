package io.nave.apiserver.definitions;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.schema.Crds;
import io.nave.apiserver.registry.ServedType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The kinds that belong to the program itself. Their definitions come from its records, and stand
/// in the store like any other; but nobody deletes them or makes them say something else: a new
/// release of the program brings them with it, and puts them in place when it starts.
public final class OwnKinds {
  /// A server whose definitions all come from its users.
  public static final OwnKinds NONE = new OwnKinds(List.of());

  private final Map<String, ObjectNode> definitions = new TreeMap<>(); // by name; never changed
  private final Map<String, ServedType> types = new TreeMap<>(); // by name; never changed

  private OwnKinds(List<ServedType> kinds) {
    for (var kind : kinds) {
      var name = kind.type().resource();
      var schema = kind.schema();
      if (schema == null) {
        throw new IllegalArgumentException(name + " has no schema to make a definition of");
      }
      types.put(name, kind);
      definitions.put(name, Crds.json(kind.type(), schema));
    }
  }

  /// @param kinds with schemas; their subresources and computed columns are served too, a strategy
  ///   of theirs is not
  public static OwnKinds of(List<ServedType> kinds) {
    return new OwnKinds(kinds);
  }

  /// What the program adds to a definition of its own: subresources and computed columns.
  ServedType completed(ServedType defined) {
    var own = types.get(defined.type().resource());
    return own == null
        ? defined
        : new ServedType(
            defined.type(),
            defined.schema(),
            defined.strategy(),
            own.columns(),
            defined.conversion(),
            own.sides());
  }

  /// Creates what is missing and replaces what another release left. Versions that objects may
  /// still be stored in stay known, unserved.
  void install(ApiClient client) {
    var writes = new ArrayList<Write>();
    for (var own : definitions.entrySet()) {
      var key = Key.of(own.getKey());
      var present = client.find(CustomResourceDefinition.TYPE, key).orElse(null);
      if (present == null) {
        var definition = ApiObject.of(own.getValue().deepCopy());
        writes.add(new Write.Create(CustomResourceDefinition.TYPE, definition));
      } else {
        var wanted = spec(own.getKey(), present);
        if (wanted != null && !Json.same(wanted, present.spec())) {
          var next = present.edit(crd -> crd.set("spec", wanted));
          writes.add(new Write.Update(CustomResourceDefinition.TYPE, next, ""));
        }
      }
    }
    if (!writes.isEmpty()) {
      client.commit(writes);
    }
  }

  /// What the definition of that name has to say; null when it is nobody's own.
  private @Nullable ObjectNode spec(String name, ApiObject present) {
    var own = definitions.get(name);
    if (own == null) {
      return null;
    }
    var wanted = DefinitionStrategy.defaulted((ObjectNode) own.deepCopy().path("spec"));
    var versions = wanted.withArrayProperty("versions");
    for (var stored : present.at("/status/storedVersions")) {
      var known = false;
      for (var version : versions) {
        known |= version.path("name").equals(stored);
      }
      for (var old : present.at("/spec/versions")) {
        if (!known && old.path("name").equals(stored)) {
          versions.add(((ObjectNode) old.deepCopy()).put("served", false).put("storage", false));
        }
      }
    }
    return wanted;
  }

  boolean has(String name) {
    return definitions.containsKey(name);
  }

  /// @throws ApiError Forbidden when the change is not for anybody to make
  void checkChange(ApiObject old, ApiObject next) {
    var wanted = spec(next.name(), old);
    if (wanted != null && !Json.same(wanted, next.spec())) {
      throw forbidden(
          next.name(),
          "this kind belongs to the program itself: its definition changes with a new release only;"
              + " labels and annotations may be changed");
    }
  }

  /// @throws ApiError Forbidden when the definition is the program's own
  void checkDelete(String name) {
    if (definitions.containsKey(name)) {
      throw forbidden(
          name, "this kind belongs to the program itself and cannot be deleted while it runs");
    }
  }

  private static ApiError forbidden(String name, String why) {
    return ApiError.forbidden(CustomResourceDefinition.TYPE, name, why);
  }
}
