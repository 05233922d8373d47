package io.nave.work;

import io.nave.api.Condition;
import io.nave.api.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The conditions of a work and its manifests, with the reasons and messages other tools match on
/// (spec/ocm-behaviour.md §6.5). Pure.
public final class WorkStatus {
  public static final String DELETING = "Deleting";

  /// Nave's own: whether an object is what its manifest says, where the agent does not see to that.
  public static final String IN_SYNC = "work.nave.io/InSync";

  /// Why a manifest is not applied.
  public static final String MANIFEST_FAILED = "AppliedManifestFailed";

  public static final String IGNORE_FIELD_ERROR = "AppliedManifestSSAIgnoreFieldError";
  public static final String DRY_RUN = "DryRun";

  /// Why a work is not applied.
  public static final String WAITING = "WaitingForDependency";

  public static final String OLDER = "OlderThanApplied";

  private static final String AGGREGATED = "ConditionRulesAggregated";
  private static final String RULE = "ConditionRule";

  private WorkStatus() {}

  /// What became of one manifest.
  ///
  /// @param applied its `Applied` condition
  /// @param available its `Available` condition
  /// @param feedback what its rules read, with the condition that says so; null while unread
  /// @param ruled the conditions that its condition rules ask for
  public record Outcome(
      ManifestWork.ResourceMeta meta,
      Condition applied,
      Condition available,
      @Nullable StatusFeedback feedback,
      @Nullable Condition feedbackSynced,
      List<Condition> ruled) {
    public Outcome {
      ruled = List.copyOf(ruled);
    }

    /// The outcome of a manifest without condition rules.
    public Outcome(
        ManifestWork.ResourceMeta meta,
        Condition applied,
        Condition available,
        @Nullable StatusFeedback feedback,
        @Nullable Condition feedbackSynced) {
      this(meta, applied, available, feedback, feedbackSynced, List.of());
    }

    public Outcome withRuled(List<Condition> conditions) {
      return new Outcome(meta, applied, available, feedback, feedbackSynced, conditions);
    }
  }

  /// The manifest was applied.
  public static Condition applied() {
    return Condition.of(
        ManifestWork.APPLIED, true, "AppliedManifestComplete", "Apply manifest complete");
  }

  /// The manifest could not be applied.
  public static Condition notApplied(String error) {
    return notApplied(MANIFEST_FAILED, error);
  }

  /// The manifest could not be applied, for this reason.
  public static Condition notApplied(String reason, String error) {
    return Condition.of(ManifestWork.APPLIED, false, reason, "Failed to apply manifest: " + error);
  }

  /// The manifest was only tried out.
  ///
  /// @param message what would happen
  public static Condition dryRun(String message) {
    return Condition.of(ManifestWork.APPLIED, false, DRY_RUN, message);
  }

  /// Whether an object that is only looked at is what its manifest says.
  ///
  /// @param differences empty when it is
  public static Condition inSync(String differences) {
    return differences.isEmpty()
        ? Condition.of(IN_SYNC, true, "InSync", "")
        : Condition.of(IN_SYNC, false, "Differs", differences);
  }

  /// Someone else keeps changing the object back.
  ///
  /// @param manager its field manager's name; may be empty
  public static Condition foughtOver(String manager, String differences) {
    var who = manager.isEmpty() ? "another writer" : "\"" + manager + "\"";
    return Condition.of(
        IN_SYNC, false, "ChangedByOther", who + " keeps changing it back: " + differences);
  }

  /// The status of a work that waits for others.
  public static ManifestWork.Status waiting(
      ManifestWork.Status before, long generation, String text, Instant now) {
    return held(before, generation, WAITING, text, now);
  }

  /// The status of a work that is an earlier state than the one applied.
  public static ManifestWork.Status older(
      ManifestWork.Status before, long generation, String text, Instant now) {
    return held(before, generation, OLDER, text, now);
  }

  private static ManifestWork.Status held(
      ManifestWork.Status before, long generation, String reason, String text, Instant now) {
    var condition = Condition.of(ManifestWork.APPLIED, false, reason, text).observed(generation);
    return new ManifestWork.Status(
        Condition.merge(before.conditions(), condition, now), before.resourceStatus());
  }

  /// The object is there; nothing is said about its health.
  public static Condition available() {
    return Condition.of(ManifestWork.AVAILABLE, true, "ResourceAvailable", "Resource is available");
  }

  /// The object is not there.
  public static Condition notAvailable() {
    return Condition.of(
        ManifestWork.AVAILABLE, false, "ResourceNotAvailable", "Resource is not available");
  }

  /// Whether the object is there could not be found out.
  public static Condition availableUnknown(String error) {
    return Condition.of(
        ManifestWork.AVAILABLE,
        "Unknown",
        "FetchingResourceFailed",
        "Failed to fetch resource: " + error);
  }

  /// The manifest names no object that could be looked up.
  public static Condition incomplete() {
    return Condition.of(
        ManifestWork.AVAILABLE,
        "Unknown",
        "IncompleteResourceMeta",
        "Resource meta is incompleted");
  }

  /// The status after a pass over all manifests. Times of conditions whose status did not change
  /// stay; an unchanged world gives an equal status.
  public static ManifestWork.Status after(
      ManifestWork.Status before, long generation, List<Outcome> outcomes, Instant now) {
    var manifests = new ArrayList<ManifestWork.ManifestStatus>();
    for (var outcome : outcomes) {
      manifests.add(manifest(before, generation, outcome, now));
    }
    var conditions = before.conditions();
    conditions = Condition.merge(conditions, workApplied(outcomes).observed(generation), now);
    conditions = Condition.merge(conditions, workAvailable(outcomes).observed(generation), now);
    var aggregated = aggregated(outcomes);
    for (var condition : aggregated) {
      conditions = Condition.merge(conditions, condition.observed(generation), now);
    }
    conditions = without(conditions, AGGREGATED, aggregated);
    return new ManifestWork.Status(conditions, new ManifestWork.ResourceStatus(manifests));
  }

