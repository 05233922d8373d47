package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Meta;
import io.nave.api.Patch;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.work.Adoption;
import io.nave.work.IgnoredFields;
import io.nave.work.ManifestMerge;
import io.nave.work.ManifestOptions.UpdateStrategy;
import io.nave.work.ManifestWork;
import io.nave.work.Ownership;
import io.nave.work.WorkStatus;
import java.time.Duration;
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

    /// It was only asked for what would happen.
    ///
    /// @param message what would, or why the cluster would refuse
    record Dry(@Nullable ApiObject live, String message) implements Result {}

    /// @param reason for the manifest's condition
    /// @param live what is there instead, if anything
    /// @param looked whether the object could be looked for at all
    /// @param retryWithin longest wait before the next try; null: the usual ones
    record Failed(
        String reason,
        String message,
        @Nullable ApiObject live,
        boolean looked,
        @Nullable Duration retryWithin)
        implements Result {}
  }

  /// What goes with an item.
  ///
  /// @param owner the record of the work
  /// @param orphan whether the object stays when the work goes, and so carries no owner reference
  /// @param last its manifest as last applied, if it ever was
  /// @param executor whose rights count; null: the agent's own
  /// @param dryRun whether nothing is to be written
  /// @param adoption what of others the work may write
  record Circumstances(
      Meta.OwnerReference owner,
      boolean orphan,
      @Nullable JsonNode last,
      WorkMemory memory,
      ManifestWork.@Nullable ServiceAccount executor,
      boolean dryRun,
      Adoption adoption) {}

  /// The work may not do this: its executor lacks the right, or the object is somebody else's.
  private static final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Denied(String message) {
      super(message);
    }
  }

  /// Rights are given by people: looking again each minute is soon enough (as upstream).
  private static final Duration DENIED_RETRY = Duration.ofSeconds(60);

  /// A kind that is missing is often just being defined.
  private static final Duration UNRESOLVED_RETRY = Duration.ofSeconds(10);

  private final Host host;
  private final ApiClient cluster;
  private final Watched watched;
  private final AgentMetrics metrics;
  private final Permissions permissions;

  ManifestApplier(Host host, ApiClient cluster, Watched watched, AgentMetrics metrics) {
    this.host = host;
    this.cluster = cluster;
    this.watched = watched;
    this.metrics = metrics;
    this.permissions = new Permissions(cluster);
  }

  /// Applies one item.
  ///
  /// @throws io.nave.runtime.Transport.Unreachable when the cluster does not answer
  Result apply(Item item, Circumstances with) {
    var target = item.target();
    if (target == null) {
      return failed(item, item.fault(), null, false, UNRESOLVED_RETRY);
    }
    var written = with.memory().written.get(item.identity());
    ApiObject live;
    try {
      live = watched.live(target, written == null ? 0 : written.revision());
    } catch (ApiError e) {
      return failed(item, text(e), null, false, null);
    }
    try {
      return new Attempt(item, target, with).from(live);
    } catch (ApiError e) {
      return failed(item, text(e), live, true, null);
    } catch (BadIgnoreField e) {
      var failed = failed(item, String.valueOf(e.getMessage()), live, true, null);
      return new Result.Failed(
          WorkStatus.IGNORE_FIELD_ERROR, failed.message(), live, true, failed.retryWithin());
    } catch (Denied e) {
      return failed(item, String.valueOf(e.getMessage()), live, true, DENIED_RETRY);
    }
  }

  /// A manifest that failed a moment ago and is not tried again yet: only looked at.
  Result.Failed look(Item item, Result.Failed before) {
    var target = item.target();
    if (target == null || !before.looked()) {
      return before;
    }
    try {
      var live = watched.live(target, 0);
      return new Result.Failed(before.reason(), before.message(), live, true, before.retryWithin());
    } catch (ApiError e) {
      return before;
    }
  }

  /// A selector of `ignoreFields` cannot be used.
  private static final class BadIgnoreField extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadIgnoreField(ApiError cause) {
      super(text(cause), cause);
    }
  }

  private static String text(ApiError e) {
    return Objects.requireNonNullElse(e.getMessage(), e.reason().text());
  }

  private Result.Failed failed(
      Item item,
      String message,
      @Nullable ApiObject live,
      boolean looked,
      @Nullable Duration retryWithin) {
    metrics.failed();
    LOG.atDebug()
        .addKeyValue("key", item.identity())
        .addKeyValue("reason", message)
        .log("manifest not applied");
    return new Result.Failed(WorkStatus.MANIFEST_FAILED, message, live, looked, retryWithin);
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
      if (with.dryRun()) {
        return new Result.Dry(live, preview(live));
      }
      requireOwn(live);
      return switch (item.options().strategy()) {
        case UpdateStrategy.ReadOnly() -> new Result.Done(live);
        case UpdateStrategy.CreateOnly() -> live == null ? create() : own(live);
        case UpdateStrategy.Update() -> live == null ? create() : update(live);
        case UpdateStrategy.ServerSideApply apply -> serverSide(apply, live);
      };
    }

    /// What the cluster says would become of the object, or why it would refuse.
    private String preview(@Nullable ApiObject live) {
      try {
        requireAllowed();
        requireOwn(live);
        return tried(live);
      } catch (ApiError e) {
        return "would be refused: " + text(e);
      } catch (Denied e) {
        return "would be refused: " + e.getMessage();
      }
    }

    /// What stood there before, and belongs to somebody else, is not written.
    private void requireOwn(@Nullable ApiObject live) {
      if (live == null
          || with.last() != null
          || item.options().strategy() instanceof UpdateStrategy.ReadOnly
          || Ownership.isOwned(live, with.owner().uid())) {
        return;
      }
      with.adoption()
          .refusal(item.manifest(), live)
          .ifPresent(text -> {
            throw new Denied(text);
          });
    }

    /// Tried as the executor where there is one, so that the cluster's own rules see it too. An
    /// agent that may not impersonate it tries as itself; the executor's rights were asked for.
    private String tried(@Nullable ApiObject live) {
      var executor = with.executor();
      if (executor == null) {
        return tried(cluster.dryRun(), live);
      }
      try {
        return tried(cluster.dryRunAs(executor.user()), live);
      } catch (ApiError e) {
        if (e.is(ApiError.Reason.FORBIDDEN) && text(e).contains("cannot impersonate")) {
          return tried(cluster.dryRun(), live)
              + " (tried with the agent's rights: "
              + text(e)
              + ")";
        }
        throw e;
      }
    }

    private String tried(ApiClient trial, @Nullable ApiObject live) {
      if (live == null) {
        trial.create(target.type(), item.wanted());
        return "would be created";
      }
      var next =
          switch (item.options().strategy()) {
            case UpdateStrategy.ReadOnly() -> live;
            case UpdateStrategy.CreateOnly() -> live;
            case UpdateStrategy.Update() ->
                ManifestMerge.merge(item.wanted(), live, null)
                    .map(merged -> trial.update(target.type(), merged, ""))
                    .orElse(live);
            case UpdateStrategy.ServerSideApply apply ->
                trial.patch(target.type(), target.key(), "", patch(apply, live));
          };
      var differences = Differences.of(next, live);
      return differences.isEmpty() ? "nothing would change" : "would change: " + differences;
    }

    private void requireAllowed() {
      var executor = with.executor();
      if (executor != null) {
        permissions
            .refusal(executor, target, wanted, !with.orphan())
            .ifPresent(text -> {
              throw new Denied(text);
            });
      }
    }

    private Result create() {
      if (drifted() && !with.memory().budget.take(host.nanoTime())) {
        return new Result.Deferred(null);
      }
      requireAllowed();
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
      var next =
          with.adoption().replaces(item.identity())
              ? ManifestMerge.replace(wanted, base)
              : ManifestMerge.merge(wanted, base, last).orElse(base);
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
      if (live != null && settled(live)) {
        return new Result.Done(live);
      }
      if (drifted() && !with.memory().budget.take(host.nanoTime())) {
        return new Result.Deferred(live);
      }
      requireAllowed();
      return wrote(cluster.patch(target.type(), target.key(), "", patch(apply, live)));
    }

    private Patch patch(UpdateStrategy.ServerSideApply apply, @Nullable ApiObject live) {
      try {
        var body =
            IgnoredFields.patch(with.dryRun() ? item.wanted() : wanted, apply.ignored(), live);
        return new Patch(Patch.Form.APPLY, body.json(), apply.fieldManager(), apply.force());
      } catch (ApiError e) {
        throw new BadIgnoreField(e);
      }
    }

    private Result put(ApiObject next) {
      requireAllowed();
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
