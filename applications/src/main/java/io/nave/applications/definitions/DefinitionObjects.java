package io.nave.applications.definitions;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.util.List;
import java.util.Optional;

/// The definitions that are objects of the hub.
public interface DefinitionObjects {
  Optional<ApiObject> definition(Role role, String namespace, String name);

  /// The names of all of a namespace.
  List<String> names(Role role, String namespace);

  /// The DefinitionRevisions of one definition.
  List<ApiObject> revisions(Role role, String namespace, String name);

  /// One DefinitionRevision.
  Optional<ApiObject> revision(Key key);

  /// None.
  DefinitionObjects NONE =
      new DefinitionObjects() {
        @Override
        public Optional<ApiObject> definition(Role role, String namespace, String name) {
          return Optional.empty();
        }

        @Override
        public List<String> names(Role role, String namespace) {
          return List.of();
        }

        @Override
        public List<ApiObject> revisions(Role role, String namespace, String name) {
          return List.of();
        }

        @Override
        public Optional<ApiObject> revision(Key key) {
          return Optional.empty();
        }
      };
}
