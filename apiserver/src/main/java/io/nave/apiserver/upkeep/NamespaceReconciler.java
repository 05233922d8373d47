package io.nave.apiserver.upkeep;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.kinds.Namespace;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  private final Host host;
  private final ApiClient client;
  private final Supplier<List<ResourceType>> types;

  /// @param types what may be in a namespace, now
  public NamespaceReconciler(Host host, ApiClient client, Supplier<List<ResourceType>> types) {
    this.host = host;
    this.client = client;
    this.types = types;
  }

  @Override
  public Outcome reconcile(Key key) {
    var namespace = client.find(NAMESPACES, Key.of(key.name())).orElse(null);
    if (namespace == null || !namespace.deleting()) {
      return new Outcome.Settled();
    }
    var content = new NamespaceContent();
    for (var type : types.get()) {
      if (type.namespaced()) {
        empty(type, key.name(), content);
      }
    }
    if (!content.isEmpty()) {
      report(namespace, content);
      return new Outcome.CheckAfter(AGAIN);
    }
    if (waitsForOthers(namespace)) {
      report(namespace, content);
    }
    letGo(namespace);
    return new Outcome.Settled();
  }

  /// Whether it stays after this: then its conditions are looked at.
  private static boolean waitsForOthers(ApiObject namespace) {
    return namespace.at("/spec/finalizers").size() > 1 || !namespace.finalizers().isEmpty();
  }

  /// Deletes all objects of a kind; one that is refused stops no other.
  private void empty(ResourceType type, String namespace, NamespaceContent content) {
    var found = present(type, namespace);
    for (var object : found) {
      if (!object.deleting()) {
        delete(type, object, content);
      }
    }
    if (!found.isEmpty()) {
      content.left(type, present(type, namespace));
    }
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

  private void delete(ResourceType type, ApiObject object, NamespaceContent content) {
    try {
      client.delete(type, object.key(), object.uid());
    } catch (ApiError e) {
      // Gone, or another of the same name by now: the list that follows tells.
      if (!e.is(ApiError.Reason.NOT_FOUND) && !e.is(ApiError.Reason.CONFLICT)) {
        content.refused(String.valueOf(e.getMessage()));
      }
    }
  }

  private void report(ApiObject namespace, NamespaceContent content) {
    var present = new ArrayList<Condition>();
    namespace
        .at("/status/conditions")
        .forEach(one -> present.add(Codec.decode(one, Condition.class)));
    var next = content.conditions(present, host.now());
    if (next.equals(present)) {
      return;
    }
    client.patch(
        NAMESPACES,
        namespace.key(),
        "status",
        Patch.merge(patch -> patch.putObject("status").set("conditions", Json.tree(next))));
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
