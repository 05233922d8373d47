package io.nave.applications;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.definitions.Catalog;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.DefinitionObjects;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import io.nave.applications.definitions.TypeName;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.controllers.Statuses;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The definitions of a hub: caches of them, a controller for their revisions, and the types that
/// each application can name.
final class DefinitionsHub
    implements AutoCloseable, DefinitionObjects, ApplicationReconciler.Types {
  /// Index of applications by what they name: `trait/scaler` and, with a version, also
  /// `trait/scaler@v1.2`.
  static final String BY_TYPE = "type";

  private static final String BY_DEFINITION = "definition";
  private static final ResourceType APPLICATION_REVISION =
      ResourceType.of(ApplicationRevision.class);
  private static final ResourceType REVISION = ResourceType.of(DefinitionRevision.class);

  private final Parts parts = new Parts();
  private final Catalog catalog = new Catalog();
  private final Map<Role, Cache<ApiObject>> definitions = new EnumMap<>(Role.class);
  private final Cache<ApiObject> revisions;
  private final Cache<Application> applications;

  /// @param applications with the index [#BY_TYPE]
  DefinitionsHub(Host host, ApiClient client, Cache<Application> applications) {
    this.applications = applications;
    for (var role : Role.values()) {
      var scope = Cache.Scope.all(ResourceType.of(role.type()));
      definitions.put(role, Cache.of(host, client, scope));
    }
    revisions =
        Cache.of(host, client, Cache.Scope.all(REVISION))
            .index(BY_DEFINITION, DefinitionsHub::definitionOf);
  }

  /// Starts the caches, and the controllers that keep revisions.
  DefinitionsHub start(Host host, ApiClient client, MeterRegistry metrics) {
    var controllers = new EnumMap<Role, Controller>(Role.class);
    for (var role : Role.values()) {
      var controller =
          new Controller(
              host,
              role.kind().toLowerCase(Locale.ROOT),
              new DefinitionReconciler(role, new World(host, client, role)),
              Controller.Options.workers(1),
              metrics);
      controller.follow(cache(role), change -> List.of(change.key()));
      controller.follow(revisions, change -> definition(role, change));
      controllers.put(role, controller);
    }
    caches().forEach(cache -> parts.open(cache.start()));
    controllers.forEach((role, controller) ->
        parts.open(controller.startAfter(cache(role), revisions, applications)));
    return this;
  }

  /// The definition that a revision is of.
  private static List<Key> definition(Role role, Cache.Change<ApiObject> change) {
    var revision = change.after() == null ? change.before() : change.after();
    var name =
        revision == null || revision.labels().containsKey(Holding.SHIPPED)
            ? ""
            : nameIn(role, revision);
    return name.isEmpty() ? List.of() : List.of(Key.of(change.key().namespace(), name));
  }

  /// Wakes the applications that name what changed.
  void wake(Controller controller) {
    for (var role : Role.values()) {
      controller.follow(
          cache(role),
          change -> users(role, change.key().namespace(), change.key().name(), change));
    }
    controller.follow(
        revisions,
        change -> {
          var revision = change.after() == null ? change.before() : change.after();
          return revision == null ? List.of() : ofRevision(revision);
        });
  }

  List<Cache<ApiObject>> caches() {
    var all = new ArrayList<>(definitions.values());
    all.add(revisions);
    return all;
  }

  @Override
  public Definitions of(Application application) {
    return ApplicationTypes.definitions(catalog, application, this);
  }

  @Override
  public Optional<ApiObject> revision(Key key) {
    return revisions.object(key);
  }

  @Override
  public Optional<Definition> kept(Role role, Key definitionRevision) {
    return revision(definitionRevision).flatMap(there -> catalog.kept(role, there));
  }

  private Cache<ApiObject> cache(Role role) {
    var cache = definitions.get(role);
    if (cache == null) {
      throw new IllegalStateException("no cache for " + role);
    }
    return cache;
  }

  /// Status is ours: a definition whose generation stays means what it meant.
  private Collection<Key> users(
      Role role, String namespace, String name, Cache.Change<ApiObject> change) {
    var before = change.before();
    var after = change.after();
    var same =
        before != null
            && after != null
            && before.uid().equals(after.uid())
            && before.generation() == after.generation();
    return same ? List.of() : users(role, namespace, name);
  }

  private Collection<Key> users(Role role, String namespace, String name) {
    var keys = new TreeSet<Key>();
    for (var key : applications.keysByIndex(BY_TYPE, role.word() + "/" + name)) {
      if (namespace.equals(Catalog.SYSTEM) || namespace.equals(key.namespace())) {
        keys.add(key);
      }
    }
    return keys;
  }

  private Collection<Key> ofRevision(ApiObject revision) {
    for (var role : Role.values()) {
      var name = nameIn(role, revision);
      if (!name.isEmpty()) {
        return users(role, revision.namespace(), name);
      }
    }
    return List.of();
  }

  private static String nameIn(Role role, ApiObject revision) {
    return revision.spec().path(role.revisionField()).path("metadata").path("name").asString("");
  }

  /// What only keeps what came with the program is no version of a definition of that name.
  private static List<String> definitionOf(ApiObject revision) {
    if (revision.labels().containsKey(Holding.SHIPPED)) {
      return List.of();
    }
    var found = new ArrayList<String>();
    for (var role : Role.values()) {
      var name = nameIn(role, revision);
      if (!name.isEmpty()) {
        found.add(index(role, revision.namespace(), name));
      }
    }
    return found;
  }

  private static String index(Role role, String namespace, String name) {
    return role.word() + "/" + namespace + "/" + name;
  }

  @Override
  public Optional<ApiObject> definition(Role role, String namespace, String name) {
    return cache(role).object(Key.of(namespace, name)).filter(object -> !object.deleting());
  }

  @Override
  public List<String> names(Role role, String namespace) {
    return cache(role).list(namespace).stream().map(ApiObject::name).toList();
  }

  @Override
  public List<ApiObject> revisions(Role role, String namespace, String name) {
    return revisions.byIndex(BY_DEFINITION, index(role, namespace, name));
  }

  @Override
  public void close() {
    parts.close();
  }

  /// Serves [DefinitionReconciler].
  private final class World implements DefinitionReconciler.World {
    private final Host host;
    private final ApiClient client;
    private final Role role;

    World(Host host, ApiClient client, Role role) {
      this.host = host;
      this.client = client;
      this.role = role;
    }

    @Override
    public Optional<ApiObject> definition(Key key) {
      return cache(role).object(key);
    }

    @Override
    public List<DefinitionRevision> revisions(Key definition) {
      return DefinitionsHub.this.revisions(role, definition.namespace(), definition.name()).stream()
          .map(object -> Codec.decode(object, DefinitionRevision.class))
          .toList();
    }

    @Override
    public boolean used(Key definition, String version) {
      var type = new TypeName(definition.name(), version);
      return applications.keysByIndex(BY_TYPE, role.word() + "/" + type).stream()
          .anyMatch(key ->
              definition.namespace().equals(Catalog.SYSTEM)
                  || key.namespace().equals(definition.namespace()));
    }

    @Override
    public boolean taken(Key revision) {
      return revisions.object(revision).isPresent();
    }

    @Override
    public boolean held(Key revision) {
      var label = Selection.parse(Holding.label(revision), "");
      var namespace = revision.namespace().equals(Catalog.SYSTEM) ? "" : revision.namespace();
      return !client.list(APPLICATION_REVISION, namespace, label).items().isEmpty();
    }

    @Override
    public void write(ApiObject definition, DefinitionReconciler.Change change) {
      var writes = new ArrayList<Write>();
      change
          .create()
          .ifPresent(revision -> writes.add(new Write.Create(REVISION, Codec.encode(revision))));
      change.delete().forEach(key -> writes.add(new Write.Delete(REVISION, key, null)));
      for (var key : change.free()) {
        writes.add(
            new Write.Change(
                REVISION,
                key,
                "",
                Patch.merge(body -> body.putObject("metadata").putNull("ownerReferences"))));
      }
      Statuses.plan(definition, change.status())
          .ifPresent(patch ->
              writes.add(
                  new Write.Change(
                      ResourceType.of(role.type()), definition.key(), "status", patch)));
      if (!writes.isEmpty()) {
        commit(definition, writes);
      }
    }

    /// A revision that exists already is our own, which the cache does not show yet.
    private void commit(ApiObject definition, List<Write> writes) {
      try {
        client.commit(writes);
      } catch (ApiError e) {
        throw e.is(ApiError.Reason.ALREADY_EXISTS)
            ? ApiError.conflict(REVISION, definition.name(), "it was just created")
            : e;
      }
    }

    @Override
    public void delete(List<Key> gone) {
      client.commit(
          gone.stream().map(key -> (Write) new Write.Delete(REVISION, key, null)).toList());
    }

    @Override
    public Instant now() {
      return host.now();
    }
  }
}
