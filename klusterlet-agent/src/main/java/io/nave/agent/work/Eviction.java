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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What to do about a work that the hub misses although nobody was seen deleting it
/// (spec/ocm-behaviour.md §6.9, DESIGN D7).
///
/// Its objects stay, unless the user set a rule for how long ([WorkSettings#evictionGrace]): a hub
/// that came back older than it was misses works that everybody still wants. With such a rule a
/// work is kept up for the grace period, counted in its record so that a restart does not begin
/// anew, and goes only when the hub, asked once more, still has other works but not this one. A hub
/// that does not answer removes nothing. Neither does one that answers with an empty list: that is
/// what a hub shows that lost its data.
final class Eviction {
  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);

  /// For what its hub still has, under another address.
  private static final Duration MOVED = Duration.ofMinutes(60);

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
        settings.evictionGrace(),
        present -> present.stream().noneMatch(other -> other.name().equals(work)));
  }

  /// The same for a record under an address the hub no longer has. Where the hub has the work too,
  /// it is first applied anew: its objects then have another owner, and only lose this one, for
  /// which no rule is needed.
  ///
  /// @param record of which nobody takes care any more
  Stage lookAtStray(String work, ApiObject record) {
    var rule = settings.evictionGrace();
    return look(
        work,
        record,
        rule == null ? MOVED : rule,
        present -> {
          var same = present.stream().filter(other -> other.name().equals(work)).toList();
          return (rule != null || !same.isEmpty()) && same.stream().allMatch(Eviction::isApplied);
        });
  }

  private static boolean isApplied(ApiObject work) {
    return Condition.isTrue(HubReport.status(work).conditions(), ManifestWork.APPLIED);
  }

  /// @param grace null: for ever
  private Stage look(
      String work, ApiObject record, @Nullable Duration grace, Predicate<List<ApiObject>> mayGo) {
    if (record.deleting()) {
      return new Stage.Over(); // by someone in the cluster, or by an eviction cut short
    }
    var status = AppliedRecords.read(record).status();
    var since = status.evictionStartTime();
    if (since == null) {
      since = Instant.ofEpochSecond(host.now().getEpochSecond());
      LOG.atWarn()
          .addKeyValue("key", work)
          .addKeyValue("grace", grace == null ? "none" : grace)
          .log("the hub misses a work nobody deleted; its objects stay");
      var noted = records.write(record, status.appliedResources(), since);
      return new Stage.Waiting(since, noted, grace == null ? settings.resync() : grace);
    }
    if (grace == null) {
      return new Stage.Waiting(since, record, settings.resync());
    }
    var left = Duration.between(host.now(), since.plus(grace));
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
