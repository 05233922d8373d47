package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.api.schema.Schema;
import io.nave.api.schema.Schemas;
import io.nave.apiserver.Columns;
import io.nave.apiserver.Subresource;
import io.nave.store.StoreKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A type as this server serves it.
///
/// @param schema what objects may hold; null: anything
/// @param columns computed cells for `kubectl get`; null: every column has a path
/// @param conversion for a second version of a kind: how it becomes the stored one; null for the
///   stored version itself
/// @param sides subresources that compute their answers
public record ServedType(
    ResourceType type,
    @Nullable Schema schema,
    Strategy strategy,
    @Nullable Columns columns,
    @Nullable Conversion conversion,
    List<Subresource> sides) {
  public ServedType {
    sides = List.copyOf(sides);
  }

  /// Between a served version and the stored one. Loses nothing either way.
  public interface Conversion {
    /// The type whose bucket and rules apply; the server must know it too.
    ResourceType storedType();

    ApiObject toStored(ApiObject served);

    ApiObject fromStored(ApiObject stored);

    /// [#fromStored] will be asked for all of these: a hint, which changes no answer.
    default void ahead(List<ApiObject> stored) {}
  }

  /// A kind without specialities, with the schema of its record.
  public static ServedType of(Class<? extends Resource> kind) {
    return of(kind, Strategy.PLAIN);
  }

  /// A kind with the schema of its record.
  public static ServedType of(Class<? extends Resource> kind, Strategy strategy) {
    return new ServedType(ResourceType.of(kind), Schemas.of(kind), strategy, null, null, List.of());
  }

  /// A kind that may hold anything.
  public static ServedType of(ResourceType type, Strategy strategy) {
    return new ServedType(type, null, strategy, null, null, List.of());
  }

  public ServedType withColumns(Columns computed) {
    return new ServedType(type, schema, strategy, computed, conversion, sides);
  }

  public ServedType withConversion(Conversion other) {
    return new ServedType(type, schema, strategy, columns, other, sides);
  }

  /// With one more subresource that computes its answers, under this version of the kind.
  public ServedType withSubresource(Subresource side) {
    var all = new ArrayList<>(sides);
    all.add(side);
    return new ServedType(type, schema, strategy, columns, conversion, all);
  }

  /// The computing subresource of that name, or null.
  @Nullable Subresource side(String name) {
    return sides.stream().filter(side -> side.name().equals(name)).findFirst().orElse(null);
  }

  String bucket() {
    return conversion == null ? type.resource() : conversion.storedType().resource();
  }

  StoreKey storeKey(Key key) {
    return new StoreKey(bucket(), key.namespace(), key.name());
  }

  /// These stored objects will be [#shown] one by one.
  void ahead(List<ApiObject> stored) {
    if (conversion != null) {
      conversion.ahead(stored);
    }
  }

  /// How objects of this version show their scale.
  ///
  /// @throws ApiError NotFound when they have none
  ScaleView scale() {
    var view = strategy.scale();
    if (view == null) {
      throw ApiError.noSuchPath();
    }
    return view;
  }

  /// A stored object as this version shows it.
  ApiObject shown(ApiObject stored) {
    return conversion == null ? strategy.revised(stored) : conversion.fromStored(stored);
  }
}
