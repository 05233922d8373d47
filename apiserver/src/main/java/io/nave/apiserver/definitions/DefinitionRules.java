package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import io.nave.apiserver.registry.Faults;
import org.jspecify.annotations.Nullable;

/// What a definition may say.
final class DefinitionRules {
  private DefinitionRules() {}

  static void validate(@Nullable ApiObject old, ApiObject crd, Faults faults) {
    var wanted =
        crd.at("/spec/names/plural").asString("") + "." + crd.at("/spec/group").asString("");
    if (!crd.name().equals(wanted)) {
      faults.invalid("metadata.name", crd.name(), "must be spec.names.plural+\".\"+spec.group");
    }
  }
}
