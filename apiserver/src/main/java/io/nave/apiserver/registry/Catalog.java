package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The types a server serves, in the order they were given. Immutable.
final class Catalog {
  private record Place(String group, String version, String plural) {
    static Place of(ResourceType type) {
      return new Place(type.group(), type.version(), type.plural());
    }
  }

  private final Map<Place, ServedType> served = new LinkedHashMap<>();
  private final List<ResourceType> types;

  Catalog(List<ServedType> all) {
    var order = new ArrayList<ResourceType>();
    for (var one : all) {
      if (served.put(Place.of(one.type()), one) != null) {
        throw new IllegalArgumentException(one.type() + " is served twice");
      }
      checkSides(one);
      order.add(one.type());
    }
    for (var one : all) {
      var conversion = one.conversion();
      if (conversion != null && find(conversion.storedType()) == null) {
        throw new IllegalArgumentException(
            one.type() + " is stored as " + conversion.storedType() + ", which is not served");
      }
    }
    types = List.copyOf(order);
  }

  private static void checkSides(ServedType served) {
    var names = new HashSet<>(served.strategy().subresourcesOf(served.type()));
    for (var side : served.sides()) {
      if (!names.add(side.name())) {
        throw new IllegalArgumentException(
            served.type() + " has two subresources called " + side.name());
      }
    }
  }

  List<ResourceType> types() {
    return types;
  }

  Optional<ResourceType> type(String group, String version, String plural) {
    return Optional.ofNullable(served.get(new Place(group, version, plural))).map(ServedType::type);
  }

  @Nullable ServedType find(ResourceType type) {
    return served.get(Place.of(type));
  }

  /// @throws ApiError NotFound when this server has no such type
  ServedType require(ResourceType type) {
    var found = find(type);
    if (found == null) {
      throw ApiError.noSuchPath();
    }
    return found;
  }

  /// @throws ApiError NotFound when this server has no such type or the type no such subresource
  ServedType require(ResourceType type, String subresource) {
    var found = require(type);
    if (!subresource.isEmpty()
        && !found.strategy().subresourcesOf(found.type()).contains(subresource)) {
      throw ApiError.noSuchPath();
    }
    return found;
  }

  /// The version of the kind that is stored: the one whose rules apply to writes.
  ServedType stored(ServedType type) {
    var conversion = type.conversion();
    return conversion == null ? type : require(conversion.storedType());
  }
}
