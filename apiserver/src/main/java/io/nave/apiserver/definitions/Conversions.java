package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import java.util.List;
import java.util.Map;

/// How objects of a definition become those of another of its versions.
@FunctionalInterface
interface Conversions {
  /// Conversion by another name only, whatever the definition asks for: for servers that call
  /// nobody.
  Conversions RENAMING = (_, _) -> Conversions::renamed;

  Between of(CustomResourceDefinition definition, Map<String, VersionedType> versions);

  /// Between any two versions of one definition.
  @FunctionalInterface
  interface Between {
    /// The object in the wanted version; the very same when it is in that already.
    ///
    /// @throws io.nave.api.ApiError when it cannot be had
    ApiObject convert(ApiObject object, VersionedType wanted);

    /// All of these will be asked for soon: what is dear for each may be done for all at once. Says
    /// nothing of what fails; [#convert] does.
    default void ahead(List<ApiObject> objects, VersionedType wanted) {}
  }

  /// Strategy `None`: nothing but the version changes.
  static ApiObject renamed(ApiObject object, VersionedType wanted) {
    return wanted.holds(object)
        ? object
        : object.edit(tree -> tree.put("apiVersion", wanted.type().apiVersion()));
  }
}
