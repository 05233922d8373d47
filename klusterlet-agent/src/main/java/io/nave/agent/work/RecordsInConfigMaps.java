package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.patch.Patches;
import io.nave.controllers.ApiClient;
import io.nave.work.AppliedManifestWork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A cluster's API that keeps [AppliedManifestWork]s in ConfigMaps where the cluster cannot be
/// trusted with custom resources: Kubernetes before 1.23, when it was built by Go 1.18 or newer,
/// crashes as a whole on the first one (its vendored `reflect2` 1.0.1 walks maps as older Go laid
/// them out).
///
/// Only where such a cluster does not serve the kind already; everywhere else, and for all other
/// kinds, this is the cluster's API and nothing more. A record keeps its name, uid, labels and
/// finalizers; what it says stands in the ConfigMap's `record` as JSON. The owner references of
/// applied objects name a kind the cluster does not know, at which its garbage collector does
/// nothing; removing is the agent's own work anyway.
public final class RecordsInConfigMaps implements ApiClient {
  static final String NAMESPACE = "open-cluster-management-agent";

  private static final ResourceType RECORD =
      ResourceType.of(AppliedManifestWork.class).withStatus();
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final ResourceType NAMESPACES =
      ResourceType.of("", "v1", "Namespace", "namespaces", false);
  private static final String LABEL = "work.open-cluster-management.io/applied-record";
  private static final String FIELD = "record";
  private static final Pattern VERSION = Pattern.compile("v?1\\.(\\d+)[.+-].*");
  private static final int SAFE_MINOR = 23;

  /// Rounds of reading and writing when others write in between.
  private static final int TRIES_MAX = 5;

  private final ApiClient cluster;
  private final KindResolver kinds;
  private final Supplier<String> version;
  private volatile boolean used;

  /// @param version asks the cluster for its version, such as `v1.20.2`
  public RecordsInConfigMaps(ApiClient cluster, KindResolver kinds, Supplier<String> version) {
    this.cluster = cluster;
    this.kinds = kinds;
    this.version = version;
  }

  /// The cluster's kinds, records among them where they are kept here.
  public Optional<ResourceType> kind(String apiVersion, String kind) {
    var isRecord = apiVersion.equals(RECORD.apiVersion()) && kind.equals(RECORD.kind());
    if (isRecord && used) {
      return Optional.of(RECORD);
    }
    var served = kinds.find(apiVersion, kind);
    if (isRecord && served.isEmpty() && crashesOnCustomResources(version.get())) {
      used = true;
      return Optional.of(RECORD);
    }
    return served;
  }

  /// Whether a server of this version may crash; where it does not say, it is taken for a new one.
  static boolean crashesOnCustomResources(String version) {
    var parts = VERSION.matcher(version);
    return parts.matches() && Integer.parseInt(parts.group(1)) < SAFE_MINOR;
  }

  @Override
  public ApiObject get(ResourceType type, Key key) {
    return isHere(type)
        ? toRecord(said(key, () -> cluster.get(CONFIG_MAP, place(key))))
        : cluster.get(type, key);
  }

  @Override
  public Listing list(ResourceType type, String namespace, Selection selection) {
    if (!isHere(type)) {
      return cluster.list(type, namespace, selection);
    }
    var found = cluster.list(CONFIG_MAP, NAMESPACE, Selection.labelled(LABEL, ""));
    var records =
        found.items().stream().map(RecordsInConfigMaps::toRecord).filter(selection::matches);
    return new Listing(records.toList(), found.resourceVersion());
  }

  @Override
  public ApiObject create(ResourceType type, ApiObject object) {
    if (!isHere(type)) {
      return cluster.create(type, object);
    }
    var map = toConfigMap(object);
    try {
      return toRecord(cluster.create(CONFIG_MAP, map));
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
      makeNamespace();
      return toRecord(cluster.create(CONFIG_MAP, map));
    }
  }

  @Override
  public ApiObject update(ResourceType type, ApiObject object, String subresource) {
    return isHere(type)
        ? toRecord(said(object.key(), () -> cluster.update(CONFIG_MAP, toConfigMap(object), "")))
        : cluster.update(type, object, subresource);
  }

