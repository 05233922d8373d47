package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The types a server serves, in the order they were given: one snapshot, exchanged as a whole when
/// types come or go. Immutable.
final class Catalog {
  private record Place(String group, String version, String plural) {
    static Place of(ResourceType type) {
      return new Place(type.group(), type.version(), type.plural());
    }
  }

  private final Map<Place, ServedType> served = new LinkedHashMap<>();
  private final Map<Place, ServedType> storedOnly = new HashMap<>();
  private final List<ResourceType> types;
  private final long edition;

  /// @param edition higher than that of the snapshot before
  Catalog(List<ServedType> all, long edition) {
    this.edition = edition;
    var order = new ArrayList<ResourceType>();
    for (var one : all) {
      var place = Place.of(one.type());
      if (!one.strategy().served()) {
        storedOnly.put(place, one);
      } else if (served.put(place, one) != null) {
        throw new IllegalArgumentException(one.type() + " is served twice");
      } else {
        order.add(one.type());
      }
      checkSides(one);
    }
    for (var one : all) {
      var conversion = one.conversion();
      if (conversion != null && known(conversion.storedType()) == null) {
        throw new IllegalArgumentException(
            one.type() + " is stored as " + conversion.storedType() + ", which is not known");
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

  long edition() {
    return edition;
  }

  /// Whether objects of this type are still shown as they were when it was taken from a snapshot.
  @SuppressWarnings("ReferenceEquality") // the very same
  boolean shows(ServedType type) {
    var now = served.get(Place.of(type.type()));
    return now == type || (now != null && now.schema() != null && now.schema() == type.schema());
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
    var stored = conversion == null ? type : known(conversion.storedType());
    if (stored == null) {
      throw ApiError.noSuchPath(); // it went a moment ago
    }
    return stored;
  }

  /// All served versions of a kind, in the order of discovery.
  List<ResourceType> forms(ServedType kind) {
    return served.values().stream()
        .filter(one -> one.bucket().equals(kind.bucket()))
        .map(ServedType::type)
        .toList();
  }

  private @Nullable ServedType known(ResourceType type) {
    var found = served.get(Place.of(type));
    return found != null ? found : storedOnly.get(Place.of(type));
  }
}
