package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Meta;
import io.nave.api.Patch;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.work.ManifestMerge;
import io.nave.work.ManifestOptions.UpdateStrategy;
import io.nave.work.Ownership;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Brings one object to what its manifest says, by the strategy the work asks for
/// (spec/ocm-behaviour.md §6.4). Writes nothing when nothing differs.
final class ManifestApplier {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestApplier.class);

  /// Tries against others who write at the same time, before the next pass has to go on.
  private static final int TRIES_MAX = 4;

  /// What became of a manifest.
  sealed interface Result {
    /// The object as it is now; null when there is none, which only ReadOnly leaves so.
    record Done(@Nullable ApiObject live) implements Result {}

    /// It drifts too often to be put back at once; it was applied before.
    record Deferred(@Nullable ApiObject live) implements Result {}

    /// @param live what is there instead, if anything
    /// @param looked whether the object could be looked for at all
    record Failed(String message, @Nullable ApiObject live, boolean looked) implements Result {}
  }

  /// What goes with an item.
  ///
  /// @param owner the record of the work
  /// @param orphan whether the object stays when the work goes, and so carries no owner reference
  /// @param last its manifest as last applied, if it ever was
  record Circumstances(
      Meta.OwnerReference owner, boolean orphan, @Nullable JsonNode last, WorkMemory memory) {}

  private final Host host;
  private final ApiClient cluster;
  private final Watched watched;
  private final AgentMetrics metrics;

  ManifestApplier(Host host, ApiClient cluster, Watched watched, AgentMetrics metrics) {
    this.host = host;
    this.cluster = cluster;
    this.watched = watched;
    this.metrics = metrics;
  }

  /// Applies one item.
  ///
  /// @throws io.nave.runtime.Transport.Unreachable when the cluster does not answer
  Result apply(Item item, Circumstances with) {
    var target = item.target();
    if (target == null) {
      return failed(item, item.fault(), null, false);
    }
    var written = with.memory().written.get(item.identity());
    ApiObject live;
    try {
      live = watched.live(target, written == null ? 0 : written.revision());
    } catch (ApiError e) {
      return failed(item, text(e), null, false);
    }
    try {
      return new Attempt(item, target, with).from(live);
    } catch (ApiError e) {
      return failed(item, text(e), live, true);
    }
  }

  private static String text(ApiError e) {
    return Objects.requireNonNullElse(e.getMessage(), e.reason().text());
  }

  private Result failed(Item item, String message, @Nullable ApiObject live, boolean looked) {
    metrics.failed();
    LOG.atDebug()
        .addKeyValue("key", item.identity())
        .addKeyValue("reason", message)
        .log("manifest not applied");
    return new Result.Failed(message, live, looked);
  }

  /// One item on its way through the strategies.
  private final class Attempt {
    private final Item item;
    private final Target target;
    private final Circumstances with;
    private final ApiObject wanted;
    private int tries;

    Attempt(Item item, Target target, Circumstances with) {
      this.item = item;
      this.target = target;
      this.with = with;
      var bare = item.wanted();
      this.wanted = with.orphan() ? bare : Ownership.with(bare, with.owner());
    }

    Result from(@Nullable ApiObject live) {
      return switch (item.options().strategy()) {
        case UpdateStrategy.ReadOnly() -> new Result.Done(live);
        case UpdateStrategy.CreateOnly() -> live == null ? create() : own(live);
        case UpdateStrategy.Update() -> live == null ? create() : update(live);
        case UpdateStrategy.ServerSideApply apply -> serverSide(apply, live);
      };
    }

    private Result create() {
      if (drifted() && !with.memory().budget.take(host.nanoTime())) {
        return new Result.Deferred(null);
      }
      try {
        return wrote(cluster.create(target.type(), wanted));
      } catch (ApiError e) {
        if (e.is(ApiError.Reason.ALREADY_EXISTS)) {
          return again(e);
        }
        throw e;
      }
    }

    /// Keeps the owner reference and nothing else.
    private Result own(ApiObject live) {
      var next = owned(live);
      return next.equals(live) ? new Result.Done(live) : put(next);
    }

    private Result update(ApiObject live) {
      var present = Ownership.withoutEarlier(live, with.owner());
      var base = with.orphan() ? Ownership.without(present, with.owner().uid()) : present;
      var last = with.last() == null ? null : ManifestMerge.wanted(with.last());
      var next = ManifestMerge.merge(wanted, base, last).orElse(base);
      if (next.equals(live) || settled(live)) {
        return new Result.Done(live);
      }
      if (drifted() && !with.memory().budget.take(host.nanoTime())) {
        return new Result.Deferred(live);
      }
      try {
        return put(next);
      } catch (ApiError e) {
        if (!e.is(ApiError.Reason.INVALID)) {
          throw e;
        }
        return put(ManifestMerge.replace(wanted, base));
      }
    }

    private Result serverSide(UpdateStrategy.ServerSideApply apply, @Nullable ApiObject live) {
      if (!apply.ignored().isEmpty()) {
        throw ApiError.badRequest(
            "serverSideApply.ignoreFields is not supported by this agent; remove it or use another"
                + " update strategy");
      }
      if (live != null && settled(live)) {
        return new Result.Done(live);
      }
      if (drifted() && !with.memory().budget.take(host.nanoTime())) {
        return new Result.Deferred(live);
      }
      var patch = new Patch(Patch.Form.APPLY, wanted.json(), apply.fieldManager(), apply.force());
      return wrote(cluster.patch(target.type(), target.key(), "", patch));
    }

    private Result put(ApiObject next) {
      try {
        return wrote(cluster.update(target.type(), next, ""));
      } catch (ApiError e) {
        if (e.is(ApiError.Reason.CONFLICT) || e.is(ApiError.Reason.NOT_FOUND)) {
          return again(e);
        }
        throw e;
      }
    }

    /// Someone else wrote in between: begins anew with what is there now.
    private Result again(ApiError because) {
      if (++tries >= TRIES_MAX) {
        throw because;
      }
      return from(cluster.find(target.type(), target.key()).orElse(null));
    }

    private ApiObject owned(ApiObject live) {
      var present = Ownership.withoutEarlier(live, with.owner());
      return with.orphan()
          ? Ownership.without(present, with.owner().uid())
          : Ownership.with(present, with.owner());
    }

    /// Whether the object is still what the server made of this agent's last write of this
    /// manifest, however the server spells it.
    private boolean settled(ApiObject live) {
      var written = with.memory().written.get(item.identity());
      return written != null
          && written.objectDigest().equals(ManifestMerge.digest(live))
          && written.manifestDigest().equals(ManifestMerge.digest(wanted.json()));
    }

    /// Whether this very manifest was applied before, so that someone else must have changed the
    /// object since.
    private boolean drifted() {
      return item.manifest().equals(with.last());
    }

    private Result wrote(ApiObject live) {
      metrics.applied();
      if (drifted()) {
        metrics.repaired();
        LOG.atInfo().addKeyValue("key", item.identity()).log("drifted object put back");
      }
      with.memory()
          .written
          .put(
              item.identity(),
              new WorkMemory.Written(
                  ManifestMerge.digest(wanted.json()),
                  ManifestMerge.digest(live),
                  live.revision()));
      return new Result.Done(live);
    }
  }
}
