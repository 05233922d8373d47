package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import java.util.Map;

/// How objects of a definition become those of another of its versions.
@FunctionalInterface
interface Conversions {
  /// Conversion by another name only, whatever the definition asks for.
  Conversions RENAMING = (_, _) -> Conversions::renamed;

  Between of(CustomResourceDefinition definition, Map<String, VersionedType> versions);

  /// Between any two versions of one definition.
  @FunctionalInterface
  interface Between {
    /// The object in the wanted version; the very same when it is in that already.
    ///
    /// @throws io.nave.api.ApiError when it cannot be had
    ApiObject convert(ApiObject object, VersionedType wanted);
  }

  /// Strategy `None`: nothing but the version changes.
  static ApiObject renamed(ApiObject object, VersionedType wanted) {
    return wanted.holds(object)
        ? object
        : object.edit(tree -> tree.put("apiVersion", wanted.type().apiVersion()));
  }
}
