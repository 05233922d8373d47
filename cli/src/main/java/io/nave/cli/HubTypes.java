package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Role;
import io.nave.controllers.ApiClient;
import java.util.List;
import java.util.Optional;

/// The definitions that stand in a hub, asked for when they are needed.
record HubTypes(ApiClient hub) implements DefinitionObjects {
  @Override
  public Optional<ApiObject> definition(Role role, String namespace, String name) {
    return hub.find(ResourceType.of(role.type()), Key.of(namespace, name));
  }

  @Override
  public List<String> names(Role role, String namespace) {
    return list(ResourceType.of(role.type()), namespace).stream().map(ApiObject::name).toList();
  }

  @Override
  public List<ApiObject> revisions(Role role, String namespace, String name) {
    var of = "/" + role.revisionField() + "/metadata/name";
    return list(ResourceType.of(DefinitionRevision.class), namespace).stream()
        .filter(revision -> revision.spec().at(of).asString("").equals(name))
        .toList();
  }

  @Override
  public Optional<ApiObject> revision(Key key) {
    return hub.find(ResourceType.of(DefinitionRevision.class), key);
  }

  private List<ApiObject> list(ResourceType type, String namespace) {
    return hub.list(type, namespace, Selection.all()).items();
  }
}
