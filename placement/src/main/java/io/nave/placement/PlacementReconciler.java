package io.nave.placement;

import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keeps the PlacementDecisions of a Placement what its schedule says.
///
/// - Reads: `Placement` (primary), its decisions, clusters, sets, bindings of its namespace.
/// - Writes: its `PlacementDecision`s and `Placement.status`, all in one commit, so that no cluster
///   vanishes for a moment (spec §14 row 7).
/// - Safe to repeat: what already stands is not written.
public final class PlacementReconciler implements Reconciler {
  private static final String DISABLED =
      "cluster.open-cluster-management.io/experimental-scheduling-disable";

  /// The little this reconciler needs; `HubPlacementWorld` serves it from caches and the client.
  interface World {
    Optional<Placement> placement(Key key);

    /// The present decision objects of the Placement, sorted by name.
    List<PlacementDecision> decisions(Key placement);

    /// Everything else a schedule depends on.
    Scheduler.Input input(Placement placement, Set<String> current);

    /// Writes, in one commit, what differs: decisions created or changed, surplus ones deleted, and
    /// the status.
    void write(Placement placement, Change change);

    Instant now();
  }

  /// What has to be written.
  record Change(
      List<PlacementDecision> create,
      List<PlacementDecision> update,
      List<PlacementDecision> delete,
      Placement.Status status) {
    boolean nothing(Placement.Status present) {
      return create.isEmpty() && update.isEmpty() && delete.isEmpty() && status.equals(present);
    }
  }

  private final World world;

  PlacementReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var placement = world.placement(key).orElse(null);
    if (placement == null
        || placement.metadata().deleting()
        || "true".equals(placement.metadata().annotations().get(DISABLED))) {
      return new Outcome.Settled();
    }
    var present = world.decisions(key);
    var schedule = Scheduler.schedule(world.input(placement, clusters(present)));
    var change = decide(placement, present, schedule, world.now());
    if (!change.nothing(placement.status())) {
      world.write(placement, change);
    }
    return next(schedule, world.now());
  }

  /// When to look again.
  static Outcome next(Schedule schedule, Instant now) {
    return schedule
        .recheckAt()
        .<Outcome>map(at -> new Outcome.CheckAfter(Duration.between(now, at)))
        .orElse(new Outcome.Settled());
  }

  /// Pure: what to write so that the objects say what the schedule says.
  static Change decide(
      Placement placement, List<PlacementDecision> present, Schedule schedule, Instant now) {
    var conditions =
        Condition.merge(placement.status().conditions(), schedule.misconfigured(), now);
    if (schedule.keepsDecisions()) {
      var old = placement.status();
      return new Change(
          List.of(),
          List.of(),
          List.of(),
          new Placement.Status(
              old.numberOfSelectedClusters(),
              old.numberOfSelectedClusters() > 0
                  ? conditions
                  : Condition.merge(conditions, schedule.satisfied(), now),
              old.decisionGroups()));
    }
    var wanted = Decisions.of(placement, schedule.groups());
    var byName =
        present.stream().collect(Collectors.toMap(d -> d.metadata().name(), decision -> decision));
    var names = wanted.stream().map(d -> d.metadata().name()).toList();
    return new Change(
        wanted.stream().filter(d -> !byName.containsKey(d.metadata().name())).toList(),
        wanted.stream().filter(d -> differs(d, byName.get(d.metadata().name()))).toList(),
        present.stream().filter(d -> !names.contains(d.metadata().name())).toList(),
        new Placement.Status(
            schedule.selected().size(),
            Condition.merge(conditions, schedule.satisfied(), now),
            Decisions.summary(schedule.groups(), wanted)));
  }

  private static boolean differs(PlacementDecision wanted, @Nullable PlacementDecision present) {
    return present != null
        && !(wanted.status().equals(present.status())
            && wanted.metadata().labels().equals(present.metadata().labels()));
  }

  private static Set<String> clusters(List<PlacementDecision> decisions) {
    return decisions.stream()
        .flatMap(d -> d.status().decisions().stream())
        .map(PlacementDecision.Decision::clusterName)
        .collect(Collectors.toSet());
  }
}
