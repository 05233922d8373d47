package io.nave.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Role;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.util.List;
import java.util.Optional;

/// The definitions in a view of the store.
record StoredDefinitions(View view) implements DefinitionObjects {
  private static final String REVISIONS = ResourceType.of(DefinitionRevision.class).resource();

  @Override
  public Optional<ApiObject> definition(Role role, String namespace, String name) {
    return view.get(new StoreKey(ResourceType.of(role.type()).resource(), namespace, name));
  }

  @Override
  public List<String> names(Role role, String namespace) {
    return view.list(ResourceType.of(role.type()).resource(), namespace).stream()
        .map(ApiObject::name)
        .toList();
  }

  @Override
  public List<ApiObject> revisions(Role role, String namespace, String name) {
    return view.list(REVISIONS, namespace).stream()
        .filter(revision ->
            revision
                .spec()
                .at("/" + role.revisionField() + "/metadata/name")
                .asString("")
                .equals(name))
        .toList();
  }

  @Override
  public Optional<ApiObject> revision(Key key) {
    return view.get(new StoreKey(REVISIONS, key.namespace(), key.name()));
  }
}
