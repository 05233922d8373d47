package io.nave.apiserver.upkeep;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.upkeep.Dependents.Dependent;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Deleted owners that something is to happen for before they go, as the delete's propagation
/// policy left it in their finalizers: `orphan` makes their dependents forget them,
/// `foregroundDeletion` deletes the dependents and waits for those with `blockOwnerDeletion`.
///
/// Dependents are looked for in the present state, not in an index that may lag behind it: an
/// orphan that was missed would be deleted. Thread-safe.
final class Farewell {
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private record Found(ResourceType type, ApiObject object) {}

  private final ApiClient client;
  private final Supplier<Collection<ResourceType>> types;
  private final Dependents owned; // a moment behind the store
  private final Map<String, Dependent> leaving = new ConcurrentHashMap<>(); // by uid

  Farewell(ApiClient client, Supplier<Collection<ResourceType>> types, Dependents owned) {
    this.client = client;
    this.types = types;
    this.owned = owned;
  }

  /// Takes in an object as it is now.
  ///
  /// @param enqueue told the uid of every owner that may have waited for this
  void seen(ResourceType type, @Nullable ApiObject before, ApiObject after, Consumer<Key> enqueue) {
    if (waits(after)) {
      leaving.put(after.uid(), new Dependent(type, after.key()));
      enqueue.accept(Key.of(after.uid()));
    }
    if (before != null) {
      wake(before, enqueue);
    }
  }

  void gone(ApiObject last, Consumer<Key> enqueue) {
    leaving.remove(last.uid());
    wake(last, enqueue);
  }

  private static boolean waits(ApiObject object) {
    return object.deleting()
        && (object.finalizers().contains(ORPHAN) || object.finalizers().contains(FOREGROUND));
  }

  private void wake(ApiObject dependent, Consumer<Key> enqueue) {
    for (var owner : dependent.metadata().path("ownerReferences")) {
      var uid = owner.path("uid").asString("");
      if (leaving.containsKey(uid)) {
        enqueue.accept(Key.of(uid));
      }
    }
  }

  /// Does what is to be done for the owner, if it waits.
  void reconcile(View view, String uid) {
    var place = leaving.get(uid);
    if (place == null) {
      return;
    }
    var owner = view.get(StoreKey.of(place.type(), place.key())).orElse(null);
    if (owner == null || !owner.uid().equals(uid) || !waits(owner)) {
      leaving.remove(uid);
    } else if (owner.finalizers().contains(ORPHAN)) {
      dependents(view, uid).forEach(found -> forget(found, uid));
      release(place, owner, ORPHAN);
    } else if (deleteAll(view, dependents(view, uid), uid)) {
      release(place, owner, FOREGROUND);
    }
  }

  private List<Found> dependents(View view, String uid) {
    var all = new ArrayList<Found>();
    for (var type : types.get()) {
      for (var object : view.list(type.resource(), "")) {
        if (!reference(object, uid).isMissingNode()) {
          all.add(new Found(type, object));
        }
      }
    }
    return all;
  }

  private static JsonNode reference(ApiObject object, String uid) {
    for (var owner : object.metadata().path("ownerReferences")) {
      if (owner.path("uid").asString("").equals(uid)) {
        return owner;
      }
    }
    return object.metadata().path("ownerReferences").path("none");
  }

  private void forget(Found found, String uid) {
    var patch = GarbageCollector.keepingOwners(found.object(), other -> !other.equals(uid));
    unlessGone(() -> client.patch(found.type(), found.object().key(), "", patch));
  }

  /// @return whether none of them keeps the owner waiting
  private boolean deleteAll(View view, List<Found> all, String uid) {
    var free = true;
    for (var found : all) {
      var object = found.object();
      if (object.owners().size() > 1) {
        forget(found, uid);
        continue;
      }
      if (!object.deleting()) {
        unlessGone(() -> delete(view, found));
      }
      free &= !reference(object, uid).path("blockOwnerDeletion").asBoolean(false);
    }
    return free;
  }

  /// In the foreground where it owns something itself: then that goes before it, and the owner
  /// last.
  private void delete(View view, Found found) {
    var object = found.object();
    if (object.finalizers().contains(ORPHAN) || !owned.any(object.uid())) {
      client.delete(found.type(), object.key(), object.uid());
      return;
    }
    var circle =
        owned.of(object.uid()).stream()
            .flatMap(one -> view.get(StoreKey.of(one.type(), one.key())).stream())
            .anyMatch(Farewell::waits);
    client.commit(
        List.of(
            new Write.Change(found.type(), object.key(), "", inForeground(object, circle)),
            new Write.Delete(found.type(), object.key(), object.uid())));
  }

  /// @param circle whether it owns one that waits for its own to go: then it holds up no owner any
  ///   more, else each would wait for the other
  private static Patch inForeground(ApiObject object, boolean circle) {
    return Patch.merge(body -> {
      var meta = body.putObject("metadata");
      meta.put("uid", object.uid()).put("resourceVersion", object.resourceVersion());
      var finalizers = meta.putArray("finalizers");
      object.finalizers().stream().filter(one -> !one.equals(FOREGROUND)).forEach(finalizers::add);
      finalizers.add(FOREGROUND);
      if (circle) {
        var owners = meta.putArray("ownerReferences");
        for (var owner : object.metadata().path("ownerReferences")) {
          var free = Json.object();
          owner.properties().forEach(field -> free.set(field.getKey(), field.getValue()));
          owners.add(free.put("blockOwnerDeletion", false));
        }
      }
    });
  }

  private void release(Dependent place, ApiObject owner, String finalizer) {
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", owner.uid()).put("resourceVersion", owner.resourceVersion());
          var kept = meta.putArray("finalizers");
          owner.finalizers().stream().filter(f -> !f.equals(finalizer)).forEach(kept::add);
        });
    unlessGone(() -> client.patch(place.type(), place.key(), "", patch));
  }

  private static void unlessGone(Runnable write) {
    try {
      write.run();
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
