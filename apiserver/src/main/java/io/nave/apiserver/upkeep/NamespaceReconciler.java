package io.nave.apiserver.upkeep;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.kinds.Namespace;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;

/// Empties a namespace that was deleted, and lets it go when nothing is left in it.
///
/// - Reads: the namespace, everything in it.
/// - Writes: deletes what is in it; the namespace's own finalizer and condition.
/// - Safe to repeat: what is gone is not deleted twice.
public final class NamespaceReconciler implements Reconciler {
  static final ResourceType NAMESPACES = ResourceType.of(Namespace.class);

  /// Others take their finalizers off in their own time, and tell nobody.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private static final String REMAINING = "NamespaceContentRemaining";

  private final ApiClient client;
  private final Supplier<List<ResourceType>> types;

  /// @param types all that the server keeps objects of, now
  public NamespaceReconciler(ApiClient client, Supplier<List<ResourceType>> types) {
    this.client = client;
    this.types = types;
  }

  @Override
  public Outcome reconcile(Key key) {
    var namespace = client.find(NAMESPACES, Key.of(key.name())).orElse(null);
    if (namespace == null || !namespace.deleting()) {
      return new Outcome.Settled();
    }
    var remaining = new StringJoiner(", ");
    for (var type : types.get()) {
      var left = type.namespaced() ? empty(type, key.name()) : 0;
      if (left > 0) {
        remaining.add(type.resource() + " has " + left + " resource instances");
      }
    }
    if (remaining.length() > 0) {
      report(namespace, "Some resources are remaining: " + remaining);
      return new Outcome.CheckAfter(AGAIN);
    }
    letGo(namespace);
    return new Outcome.Settled();
  }

  /// Deletes all objects of a type.
  ///
  /// @return how many are still there, held by finalizers
  private int empty(ResourceType type, String namespace) {
    var found = present(type, namespace);
    for (var object : found) {
      if (!object.deleting()) {
        delete(type, object);
      }
    }
    return found.isEmpty() ? 0 : present(type, namespace).size();
  }

  private List<ApiObject> present(ResourceType type, String namespace) {
    try {
      return client.list(type, namespace, Selection.all()).items();
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return List.of(); // the type itself went a moment ago
      }
      throw e;
    }
  }

  private void delete(ResourceType type, ApiObject object) {
    try {
      client.delete(type, object.key(), object.uid());
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND) && !e.is(ApiError.Reason.CONFLICT)) {
        throw e;
      }
      // Gone, or another of the same name by now: the list that follows tells.
    }
  }

  private void report(ApiObject namespace, String message) {
    if (message.equals(reported(namespace).orElse(""))) {
      return;
    }
    client.patch(
        NAMESPACES,
        namespace.key(),
        "status",
        Patch.merge(patch ->
            patch
                .putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", REMAINING)
                .put("status", "True")
                .put("reason", "SomeResourcesRemain")
                .put("message", message)));
  }

  private static Optional<String> reported(ApiObject namespace) {
    for (var condition : namespace.at("/status/conditions")) {
      if (condition.path("type").asString("").equals(REMAINING)) {
        return Optional.of(condition.path("message").asString(""));
      }
    }
    return Optional.empty();
  }

  private void letGo(ApiObject namespace) {
    var others = namespace.at("/spec/finalizers");
    client.patch(
        NAMESPACES,
        namespace.key(),
        "finalize",
        Patch.merge(patch -> {
          patch.putObject("metadata").put("uid", namespace.uid());
          var kept = patch.putObject("spec").putArray("finalizers");
          for (var finalizer : others) {
            if (!finalizer.asString("").equals(Namespace.FINALIZER)) {
              kept.add(finalizer);
            }
          }
        }));
  }
}
