package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.Columns;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Watch;
import io.nave.runtime.Host;
import io.nave.runtime.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Objects in a map, as much of [Api] as the front door asks for. Remembers what it was asked.
final class FakeApi implements Api {
  static final ResourceType NAMESPACES =
      ResourceType.of("", "v1", "Namespace", "namespaces", false).withShortNames("ns");
  static final ResourceType CONFIG_MAPS =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true)
          .withShortNames("cm")
          .withColumns(new ResourceType.Column("Data", "string", "", 0));
  static final ResourceType DEPLOYMENTS =
      ResourceType.of("apps", "v1", "Deployment", "deployments", true).withStatus();
  static final ResourceType CLUSTERS =
      ResourceType.of(
              "cluster.open-cluster-management.io",
              "v1",
              "ManagedCluster",
              "managedclusters",
              false)
          .withStatus()
          .withColumns(
              new ResourceType.Column("Accepted", "boolean", ".spec.hubAcceptsClient", 0),
              new ResourceType.Column("Lease", "integer", ".spec.lease", 1));

  static final ResourceType REVIEWS = ResourceType.of("", "v1", "Review", "reviews", false);

  /// What a write came with.
  record Asked(String verb, Caller caller, String subresource, Options options, String detail) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  volatile Consumer<Attributes> onAuthorize = _ -> {};
  volatile Paging paged = Paging.ALL; // what the last list was asked for
  final List<String> warnings = new ArrayList<>();
  final List<FakeWatch> watches = new CopyOnWriteArrayList<>();
  private final Map<String, Map<Key, ApiObject>> objects = new ConcurrentSkipListMap<>();
  private final Host host;
  private long revision = 100;

  FakeApi(Host host) {
    this.host = host;
  }

  @Override
  public List<ResourceType> types() {
    return List.of(NAMESPACES, CONFIG_MAPS, DEPLOYMENTS, CLUSTERS, REVIEWS);
  }

  @Override
  public Optional<ResourceType> type(String group, String version, String plural) {
    return types().stream()
        .filter(t -> t.group().equals(group) && t.version().equals(version))
        .filter(t -> t.plural().equals(plural))
        .findFirst();
  }

  @Override
  public List<String> subresources(ResourceType type) {
    if (type.equals(NAMESPACES)) {
      return List.of("status", "finalize");
    }
    return type.statusSubresource() ? List.of("status") : List.of();
  }

  @Override
  public Optional<Columns> columns(ResourceType type) {
    return type.equals(CONFIG_MAPS)
        ? Optional.of(object -> List.of(object.at("/data").size()))
        : Optional.empty();
  }

  @Override
  public List<String> verbs(ResourceType type, String subresource) {
    return type.equals(REVIEWS) ? List.of("create") : Api.super.verbs(type, subresource);
  }

  @Override
  public ApiObject get(Caller caller, ResourceType type, Key key, String subresource) {
    return Optional.ofNullable(of(type).get(key))
        .orElseThrow(() -> ApiError.notFound(type, key.name()));
  }

  @Override
  public Page list(
      Caller caller, ResourceType type, String namespace, Selection selection, Paging paging) {
    paged = paging;
    var found =
        of(type).values().stream()
            .filter(o -> namespace.isEmpty() || o.namespace().equals(namespace))
            .filter(selection::matches)
            .toList();
    if (paging.limit() > 0 && found.size() > paging.limit()) {
      var rest = found.size() - paging.limit();
      return new Page(found.subList(0, paging.limit()), Long.toString(revision), "more", rest);
    }
    return new Page(found, Long.toString(revision), "", 0);
  }

  @Override
  public Written create(
      Caller caller, ResourceType type, ApiObject object, String subresource, Options options) {
    asked.add(new Asked("create", caller, subresource, options, object.key().toString()));
    if (of(type).containsKey(object.key())) {
      throw ApiError.alreadyExists(type, object.name());
    }
    return new Written(put(type, object), warnings);
  }

  @Override
  public Written update(
      Caller caller, ResourceType type, ApiObject object, String subresource, Options options) {
    asked.add(new Asked("update", caller, subresource, options, object.key().toString()));
    return new Written(put(type, object), warnings);
  }

  @Override
  public Written patch(
      Caller caller, ResourceType type, Key key, String subresource, Patch patch, Options options) {
    asked.add(new Asked("patch", caller, subresource, options, patch.form().name()));
    var changed =
        get(caller, type, key, subresource)
            .edit(json -> {
              if (patch.body() instanceof ObjectNode body) {
                json.setAll(body);
              }
            });
    return new Written(put(type, changed), warnings);
  }

  @Override
  public Written delete(
      Caller caller, ResourceType type, Key key, Preconditions preconditions, Options options) {
    asked.add(new Asked("delete", caller, "", options, preconditions.toString()));
    var object = get(caller, type, key, "");
    if (!object.finalizers().isEmpty()) {
      var held = object.editMeta(meta -> meta.put("deletionTimestamp", host.now().toString()));
      return new Written(put(type, held), List.of());
    }
    of(type).remove(key);
    return new Written(object, List.of());
  }

  @Override
  public Page deleteAll(
      Caller caller,
      ResourceType type,
      String namespace,
      Selection selection,
      Paging paging,
      Preconditions preconditions,
      Options options) {
    asked.add(new Asked("deletecollection", caller, "", options, preconditions.toString()));
    var page = list(caller, type, namespace, selection, paging);
    page.items().forEach(o -> of(type).remove(o.key()));
    return page;
  }

  @Override
  public List<Optional<ApiObject>> commit(Caller caller, List<ApiClient.Write> writes) {
    throw new UnsupportedOperationException("not reachable over HTTP");
  }

  @Override
  public Watch watch(
      Caller caller,
      ResourceType type,
      String namespace,
      Selection selection,
      String resourceVersion,
      boolean initial,
      boolean bookmarks) {
    var detail = resourceVersion + " initial=" + initial + " bookmarks=" + bookmarks;
    asked.add(new Asked("watch", caller, selection.fieldQuery(), Options.DEFAULT, detail));
    var watch = new FakeWatch(host.mailbox(1_000));
    watches.add(watch);
    return watch;
  }

  @Override
  public Decision authorize(Caller caller, Attributes attributes) {
    onAuthorize.accept(attributes);
    return caller.user().equals("stranger")
        ? new Decision(false, "no rule")
        : new Decision(true, "");
  }

  /// Stores an object as it is, with a revision.
  ApiObject put(ResourceType type, ApiObject object) {
    revision++;
    var stored =
        object.editMeta(meta ->
            meta.put("resourceVersion", Long.toString(revision))
                .put("uid", "uid-" + object.name()));
    of(type).put(object.key(), stored);
    return stored;
  }

  private Map<Key, ApiObject> of(ResourceType type) {
    return objects.computeIfAbsent(type.toString(), _ -> new ConcurrentSkipListMap<>());
  }

  static ApiObject configMap(String namespace, String name) {
    return ApiObject.named(CONFIG_MAPS, namespace, name);
  }

  /// Events that the test sends.
  static final class FakeWatch implements Watch {
    private final Mailbox<Object> events;
    volatile boolean closed;

    FakeWatch(Mailbox<Object> events) {
      this.events = events;
    }

    void send(Kind kind, ApiObject object) {
      events.offer(new Event(kind, object));
    }

    void fail(ApiError error) {
      events.offer(error);
    }

    void end() {
      events.close();
    }

    @Override
    public Event next(Duration atMost) {
      return switch (events.poll(atMost)) {
        case null -> null;
        case ApiError error -> throw error;
        case Object event -> (Event) event;
      };
    }

    @Override
    public boolean ended() {
      return events.ended();
    }

    @Override
    public void close() {
      closed = true;
      events.close();
    }
  }

  static Map<String, String> json() {
    return new TreeMap<>(Map.of("content-type", "application/json"));
  }
}
