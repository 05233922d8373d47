package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What to do about a work that the hub misses although nobody was seen deleting it
/// (spec/ocm-behaviour.md §6.9, DESIGN D7).
///
/// It is kept up for the grace period, counted in its record so that a restart does not begin anew,
/// and goes only when the hub, asked once more, still has other works but not this one. A hub that
/// does not answer removes nothing. Neither does one that answers with an empty list: that is what
/// a hub shows that lost its data.
final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);

  /// How far it has come.
  sealed interface Stage {
    /// Remove what the record lists.
    record Over() implements Stage {}

    /// Keep the objects up.
    ///
    /// @param since when the work was first missed
    /// @param record with that time in it
    /// @param left until the next look
    record Waiting(Instant since, ApiObject record, Duration left) implements Stage {}
  }

  private final Host host;
  private final WorkSettings settings;
  private final ApiClient hub;
  private final AppliedRecords records;

  Eviction(Host host, WorkSettings settings, ApiClient hub, AppliedRecords records) {
    this.host = host;
    this.settings = settings;
    this.hub = hub;
    this.records = records;
  }

  /// @param record of a work the hub misses
  Stage look(String work, ApiObject record) {
    return look(
        work,
        record,
        "the hub misses a work nobody deleted; its objects stay for the grace period",
        present -> present.stream().noneMatch(other -> other.name().equals(work)));
  }

  /// The same for a record under an address the hub no longer has. Where the hub has the work too,
  /// it is first applied anew: its objects then have another owner, and only lose this one.
  ///
  /// @param record of which nobody takes care any more
  Stage lookAtStray(String work, ApiObject record) {
    return look(
        work,
        record,
        "a record of the hub's former address; its objects stay for the grace period",
        present ->
            present.stream()
                .filter(other -> other.name().equals(work))
                .allMatch(Eviction::isApplied));
  }

  private static boolean isApplied(ApiObject work) {
    return Condition.isTrue(HubReport.status(work).conditions(), ManifestWork.APPLIED);
  }

  private Stage look(String work, ApiObject record, String why, Predicate<List<ApiObject>> mayGo) {
    if (record.deleting()) {
      return new Stage.Over(); // by someone in the cluster, or by an eviction cut short
    }
    var status = AppliedRecords.read(record).status();
    var since = status.evictionStartTime();
    if (since == null) {
      since = Instant.ofEpochSecond(host.now().getEpochSecond());
      LOG.atWarn()
          .addKeyValue("key", work)
          .addKeyValue("grace_s", settings.evictionGrace().toSeconds())
          .log(why);
      var noted = records.write(record, status.appliedResources(), since);
      return new Stage.Waiting(since, noted, settings.evictionGrace());
    }
    var left = Duration.between(host.now(), since.plus(settings.evictionGrace()));
    if (left.isPositive()) {
      return new Stage.Waiting(since, record, left);
    }
    if (!confirmed(work, mayGo)) {
      return new Stage.Waiting(since, record, settings.resync());
    }
    LOG.atWarn().addKeyValue("key", work).log("the grace period is over; its objects are removed");
    return new Stage.Over();
  }

  private boolean confirmed(String work, Predicate<List<ApiObject>> mayGo) {
    List<ApiObject> present;
    try {
      present = hub.list(WORK, settings.clusterName(), Selection.all()).items();
    } catch (Transport.Unreachable | ApiError e) {
      return false;
    }
    if (present.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("key", work)
          .log("the hub has no works at all for this cluster; nothing is removed for that");
      return false;
    }
    return mayGo.test(present);
  }
}
