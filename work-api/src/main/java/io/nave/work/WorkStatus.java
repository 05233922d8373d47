package io.nave.work;

import io.nave.api.Condition;
import io.nave.api.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The conditions of a work and its manifests, with the reasons and messages other tools match on
/// (spec/ocm-behaviour.md §6.5). Pure.
public final class WorkStatus {
  public static final String DELETING = "Deleting";

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

  /// What is said of condition rules: this version evaluates none, and says so where the result
  /// would stand, so that nobody waits for it.
  public static List<Condition> notEvaluated(List<ManifestWork.ConditionRule> rules) {
    var conditions = new ArrayList<Condition>();
    for (var rule : rules) {
      var type = rule.condition();
      var ours = type.equals(ManifestWork.APPLIED) || type.equals(ManifestWork.AVAILABLE);
      if (!type.isEmpty() && !ours) {
        conditions.add(
            Condition.of(
                type,
                "Unknown",
                "ConditionRuleInvalid",
                "condition rules are not evaluated by this version of the agent; use feedbackRules"));
      }
    }
    return conditions;
  }

  /// The manifest was applied.
  public static Condition applied() {
    return Condition.of(
        ManifestWork.APPLIED, true, "AppliedManifestComplete", "Apply manifest complete");
  }

  /// The manifest could not be applied.
  public static Condition notApplied(String error) {
    return Condition.of(
        ManifestWork.APPLIED, false, "AppliedManifestFailed", "Failed to apply manifest: " + error);
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
