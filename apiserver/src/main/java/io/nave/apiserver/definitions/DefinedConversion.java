package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.registry.ServedType;
import java.util.List;

/// Between a version that is served and the one that is stored.
record DefinedConversion(VersionedType stored, VersionedType served, Conversions.Between between)
    implements ServedType.Conversion {
  @Override
  public ResourceType storedType() {
    return stored.type();
  }

  @Override
  public ApiObject toStored(ApiObject object) {
    return stored.revised(between.convert(object, stored));
  }

  @Override
  public ApiObject fromStored(ApiObject object) {
    return served.revised(between.convert(object, served));
  }

  @Override
  public void ahead(List<ApiObject> stored) {
    between.ahead(stored, served);
  }
}