  /// The status of a work on its way out.
  public static ManifestWork.Status deleting(
      ManifestWork.Status before, long generation, Instant now) {
    var deleting =
        Condition.of(DELETING, true, "WorkDeleting", "ManifestWork is being deleted")
            .observed(generation);
    return new ManifestWork.Status(
        Condition.merge(before.conditions(), deleting, now), before.resourceStatus());
  }

  /// As it travels in a patch of `/status`, lists whole.
  public static ObjectNode json(ManifestWork.Status status) {
    return (ObjectNode) Json.tree(status);
  }

  /// What the manifests' condition rules say together (spec/ocm-behaviour.md §6.6).
  static List<Condition> aggregated(List<Outcome> outcomes) {
    var byType = new TreeMap<String, List<Condition>>();
    for (var outcome : outcomes) {
      for (var ruled : outcome.ruled()) {
        if (!ruled.type().equals(IN_SYNC)) {
          byType.computeIfAbsent(ruled.type(), _ -> new ArrayList<>()).add(ruled);
        }
      }
    }
    var all = new ArrayList<Condition>();
    byType.forEach((type, conditions) -> {
      var message = "Aggregated from %d manifest conditions".formatted(conditions.size());
      all.add(Condition.of(type, sum(type, conditions), AGGREGATED, message));
    });
    return all;
  }

  /// The worst there is; for Progressing that is True, for all others False.
  private static String sum(String type, List<Condition> conditions) {
    var worst = type.equals(ManifestWork.PROGRESSING) ? "True" : "False";
    var best = type.equals(ManifestWork.PROGRESSING) ? "False" : "True";
    for (var status : List.of(worst, "Unknown")) {
      if (conditions.stream().anyMatch(c -> c.status().equals(status))) {
        return status;
      }
    }
    return best;
  }

  /// Without conditions of such a reason that nothing asks for any more.
  private static List<Condition> without(
      List<Condition> conditions, String reason, List<Condition> asked) {
    return conditions.stream()
        .filter(c ->
            !(c.reason().startsWith(reason) || c.type().equals(IN_SYNC))
                || Condition.find(asked, c.type()).isPresent())
        .toList();
  }

  static Condition workApplied(List<Outcome> outcomes) {
    var all = outcomes.stream().allMatch(o -> o.applied().isTrue());
    return all
        ? Condition.of(
            ManifestWork.APPLIED,
            true,
            "AppliedManifestWorkComplete",
            "Apply manifest work complete")
        : Condition.of(
            ManifestWork.APPLIED,
            false,
            "AppliedManifestWorkFailed",
            "Failed to apply manifest work");
  }

  static Condition workAvailable(List<Outcome> outcomes) {
    var missing = count(outcomes, "False");
    var unknown = count(outcomes, "Unknown");
    if (missing > 0) {
      var message = "%d of %d resources are not available".formatted(missing, outcomes.size());
      return Condition.of(ManifestWork.AVAILABLE, false, "ResourcesNotAvailable", message);
    }
    if (unknown > 0 || outcomes.isEmpty()) {
      var message =
          outcomes.isEmpty()
              ? "cannot get any available resource"
              : "%d of %d resources have unknown status".formatted(unknown, outcomes.size());
      return Condition.of(ManifestWork.AVAILABLE, "Unknown", "ResourcesStatusUnknown", message);
    }
    return Condition.of(
        ManifestWork.AVAILABLE, true, "ResourcesAvailable", "All resources are available");
  }

  private static long count(List<Outcome> outcomes, String status) {
    return outcomes.stream().filter(o -> o.available().status().equals(status)).count();
  }

  private static ManifestWork.ManifestStatus manifest(
      ManifestWork.Status before, long generation, Outcome outcome, Instant now) {
    var conditions = earlier(before, outcome.meta());
    conditions = Condition.merge(conditions, outcome.applied().observed(generation), now);
    conditions = Condition.merge(conditions, outcome.available().observed(generation), now);
    var synced = outcome.feedbackSynced();
    if (synced != null) {
      conditions = Condition.merge(conditions, synced.observed(generation), now);
    }
    for (var ruled : outcome.ruled()) {
      conditions = Condition.merge(conditions, ruled.observed(generation), now);
    }
    conditions = without(conditions, RULE, outcome.ruled());
    var feedback = outcome.feedback();
    return new ManifestWork.ManifestStatus(
        outcome.meta(),
        conditions,
        feedback == null || feedback.values().isEmpty()
            ? null
            : new ManifestWork.Feedback(feedback.values()));
  }

  /// The conditions the same object had before, wherever it stood in the list.
  private static List<Condition> earlier(
      ManifestWork.Status before, ManifestWork.ResourceMeta meta) {
    var resources = before.resourceStatus();
    if (resources != null) {
      for (var manifest : resources.manifests()) {
        if (isSame(manifest.resourceMeta(), meta)) {
          return manifest.conditions();
        }
      }
    }
    return List.of();
  }

  private static boolean isSame(ManifestWork.ResourceMeta a, ManifestWork.ResourceMeta b) {
    return Objects.equals(a.group(), b.group())
        && Objects.equals(a.kind(), b.kind())
        && Objects.equals(a.namespace(), b.namespace())
        && Objects.equals(a.name(), b.name());
  }
}
