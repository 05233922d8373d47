package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Reads the hub's objects that an application refers to. For one pass.
final class ReferredObjects {
  /// Versions that are tried when a reference names none.
  private static final List<String> VERSIONS = List.of("v1", "v1beta1", "v1alpha1");

  /// Who is looked at again when one of them changes.
  record Following(Referred watches, Key application) {}

  private final ApiClient client;
  private final @Nullable Following following;
  private boolean untold;

  /// @param following null: nobody
  ReferredObjects(ApiClient client, @Nullable Following following) {
    this.client = client;
    this.following = following;
  }

  /// Whether nobody tells when something changes that was read.
  boolean isUntold() {
    return untold;
  }

  /// What is there; none when the kind is not served either.
  List<ObjectNode> read(String namespace, Reference reference) {
    var versions = reference.version().isEmpty() ? VERSIONS : List.of(reference.version());
    for (var version : versions) {
      var type = ResourceType.of(reference.group(), version, "", reference.resource(), true);
      var found = unlessMissing(() -> read(type, namespace, reference));
      if (found.isPresent()) {
        return found.get();
      }
    }
    untold = true;
    return List.of();
  }

  /// Followed first: a change that comes after the reading is told of.
  ///
  /// @throws ApiError NotFound when the kind is not served, or nobody follows and there is no such
  ///   object
  private List<ObjectNode> read(ResourceType type, String namespace, Reference reference) {
    var interest =
        following == null
            ? Optional.<Referred.Interest>empty()
            : following.watches().follow(following.application(), type, namespace, reference);
    if (interest.isEmpty()) {
      untold = true;
      return present(type, namespace, reference);
    }
    var found = unlessMissing(() -> present(type, namespace, reference)).orElse(List.of());
    interest
        .get()
        .found(
            found.stream()
                .map(object -> object.at("/metadata/name").asString(""))
                .collect(Collectors.toSet()));
    return found;
  }

  private List<ObjectNode> present(ResourceType type, String namespace, Reference reference) {
    if (!reference.name().isEmpty()) {
      return List.of(client.get(type, Key.of(namespace, reference.name())).json());
    }
    var selector = new StringJoiner(",");
    reference.labels().forEach((key, value) -> selector.add(key + "=" + value));
    return client.list(type, namespace, Selection.parse(selector.toString(), "")).items().stream()
        .map(ApiObject::json)
        .toList();
  }

  private static Optional<List<ObjectNode>> unlessMissing(Supplier<List<ObjectNode>> reading) {
    try {
      return Optional.of(reading.get());
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
