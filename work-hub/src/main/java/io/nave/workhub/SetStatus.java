package io.nave.workhub;

import io.nave.api.Condition;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ManifestWorkReplicaSet.Failing;
import io.nave.work.ManifestWorkReplicaSet.PlacementSummary;
import io.nave.work.ManifestWorkReplicaSet.Rollout;
import io.nave.work.ManifestWorkReplicaSet.Status;
import io.nave.work.ManifestWorkReplicaSet.Summary;
import io.nave.work.rollout.RolloutPlan.State;
import io.nave.workhub.SetPlan.Board;
import io.nave.workhub.SetPlan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Sums up how a set is getting on (spec/ocm-behaviour.md §7.3). Pure.
final class SetStatus {
  private static final String EMPTY = "PlacementDecisionEmpty";
  private static final String AS_EXPECTED = "AsExpected";
  private static final String NOT_AS_EXPECTED = "NotAsExpected";

  private final ManifestWorkReplicaSet set;
  private final Plan plan;

  private SetStatus(ManifestWorkReplicaSet set, Plan plan) {
    this.set = set;
    this.plan = plan;
  }

  /// @param revision of the present template
  static Status of(ManifestWorkReplicaSet set, Plan plan, long revision, Instant now) {
    return new SetStatus(set, plan).sum(revision, now);
  }

  /// The set cannot be worked on at all.
  static Status refused(ManifestWorkReplicaSet set, String reason, String message, Instant now) {
    var before = set.status();
    var condition =
        Condition.of(ManifestWorkReplicaSet.MANIFESTWORK_APPLIED, false, reason, message)
            .observed(set.metadata().generation());
    return new Status(
        Condition.merge(before.conditions(), condition, now),
        before.summary(),
        before.placementSummary(),
        before.rollout());
  }

  private Status sum(long revision, Instant now) {
    var summaries = plan.boards().stream().map(SetStatus::summary).toList();
    var total = summaries.stream().reduce(new Summary(0, 0, 0, 0, 0, 0, 0), SetStatus::plus);
    var rolledOut = rolledOut(total);
    var conditions = set.status().conditions();
    for (var condition : List.of(verified(total), rolledOut, applied(total))) {
      conditions =
          Condition.merge(conditions, condition.observed(set.metadata().generation()), now);
    }
    var placements = new ArrayList<PlacementSummary>();
    for (int i = 0; i < summaries.size(); i++) {
      placements.add(placement(plan.boards().get(i), summaries.get(i)));
    }
    return new Status(conditions, total, placements, rollout(revision, total, rolledOut.isTrue()));
  }

  private static Summary summary(Board board) {
    int existing = 0;
    int applied = 0;
    int available = 0;
    int degraded = 0;
    int progressing = 0;
    for (Map.Entry<String, List<Child>> unit : board.units().entrySet()) {
      var works = unit.getValue();
      existing += works.stream().allMatch(Child::deleting) ? 0 : 1;
      if (board.current().containsKey(unit.getKey())) {
        applied += works.stream().allMatch(w -> w.isTrue(w.applied())) ? 1 : 0;
        available += works.stream().allMatch(w -> w.isTrue(w.available())) ? 1 : 0;
        degraded += works.stream().anyMatch(w -> w.isTrue(w.degraded())) ? 1 : 0;
        progressing += works.stream().anyMatch(w -> w.isTrue(w.progressing())) ? 1 : 0;
      }
    }
    return new Summary(
        existing,
        (int) board.selected(),
        board.current().size(),
        applied,
        available,
        degraded,
        progressing);
  }

  private static Summary plus(Summary a, Summary b) {
    return new Summary(
        a.total() + b.total(),
        a.desiredTotal() + b.desiredTotal(),
        a.updated() + b.updated(),
        a.applied() + b.applied(),
        a.available() + b.available(),
        a.degraded() + b.degraded(),
        a.progressing() + b.progressing());
  }

  private static PlacementSummary placement(Board board, Summary summary) {
    return new PlacementSummary(
        board.placement().name(),
        "%d (%d / %d clusters applied)"
            .formatted(board.groups().map(List::size).orElse(0), summary.total(), board.selected()),
        summary);
  }

