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
/// A record says whose it is: by its `agentID` ([AgentId]), and by the name of the cluster on the
/// hub, in an annotation. Where another agent for the same hub has a work of the same name in this
/// cluster, its record has the usual name, `<hub hash>-<work>`, and this agent's is called `<agent
/// id>-<work>`. A record that says neither was made by an older Nave, or by upstream's agent before
/// this one: it is taken over by who has that work, and missed by nobody.
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
  private final String agentId;
  private final Consumer<String> wake;
  private final AtomicReference<@Nullable Cache<AppliedManifestWork>> cache =
      new AtomicReference<>();

  /// Beside `agentID`, whose meaning is upstream's: the cluster's name on the hub.
  static final String CLUSTER = "nave.io/cluster-name";

  /// @param agentId of [AgentId]
  /// @param wake is told the name of a work whose record changed; returns quickly
  AppliedRecords(
      Host host,
      ApiClient cluster,
      KindResolver kinds,
      WorkSettings settings,
      String agentId,
      Consumer<String> wake) {
    this.host = host;
    this.cluster = cluster;
    this.kinds = kinds;
    this.settings = settings;
    this.hubHash = settings.hubHash();
    this.agentId = agentId;
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

  /// This agent's records under an address its hub had before, as far as known (spec §6.9).
  List<ApiObject> strays() {
    var records = cache.get();
    return records == null
        ? List.of()
        : records.list().stream()
            .filter(record -> !record.spec().hubHash().equals(hubHash))
            .filter(record -> agentId.equals(record.spec().agentID()))
            .flatMap(record -> cluster.find(TYPE, record.key()).stream())
            .toList();
  }

  private boolean own(AppliedManifestWork record) {
    var made = record.metadata().annotations().get(CLUSTER);
    return record.spec().hubHash().equals(hubHash)
        && (agentId.equals(record.spec().agentID()) || settings.clusterName().equals(made));
  }

  /// Whether another agent for the same hub made it, for the cluster under another name.
  private boolean anothers(ApiObject record) {
    var made = record.annotations().getOrDefault(CLUSTER, settings.clusterName());
    return !made.equals(settings.clusterName());
  }

  /// The record of a work, if there is one. Always asked for: objects that were given to a record
  /// that is no longer there would belong to nobody.
  @Nullable ApiObject find(String work) {
    if (cache.get() == null) {
      return null;
    }
    var usual = cluster.find(TYPE, Key.of(settings.recordName(work))).orElse(null);
    return usual != null && !anothers(usual)
        ? usual
        : cluster.find(TYPE, Key.of(agentId + "-" + work)).orElse(null);
  }

  /// As [#find], but only one that this agent is known to have made.
  @Nullable ApiObject findOwn(String work) {
    var found = find(work);
    return found != null && own(read(found)) ? found : null;
  }

  /// The record of a work, made or taken over if there is none of this agent's.
  ApiObject ensure(ApiObject work) {
    open();
    var found = find(work.name());
    if (found == null) {
      return create(work, settings.recordName(work.name()));
    }
    var ours =
        agentId.equals(read(found).spec().agentID())
            && settings.clusterName().equals(found.annotations().get(CLUSTER));
    return ours || found.deleting() ? found : takenOver(found);
  }

  private ApiObject create(ApiObject work, String name) {
    try {
      return cluster.create(TYPE, record(work, name));
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
      var there = cluster.get(TYPE, Key.of(name));
      return anothers(there) ? create(work, agentId + "-" + work.name()) : there;
    }
  }

  private ApiObject record(ApiObject work, String name) {
    return ApiObject.named(TYPE, "", name)
        .edit(tree -> {
          var meta = tree.withObjectProperty("metadata");
          meta.putArray("finalizers").add(AppliedManifestWork.FINALIZER);
          meta.putObject("annotations").put(CLUSTER, settings.clusterName());
          if (!work.labels().isEmpty()) {
            meta.set("labels", Json.tree(work.labels()));
          }
          tree.putObject("spec")
              .put("hubHash", hubHash)
              .put("manifestWorkName", work.name())
              .put("agentID", agentId);
        });
  }

  private ApiObject takenOver(ApiObject record) {
    var patch =
        Patch.merge(body -> {
          var meta = body.putObject("metadata").put("uid", record.uid());
          meta.putObject("annotations").put(CLUSTER, settings.clusterName());
          body.putObject("spec").put("agentID", agentId);
        });
    return cluster.patch(TYPE, record.key(), "", patch);
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