  /// A ConfigMap cannot be patched inside its text, so this reads, changes and writes.
  @Override
  public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
    if (!isHere(type)) {
      return cluster.patch(type, key, subresource, patch);
    }
    for (var tries = 1; ; tries++) {
      var changed = ApiObject.of(Patches.apply(get(type, key).json(), patch, RECORD));
      try {
        return update(type, changed, subresource);
      } catch (ApiError e) {
        if (!e.is(ApiError.Reason.CONFLICT) || tries == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  @Override
  public void delete(ResourceType type, Key key, @Nullable String uid) {
    if (!isHere(type)) {
      cluster.delete(type, key, uid);
      return;
    }
    var _ =
        said(
            key,
            () -> {
              cluster.delete(CONFIG_MAP, place(key), uid);
              return key;
            });
  }

  @Override
  public Watch watch(
      ResourceType type, String namespace, Selection selection, String resourceVersion) {
    return isHere(type)
        ? new Records(
            cluster.watch(CONFIG_MAP, NAMESPACE, Selection.labelled(LABEL, ""), resourceVersion))
        : cluster.watch(type, namespace, selection, resourceVersion);
  }

  /// Only objects of works are tried out, never records.
  @Override
  public ApiClient dryRun() {
    return cluster.dryRun();
  }

  @Override
  public ApiClient dryRunAs(String user) {
    return cluster.dryRunAs(user);
  }

  @Override
  public List<Optional<ApiObject>> commit(List<Write> writes) {
    var stored = new ArrayList<Optional<ApiObject>>();
    for (var write : writes) {
      stored.addAll(
          switch (write) {
            case Write.Create(var type, var object) when isHere(type) ->
                List.of(Optional.of(create(type, object)));
            case Write.Update(var type, var object, var subresource) when isHere(type) ->
                List.of(Optional.of(update(type, object, subresource)));
            case Write.Change(var type, var key, var subresource, var patch) when isHere(type) ->
                List.of(Optional.of(patch(type, key, subresource, patch)));
            case Write.Delete(var type, var key, var uid) when isHere(type) -> {
              if (find(type, key).isPresent()) {
                delete(type, key, uid);
              }
              yield List.of(Optional.empty());
            }
            case Write.Create _, Write.Update _, Write.Change _, Write.Delete _ ->
                cluster.commit(List.of(write));
          });
    }
    return List.copyOf(stored);
  }

  private boolean isHere(ResourceType type) {
    return used && type.group().equals(RECORD.group()) && type.kind().equals(RECORD.kind());
  }

  private void makeNamespace() {
    try {
      cluster.create(NAMESPACES, ApiObject.named(NAMESPACES, "", NAMESPACE));
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  /// Refusals name what was asked for.
  private static <T> T said(Key key, Supplier<T> call) {
    try {
      return call.get();
    } catch (ApiError e) {
      throw e.is(ApiError.Reason.NOT_FOUND) ? ApiError.notFound(RECORD, key.name()) : e;
    }
  }

  private static Key place(Key key) {
    return Key.of(NAMESPACE, key.name());
  }

  private static ApiObject toConfigMap(ApiObject object) {
    var content = object.json().deepCopy();
    content.remove(List.of("metadata", "apiVersion", "kind"));
    var map = Json.object();
    map.put("apiVersion", CONFIG_MAP.apiVersion()).put("kind", CONFIG_MAP.kind());
    map.set("metadata", object.metadata().deepCopy());
    map.putObject("data").put(FIELD, Json.text(content));
    return ApiObject.of(map)
        .editMeta(meta -> {
          meta.put("namespace", NAMESPACE);
          meta.withObjectProperty("labels").put(LABEL, "");
        });
  }

  private static ApiObject toRecord(ApiObject map) {
    var content = map.json().path("data").path(FIELD).asString("{}");
    var tree = Json.object();
    tree.put("apiVersion", RECORD.apiVersion()).put("kind", RECORD.kind());
    tree.set("metadata", map.metadata().deepCopy());
    tree.setAll((ObjectNode) Json.parse(content.getBytes(StandardCharsets.UTF_8)));
    return ApiObject.of(tree)
        .editMeta(meta -> {
          meta.remove("namespace");
          if (meta.get("labels") instanceof ObjectNode labels) {
            labels.remove(LABEL);
          }
        });
  }

  /// What happens to the ConfigMaps, told of the records.
  private record Records(Watch maps) implements Watch {
    @Override
    public @Nullable Event next(Duration atMost) {
      var event = maps.next(atMost);
      return event == null ? null : new Event(event.kind(), toRecord(event.object()));
    }

    @Override
    public boolean ended() {
      return maps.ended();
    }

    @Override
    public void close() {
      maps.close();
    }
  }
}
