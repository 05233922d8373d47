package io.nave.applications.definitions;

import java.util.Optional;
import java.util.SortedSet;

/// Definitions from one place. Thread-safe.
interface Shelf {
  /// The definition of a type: the newest one when no version is named.
  ///
  /// @throws BadDefinition when it is there and cannot be read
  Optional<Definition> find(Role role, TypeName type);

  /// Where the definition that [#find] finds comes from.
  Optional<Origin> origin(Role role, TypeName type);

  /// The names of all types of a role.
  SortedSet<String> names(Role role);
}
