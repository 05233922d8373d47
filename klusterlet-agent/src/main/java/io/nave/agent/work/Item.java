package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestMerge;
import io.nave.work.ManifestOptions;
import io.nave.work.ManifestWork;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One manifest of a work, with what was found out about it before anything is applied.
///
/// @param target null when it names no object this cluster could hold; then `fault` says why
record Item(
    int ordinal,
    ManifestIdentity identity,
    JsonNode manifest,
    @Nullable Target target,
    ManifestOptions options,
    String fault) {

  /// Looks the kind up and picks the options.
  static Item of(int ordinal, JsonNode manifest, ManifestWork work, KindResolver kinds) {
    var identity = ManifestIdentity.of(manifest);
    if (!manifest.isObject() || !identity.complete()) {
      return faulty(ordinal, identity, manifest, "it must have apiVersion, kind and metadata.name");
    }
    @Nullable ResourceType type;
    try {
      type = kinds.find(identity.apiVersion(), identity.kind()).orElse(null);
    } catch (ApiError e) {
      return faulty(ordinal, identity, manifest, String.valueOf(e.getMessage()));
    }
    if (type == null) {
      var fault = "the server doesn't have a resource type \"%s\"".formatted(identity.kind());
      return faulty(ordinal, identity, manifest, fault);
    }
    if (type.namespaced() && identity.namespace().isEmpty()) {
      return faulty(
          ordinal,
          identity,
          manifest,
          "%s \"%s\" needs metadata.namespace, since its kind is namespaced"
              .formatted(type.resource(), identity.name()));
    }
    var key = new Key(type.namespaced() ? identity.namespace() : "", identity.name());
    var options =
        ManifestOptions.of(
            work.spec().manifestConfigs(),
            type.group(),
            type.plural(),
            key.namespace(),
            key.name());
    return new Item(ordinal, identity, manifest, new Target(type, key), options, "");
  }

  private static Item faulty(
      int ordinal, ManifestIdentity identity, JsonNode manifest, String fault) {
    var options = ManifestOptions.of(List.of(), "", "", "", "");
    return new Item(ordinal, identity, manifest, null, options, fault);
  }

  /// The same item, not to be applied for this reason.
  Item refused(String reason) {
    return faulty(ordinal, identity, manifest, reason);
  }

  /// The object to bring about.
  ApiObject wanted() {
    var found = target;
    var wanted = ManifestMerge.wanted(manifest);
    if (found == null || found.type().namespaced()) {
      return wanted;
    }
    return wanted.editMeta((ObjectNode meta) -> meta.remove("namespace"));
  }

  /// As the hub is told which object this is.
  ManifestWork.ResourceMeta meta() {
    var found = target;
    return new ManifestWork.ResourceMeta(
        ordinal,
        identity.group(),
        identity.version(),
        identity.kind(),
        found == null ? "" : found.type().plural(),
        identity.name(),
        found == null ? identity.namespace() : found.key().namespace());
  }
}
