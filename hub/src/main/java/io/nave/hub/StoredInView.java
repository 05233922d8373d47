package io.nave.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.applications.Stored;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.util.List;
import java.util.Optional;

/// What a view of the store holds, for the application layer.
record StoredInView(View view) implements Stored {
  @Override
  public Optional<ApiObject> find(ResourceType type, Key key) {
    return view.get(new StoreKey(type.resource(), key.namespace(), key.name()));
  }

  @Override
  public List<ApiObject> list(ResourceType type, String namespace) {
    return view.list(type.resource(), namespace);
  }
}
