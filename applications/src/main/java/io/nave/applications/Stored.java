package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Role;
import java.util.List;
import java.util.Optional;

/// What a hub stores, all of it as of one moment. A request is answered by this and not by caches,
/// which learn of a write after its writer was told of it.
public interface Stored extends DefinitionObjects {
  Optional<ApiObject> find(ResourceType type, Key key);

  /// Those of one namespace, in key order.
  List<ApiObject> list(ResourceType type, String namespace);

  default <T extends Resource> Optional<T> find(Class<T> kind, Key key) {
    return find(ResourceType.of(kind), key).map(found -> Codec.decode(found, kind));
  }

  /// One that is being deleted is none any more, as for the controller.
  @Override
  default Optional<ApiObject> definition(Role role, String namespace, String name) {
    return find(ResourceType.of(role.type()), Key.of(namespace, name))
        .filter(there -> !there.deleting());
  }

  @Override
  default List<String> names(Role role, String namespace) {
    return list(ResourceType.of(role.type()), namespace).stream().map(ApiObject::name).toList();
  }

  @Override
  default List<ApiObject> revisions(Role role, String namespace, String name) {
    var path = "/" + role.revisionField() + "/metadata/name";
    return list(ResourceType.of(DefinitionRevision.class), namespace).stream()
        .filter(revision -> revision.spec().at(path).asString("").equals(name))
        .toList();
  }

  @Override
  default Optional<ApiObject> revision(Key key) {
    return find(ResourceType.of(DefinitionRevision.class), key);
  }
}
