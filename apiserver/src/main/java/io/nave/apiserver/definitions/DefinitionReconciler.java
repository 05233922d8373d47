package io.nave.apiserver.definitions;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.definitions.CustomResourceDefinition.Status;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Sees to it that names which have become free are accepted, and that the objects of a deleted
/// kind go before its definition does.
///
/// - Reads: all definitions; the objects of a deleted one.
/// - Writes: a definition's status; deletes the objects; takes the cleanup finalizer off.
/// - Safe to repeat: it goes by the present state alone.
public final class DefinitionReconciler implements Reconciler {
  /// Others take their finalizers off in their own time, and tell nobody.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /// The little this reconciler needs.
  interface World {
    Optional<CustomResourceDefinition> definition(Key key);

    List<CustomResourceDefinition> definitions();

    List<ResourceType> builtIn();

    /// @return how many objects are still there after all of them were deleted
    int deleteObjects(CustomResourceDefinition definition);

    void report(CustomResourceDefinition definition, Status status);

    void release(CustomResourceDefinition definition);
  }

  private final Host host;
  private final World world;

  DefinitionReconciler(Host host, World world) {
    this.host = host;
    this.world = world;
  }

  /// On a server in this process.
  public static DefinitionReconciler of(
      Host host, ApiClient client, Api api, Cache<CustomResourceDefinition> cache) {
    return new DefinitionReconciler(host, new LiveWorld(client, api, cache));
  }

  /// The definitions a change of one concerns: all of its group, whose names it may have wanted.
  public Collection<Key> concerned(Key changed) {
    return world.definitions().stream()
        .filter(
            one -> one.key().equals(changed) || !one.is(CustomResourceDefinition.NAMES_ACCEPTED))
        .map(CustomResourceDefinition::key)
        .toList();
  }

  @Override
  public Outcome reconcile(Key key) {
    var definition = world.definition(key).orElse(null);
    if (definition == null) {
      return new Outcome.Settled();
    }
    if (definition.metadata().deleting()) {
      return seeOff(definition);
    }
    var status = Acceptance.status(definition, world.definitions(), world.builtIn(), host.now());
    if (!status.equals(definition.status())) {
      world.report(definition, status);
    }
    return new Outcome.Settled();
  }

  private Outcome seeOff(CustomResourceDefinition definition) {
    if (!definition.metadata().finalizers().contains(CustomResourceDefinition.CLEANUP)) {
      return new Outcome.Settled();
    }
    if (definition.is(CustomResourceDefinition.ESTABLISHED)
        && world.deleteObjects(definition) > 0) {
      var status = progress(definition, host.now());
      if (!status.equals(definition.status())) {
        world.report(definition, status);
      }
      return new Outcome.CheckAfter(AGAIN);
    }
    world.release(definition);
    return new Outcome.Settled();
  }

  private static Status progress(CustomResourceDefinition definition, java.time.Instant now) {
    var status = definition.status();
    var deleting =
        Condition.of(
            CustomResourceDefinition.TERMINATING,
            true,
            "InstanceDeletionInProgress",
            "CustomResource deletion is in progress");
    return new Status(
        Condition.merge(status.conditions(), deleting, now),
        status.acceptedNames(),
        status.storedVersions());
  }

  private record LiveWorld(ApiClient client, Api api, Cache<CustomResourceDefinition> cache)
      implements World {
    private static final ResourceType TYPE = CustomResourceDefinition.TYPE;

    @Override
    public Optional<CustomResourceDefinition> definition(Key key) {
      return cache.get(key);
    }

    @Override
    public List<CustomResourceDefinition> definitions() {
      return List.copyOf(cache.list());
    }

    @Override
    public List<ResourceType> builtIn() {
      return api.builtIn();
    }

    @Override
    public int deleteObjects(CustomResourceDefinition definition) {
      var type =
          api.types().stream()
              .filter(one -> one.resource().equals(definition.metadata().name()))
              .findFirst()
              .orElse(null);
      if (type == null) {
        return 0; // no version is served: nobody could have made any
      }
      for (var object : client.list(type, "", Selection.all()).items()) {
        if (!object.deleting()) {
          delete(type, object);
        }
      }
      return client.list(type, "", Selection.all()).items().size();
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

    @Override
    public void report(CustomResourceDefinition definition, Status status) {
      var present = cache.object(definition.key()).orElse(null);
      if (present != null) {
        client.update(TYPE, DefinitionStrategy.with(present, status), "status");
      }
    }

    @Override
    public void release(CustomResourceDefinition definition) {
      client.patch(
          TYPE,
          definition.key(),
          "",
          Patch.merge(body -> {
            var meta = body.putObject("metadata");
            meta.put("uid", definition.metadata().uid())
                .put("resourceVersion", definition.metadata().resourceVersion());
            var kept = meta.putArray("finalizers");
            definition.metadata().finalizers().stream()
                .filter(one -> !one.equals(CustomResourceDefinition.CLEANUP))
                .forEach(kept::add);
          }));
    }
  }
}
