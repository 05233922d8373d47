package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.api.schema.Schema;
import io.nave.apiserver.definitions.CustomResourceDefinition.Column;
import io.nave.apiserver.definitions.CustomResourceDefinition.Names;
import io.nave.apiserver.definitions.CustomResourceDefinition.Version;
import io.nave.apiserver.registry.ServedType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a registry serves of one established definition.
///
/// @param revision of the definition it was made from
/// @param essence all of the definition that the types depend on
/// @param versions by name; the same ones when only the end of the definition has begun
record Definition(
    long revision,
    ObjectNode essence,
    Map<String, VersionedType> versions,
    List<ServedType> types) {
  /// @param before what was served so far; its types stay when nothing that counts has changed
  /// @return null when the definition is not established
  static @Nullable Definition of(
      ApiObject crd, @Nullable Definition before, Conversions conversions, OwnKinds own) {
    var definition = Codec.decode(crd, CustomResourceDefinition.class);
    var names = definition.status().acceptedNames();
    if (!definition.is(CustomResourceDefinition.ESTABLISHED) || names == null) {
      return null;
    }
    var essence = essence(crd, definition);
    if (before != null && before.essence().equals(essence)) {
      return new Definition(crd.revision(), essence, before.versions(), before.types());
    }
    var versions =
        before != null && sameButForItsEnd(before.essence(), essence)
            ? before.versions()
            : versions(definition, names);
    var conversion = conversions.of(definition, versions);
    var types = new ArrayList<ServedType>();
    for (var version : byPriority(definition.spec().versions())) {
      if (version.served() || version.storage()) {
        var strategy =
            new DefinedStrategy(
                unchangedSince(crd, own),
                Objects.requireNonNull(versions.get(version.name())),
                definition,
                version,
                conversion);
        types.add(own.completed(served(definition, version, versions, conversion, strategy)));
      }
    }
    return new Definition(crd.revision(), essence, versions, List.copyOf(types));
  }

  /// A definition of the program itself changes only while it starts, before anybody writes. One of
  /// a user may change in between a write that is on its way, so its objects are always looked
  /// through.
  private static long unchangedSince(ApiObject crd, OwnKinds own) {
    return own.has(crd.name()) ? crd.revision() : Long.MAX_VALUE;
  }

  private static boolean sameButForItsEnd(ObjectNode before, ObjectNode now) {
    return now.deepCopy().without("ends").equals(before.deepCopy().without("ends"));
  }

  private static Map<String, VersionedType> versions(
      CustomResourceDefinition definition, Names names) {
    var versions = new LinkedHashMap<String, VersionedType>();
    for (var version : definition.spec().versions()) {
      versions.put(version.name(), versioned(definition, names, version));
    }
    return versions;
  }

  private static ObjectNode essence(ApiObject crd, CustomResourceDefinition definition) {
    var essence = Json.object().put("uid", crd.uid());
    essence.set("spec", crd.spec());
    essence.set("names", crd.at("/status/acceptedNames"));
    return essence.put("ends", definition.is(CustomResourceDefinition.TERMINATING));
  }

  private static ServedType served(
      CustomResourceDefinition definition,
      Version version,
      Map<String, VersionedType> versions,
      Conversions.Between conversion,
      DefinedStrategy strategy) {
    var stored = Objects.requireNonNull(versions.get(definition.storage().name()));
    var own = Objects.requireNonNull(versions.get(version.name()));
    var type = new ServedType(own.type(), own.schema(), strategy, null, null, List.of());
    return version.storage()
        ? type
        : type.withConversion(new DefinedConversion(stored, own, conversion));
  }

  private static VersionedType versioned(
      CustomResourceDefinition definition, Names names, Version version) {
    var spec = definition.spec();
    var status = version.subresources() != null && version.subresources().status() != null;
    var type =
        new ResourceType(
            spec.group(),
            version.name(),
            names.kind(),
            names.plural(),
            names.shortNames(),
            names.categories(),
            spec.scope().equals("Namespaced"),
            status,
            version.additionalPrinterColumns().stream().map(Definition::column).toList(),
            Objects.requireNonNullElse(names.singular(), ""),
            Objects.requireNonNullElse(names.listKind(), ""));
    return new VersionedType(type, Schema.parse(CustomResourceDefinition.schemaOf(version)));
  }

  private static ResourceType.Column column(Column column) {
    return new ResourceType.Column(
        column.name(),
        column.type(),
        column.jsonPath(),
        Objects.requireNonNullElse(column.priority(), 0));
  }

  /// As discovery lists versions: stable before beta before alpha, newer before older.
  private static List<Version> byPriority(List<Version> versions) {
    var sorted = new ArrayList<>(versions);
    sorted.sort(Comparator.comparing(Version::name, VersionOrder.NEWEST_FIRST));
    return sorted;
  }
}
