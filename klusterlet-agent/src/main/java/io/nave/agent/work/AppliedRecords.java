package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.schema.Crds;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.runtime.Host;
import io.nave.work.AppliedManifestWork;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The [AppliedManifestWork]s of this agent in its cluster: what was applied for which work. They
/// own the applied objects, and survive the agent's disk.
///
/// Where the cluster does not have the kind, its CRD is created.
final class AppliedRecords implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AppliedRecords.class);
  private static final ResourceType TYPE = ResourceType.of(AppliedManifestWork.class);

  /// The cluster cannot hold the records yet, so nothing may be applied.
  static final class NotServed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotServed(String message) {
      super(message);
    }
  }

  private final Host host;
  private final ApiClient cluster;
  private final KindResolver kinds;
  private final WorkSettings settings;
  private final String hubHash;
  private final Consumer<String> wake;
  private final AtomicReference<@Nullable Cache<AppliedManifestWork>> cache =
      new AtomicReference<>();

  /// @param wake is told the name of a work whose record changed; returns quickly
  AppliedRecords(
      Host host,
      ApiClient cluster,
      KindResolver kinds,
      WorkSettings settings,
      Consumer<String> wake) {
    this.host = host;
    this.cluster = cluster;
    this.kinds = kinds;
    this.settings = settings;
    this.hubHash = settings.hubHash();
    this.wake = wake;
  }

  static AppliedManifestWork read(ApiObject record) {
    return Codec.decode(record, AppliedManifestWork.class);
  }

  /// Sees to it that the records can be stored and begins to watch them.
  ///
  /// @throws NotServed when that takes a moment longer, or someone's help
  void open() {
    if (!openIfServed()) {
      define();
    }
  }

  /// Begins to watch the records where the cluster has the kind.
  ///
  /// @return false when it has not, and so no records either
  boolean openIfServed() {
    if (cache.get() != null) {
      return true;
    }
    if (kinds.find(TYPE.apiVersion(), TYPE.kind()).isEmpty()) {
      return false;
    }
    var next = Cache.of(host, cluster, AppliedManifestWork.class);
    next.onChange(change -> {
      var record = change.after() == null ? change.before() : change.after();
      if (record != null && own(record)) {
        wake.accept(record.spec().manifestWorkName());
      }
    });
    if (cache.compareAndSet(null, next)) {
      next.start();
    }
    return true;
  }

  /// The names of the works that have a record, as far as known.
  List<String> works() {
    var records = cache.get();
    return records == null
        ? List.of()
        : records.list().stream()
            .filter(this::own)
            .map(record -> record.spec().manifestWorkName())
            .toList();
  }

  /// Whether it is this agent's: another one for the same hub, under another cluster name, keeps
  /// its records beside these, and its works are not on the hub where this one looks (spec §6.9).
  private boolean own(AppliedManifestWork record) {
    var agent = record.spec().agentID();
    return record.spec().hubHash().equals(hubHash)
        && (agent == null || agent.isEmpty() || agent.equals(hubHash));
  }

  /// The record of a work, if there is one. Always asked for: objects that were given to a record
  /// that is no longer there would belong to nobody.
  @Nullable ApiObject find(String work) {
    return cache.get() == null
        ? null
        : cluster.find(TYPE, Key.of(settings.recordName(work))).orElse(null);
  }

  /// The record of a work, made if there is none.
  ApiObject ensure(ApiObject work) {
    open();
    var found = find(work.name());
    if (found != null) {
      return found;
    }
    var record =
        ApiObject.named(TYPE, "", settings.recordName(work.name()))
            .edit(tree -> {
              var meta = tree.withObjectProperty("metadata");
              meta.putArray("finalizers").add(AppliedManifestWork.FINALIZER);
              if (!work.labels().isEmpty()) {
                meta.set("labels", Json.tree(work.labels()));
              }
              tree.putObject("spec")
                  .put("hubHash", hubHash)
                  .put("manifestWorkName", work.name())
                  .put("agentID", hubHash);
            });
    try {
      return cluster.create(TYPE, record);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
      return cluster.get(TYPE, record.key());
    }
  }

  /// Writes what is applied and since when the work is missed; nothing when that stands there.
  ApiObject write(
      ApiObject record,
      List<AppliedManifestWork.AppliedResource> applied,
      @Nullable Instant evictionStart) {
    var next = new AppliedManifestWork.Status(applied, evictionStart);
    if (next.equals(read(record).status())) {
      return record;
    }
    var patch =
        Patch.merge(body -> {
          body.putObject("metadata").put("uid", record.uid());
          var status = body.putObject("status");
          status.set("appliedResources", Json.tree(next.appliedResources()));
          if (evictionStart == null) {
            status.putNull("evictionStartTime");
          } else {
            status.put("evictionStartTime", evictionStart.toString());
          }
        });
    return cluster.patch(TYPE, record.key(), "status", patch);
  }

  /// Marks the record as going; its finalizer holds it until [#release].
  ApiObject delete(ApiObject record) {
    if (record.deleting()) {
      return record;
    }
    try {
      cluster.delete(TYPE, record.key(), record.uid());
      var marked = cluster.find(TYPE, record.key()).orElse(null);
      if (marked != null && marked.uid().equals(record.uid())) {
        return marked;
      }
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND) && !e.is(ApiError.Reason.CONFLICT)) {
        throw e;
      }
    }
    return record;
  }

  /// Lets the record go, now that nothing it lists is left.
  void release(ApiObject record) {
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", record.uid()).put("resourceVersion", record.resourceVersion());
          var kept = meta.arrayNode();
          record.finalizers().stream()
              .filter(f -> !f.equals(AppliedManifestWork.FINALIZER))
              .forEach(kept::add);
          meta.set("finalizers", kept);
        });
    try {
      cluster.patch(TYPE, record.key(), "", patch);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    var records = cache.getAndSet(null);
    if (records != null) {
      records.close();
    }
  }

  private void define() {
    var crds = kinds.find("apiextensions.k8s.io/v1", "CustomResourceDefinition").orElse(null);
    if (crds == null) {
      throw new NotServed(
          "the cluster serves neither %s nor CustomResourceDefinitions to add it; give it the kind"
              .formatted(TYPE.resource()));
    }
    ObjectNode definition = Crds.json(AppliedManifestWork.class);
    try {
      cluster.create(crds, ApiObject.of(definition));
      LOG.atInfo().addKeyValue("kind", TYPE.kind()).log("definition created in the cluster");
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw new NotServed(
            "%s is not served and its CustomResourceDefinition cannot be created: %s"
                .formatted(TYPE.resource(), e.getMessage()));
      }
    }
    throw new NotServed("the cluster does not serve " + TYPE.resource() + " yet");
  }
}