  private Condition verified(Summary total) {
    var type = ManifestWorkReplicaSet.PLACEMENT_VERIFIED;
    var missing =
        plan.boards().stream()
            .filter(board -> board.groups().isEmpty())
            .map(board -> board.placement().name())
            .toList();
    if (!missing.isEmpty()) {
      return Condition.of(
          type,
          false,
          "PlacementDecisionNotFound",
          "no decisions of Placement " + String.join(", ", missing) + " in this namespace");
    }
    return total.desiredTotal() > 0
        ? Condition.of(type, true, AS_EXPECTED, "")
        : Condition.of(type, false, EMPTY, "the placements chose no cluster");
  }

  private Condition rolledOut(Summary total) {
    var type = ManifestWorkReplicaSet.PLACEMENT_ROLLED_OUT;
    long succeeded = plan.boards().stream().mapToLong(b -> b.count(State.SUCCEEDED)).sum();
    var settled = plan.boards().stream().allMatch(board -> board.groups().isPresent());
    if (settled && succeeded == total.desiredTotal()) {
      return Condition.of(type, true, "Complete", "");
    }
    return Condition.of(type, false, "Progressing", progress(succeeded, total));
  }

  private String progress(long succeeded, Summary total) {
    var text = new StringBuilder();
    text.append("%d of %d clusters succeeded".formatted(succeeded, total.desiredTotal()));
    if (set.spec().paused()) {
      text.append("; paused: nave rollout resume %s".formatted(set.metadata().name()));
    }
    if (breached()) {
      text.append("; stopped, since more clusters failed than maxFailures allows");
    }
    var silent = silent();
    if (silent > 0) {
      text.append(
          "; %d have it applied and say nothing about Progressing: a rollout counts a cluster as"
                  .formatted(silent)
              + " succeeded when a condition rule of type Progressing says False");
    }
    return text.toString();
  }

  /// Clusters that will never count as succeeded (spec §14 row 14).
  private long silent() {
    return plan.boards().stream()
        .flatMap(board ->
            board.current().keySet().stream()
                .map(cluster -> board.units().getOrDefault(cluster, List.of())))
        .filter(works ->
            works.stream().allMatch(w -> w.isTrue(w.applied()))
                && works.stream().anyMatch(w -> w.progressing() == null))
        .count();
  }

  private boolean breached() {
    return plan.boards().stream().anyMatch(board -> board.rollout().breached());
  }

  private Condition applied(Summary total) {
    var type = ManifestWorkReplicaSet.MANIFESTWORK_APPLIED;
    var failing = failing();
    var first =
        failing.isEmpty() ? "" : failing.getFirst().cluster() + ": " + failing.getFirst().message();
    if (total.total() == 0) {
      return total.desiredTotal() == 0
          ? Condition.of(type, false, EMPTY, "the placements chose no cluster")
          : Condition.of(type, false, NOT_AS_EXPECTED, first);
    }
    if (total.available() == total.total() && total.progressing() == 0 && total.degraded() == 0) {
      return Condition.of(type, true, AS_EXPECTED, "");
    }
    return total.progressing() > 0 && total.degraded() == 0
        ? Condition.of(type, false, "Processing", first)
        : Condition.of(type, false, NOT_AS_EXPECTED, first);
  }

  private Rollout rollout(long revision, Summary total, boolean complete) {
    var before = set.status().rollout();
    var completeRevision = complete ? revision : before == null ? 0 : before.completeRevision();
    return new Rollout(
        revision,
        completeRevision,
        plan.parts(),
        total.desiredTotal() - total.updated(),
        breached(),
        failing());
  }

  /// The first few clusters that someone should look at.
  private List<Failing> failing() {
    var failing = new ArrayList<Failing>();
    for (var board : plan.boards()) {
      board
          .held()
          .forEach((cluster, why) -> failing.add(new Failing(cluster, why.reason(), why.text())));
      board.rollout().timedOut().stream()
          .sorted()
          .forEach(cluster ->
              failing.add(new Failing(cluster, "TimeOut", "not done within progressDeadline")));
      board
          .current()
          .forEach((cluster, known) -> {
            for (var work : board.units().getOrDefault(cluster, List.of())) {
              var applied = work.applied();
              if (known.state() == State.FAILED) {
                failing.add(
                    new Failing(cluster, "Degraded", "work " + work.key() + " is degraded"));
              } else if (applied != null && !applied.isTrue()) {
                failing.add(new Failing(cluster, applied.reason(), applied.message()));
              }
            }
          });
    }
    return failing.stream().limit(Rollout.FAILING_MAX).toList();
  }
}
