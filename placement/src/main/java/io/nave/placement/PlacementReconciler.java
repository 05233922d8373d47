package io.nave.placement;

import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.placement.schedule.Conditions;
import io.nave.placement.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keeps the PlacementDecisions of a Placement what its schedule says.
///
/// - Reads: `Placement` (primary), its decisions, its schedule as
///   [io.nave.placement.schedule.Engine] has it.
/// - Writes: its `PlacementDecision`s and `Placement.status`, all in one commit, so that no cluster
///   vanishes for a moment (spec §14 row 7).
/// - Safe to repeat: what already stands is not written.
public final class PlacementReconciler implements Reconciler {
  /// The little this reconciler needs; `HubPlacementWorld` serves it from caches and the client.
  interface World {
    Optional<Placement> placement(Key key);

    /// What should stand; empty when it is not for this hub to decide.
    Optional<Schedule> schedule(Key placement);

    /// The present decision objects of the Placement, sorted by name.
    List<PlacementDecision> decisions(Key placement);

    /// Writes, in one commit, what differs: decisions created or changed, surplus ones deleted, and
    /// the status.
    void write(Placement placement, Change change);

    Instant now();
  }

  /// What has to be written.
  ///
  /// @param stands the decision objects as they will be
  /// @param lookAt when published scores may be renewed; null: nothing waits for that
  /// @param warning expired scores, in upstream's words; empty when there are none
  record Change(
      List<PlacementDecision> create,
      List<PlacementDecision> update,
      List<PlacementDecision> delete,
      List<PlacementDecision> stands,
      Placement.Status status,
      @Nullable Instant lookAt,
      String warning) {
    boolean nothing(Placement.Status present) {
      return !decisionsDiffer() && status.equals(present);
    }

    boolean decisionsDiffer() {
      return !create.isEmpty() || !update.isEmpty() || !delete.isEmpty();
    }
  }

  private final World world;

  PlacementReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var schedule = world.schedule(key).orElse(null);
    var placement = world.placement(key).orElse(null);
    if (placement == null || schedule == null || placement.metadata().deleting()) {
      return new Outcome.Settled();
    }
    var change = decide(placement, world.decisions(key), schedule, world.now());
    if (!change.nothing(placement.status())) {
      world.write(placement, change);
    }
    return next(schedule.recheckAt(), change.lookAt(), world.now());
  }

  /// When to look again: at the earlier of two times, if there is one.
  static Outcome next(@Nullable Instant one, @Nullable Instant other, Instant now) {
    var at = one == null || (other != null && other.isBefore(one)) ? other : one;
    return at == null
        ? new Outcome.Settled()
        : new Outcome.CheckAfter(Duration.between(now, at).plusMillis(1));
  }

  /// Pure: what to write so that the objects say what the schedule says.
  static Change decide(
      Placement placement, List<PlacementDecision> present, Schedule schedule, Instant now) {
    if (schedule.keeps()) {
      return kept(placement, present, schedule, now);
    }
    var wanted = Decisions.of(placement, schedule.groups());
    var published = "Score".equals(placement.spec().sortBy());
    var last = placement.status().lastScoreUpdateTime();
    var renewal = last == null ? now : last.plus(rateLimit(placement));
    if (published && now.isBefore(renewal) && sameButScores(wanted, present)) {
      return new Change(
          List.of(),
          List.of(),
          List.of(),
          present,
          status(placement, schedule, placement.status().decisionGroups(), last, now),
          wanted.stream().anyMatch(d -> differs(d, named(present, d))) ? renewal : null,
          "");
    }
    var scoresAt = !published ? null : last == null || !same(wanted, present) ? second(now) : last;
    return change(
        present,
        wanted,
        status(placement, schedule, Decisions.summary(schedule.groups(), wanted), scoresAt, now),
        schedule.warning());
  }

  private static Change kept(
      Placement placement, List<PlacementDecision> present, Schedule schedule, Instant now) {
    var wanted = Decisions.only(present, schedule.selected());
    var groups =
        placement.status().decisionGroups().stream()
            .map(group -> recounted(group, wanted))
            .toList();
    return change(
        present,
        wanted,
        status(placement, schedule, groups, placement.status().lastScoreUpdateTime(), now),
        "");
  }

  private static Placement.DecisionGroup recounted(
      Placement.DecisionGroup group, List<PlacementDecision> objects) {
    var count =
        objects.stream()
            .filter(object -> group.decisions().contains(object.metadata().name()))
            .mapToInt(object -> object.status().decisions().size())
            .sum();
    return new Placement.DecisionGroup(
        group.decisionGroupIndex(), group.decisionGroupName(), group.decisions(), count);
  }

  private static Change change(
      List<PlacementDecision> present,
      List<PlacementDecision> wanted,
      Placement.Status status,
      String warning) {
    var byName =
        present.stream().collect(Collectors.toMap(d -> d.metadata().name(), decision -> decision));
    var names =
        wanted.stream()
            .map(d -> d.metadata().name())
            .collect(Collectors.toCollection(TreeSet::new));
    return new Change(
        wanted.stream().filter(d -> !byName.containsKey(d.metadata().name())).toList(),
        wanted.stream().filter(d -> differs(d, byName.get(d.metadata().name()))).toList(),
        present.stream().filter(d -> !names.contains(d.metadata().name())).toList(),
        wanted,
        status,
        null,
        warning);
  }

  private static Placement.Status status(
      Placement placement,
      Schedule schedule,
      List<Placement.DecisionGroup> groups,
      @Nullable Instant scoresAt,
      Instant now) {
    var conditions = Condition.merge(placement.status().conditions(), schedule.satisfied(), now);
    conditions = Condition.merge(conditions, schedule.misconfigured(), now);
    for (var other : schedule.others()) {
      conditions = Condition.merge(conditions, other, now);
    }
    for (var type : Conditions.own()) {
      var said = Condition.find(conditions, type).isPresent();
      if (said && schedule.others().stream().noneMatch(c -> c.type().equals(type))) {
        conditions = Condition.merge(conditions, Conditions.calm(type), now);
      }
    }
    return new Placement.Status(
        schedule.selected().size(), conditions, groups, scoresAt, schedule.moves());
  }

  private static boolean differs(PlacementDecision wanted, @Nullable PlacementDecision present) {
    return present != null
        && !(wanted.status().equals(present.status())
            && wanted.metadata().labels().equals(present.metadata().labels()));
  }

  private static @Nullable PlacementDecision named(
      List<PlacementDecision> present, PlacementDecision wanted) {
    return present.stream()
        .filter(d -> d.metadata().name().equals(wanted.metadata().name()))
        .findFirst()
        .orElse(null);
  }

  private static boolean same(List<PlacementDecision> wanted, List<PlacementDecision> present) {
    return wanted.size() == present.size()
        && wanted.stream()
            .allMatch(d -> named(present, d) != null && !differs(d, named(present, d)));
  }

  /// Whether the objects hold the same clusters and replicas, whatever their order and scores.
  private static boolean sameButScores(
      List<PlacementDecision> wanted, List<PlacementDecision> present) {
    return wanted.size() == present.size()
        && wanted.stream()
            .allMatch(object -> {
              var other = named(present, object);
              return other != null
                  && object.metadata().labels().equals(other.metadata().labels())
                  && shares(object).equals(shares(other));
            });
  }

  private static Map<String, String> shares(PlacementDecision object) {
    var shares = new TreeMap<String, String>();
    for (var decision : object.status().decisions()) {
      shares.put(decision.clusterName(), String.valueOf(decision.replicas()));
    }
    return shares;
  }

  /// `spec.scoreRateLimit`; a minute when it cannot be read.
  static Duration rateLimit(Placement placement) {
    var text = placement.spec().scoreRateLimit();
    if (text == null || !text.matches("[0-9]{1,9}[hms]")) {
      return Duration.ofMinutes(1);
    }
    var amount = Long.parseLong(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 'h' -> Duration.ofHours(Math.min(amount, 24 * 365));
      case 'm' -> Duration.ofMinutes(amount);
      default -> Duration.ofSeconds(amount);
    };
  }

  private static Instant second(Instant time) {
    return Instant.ofEpochSecond(time.getEpochSecond());
  }
}
