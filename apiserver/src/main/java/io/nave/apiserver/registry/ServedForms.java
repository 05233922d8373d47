package io.nave.apiserver.registry;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.admission.Admission;
import java.util.List;

/// A kind in the versions of one catalog, for admission.
record ServedForms(Catalog catalog, ServedType served) implements Admission.Forms {
  @Override
  public ResourceType asked() {
    return served.type();
  }

  @Override
  public List<ResourceType> all() {
    return catalog.forms(served);
  }

  @Override
  public ApiObject shown(ApiObject stored, ResourceType wanted) {
    var conversion = catalog.require(wanted).conversion();
    return conversion == null ? stored : conversion.fromStored(stored);
  }

  @Override
  public ApiObject stored(ApiObject shown, ResourceType from) {
    var conversion = catalog.require(from).conversion();
    return conversion == null ? shown : conversion.toStored(shown);
  }
}
