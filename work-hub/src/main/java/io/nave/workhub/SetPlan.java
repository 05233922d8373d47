package io.nave.workhub;

import io.nave.api.Key;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ManifestWorkReplicaSet.PlacementRef;
import io.nave.work.rollout.RolloutPlan;
import io.nave.work.rollout.RolloutPlan.Group;
import io.nave.work.rollout.RolloutPlan.Known;
import io.nave.work.rollout.RolloutPlan.State;
import io.nave.work.rollout.RolloutStrategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a set has to write now so that its clusters come to have its template, step by step
/// (spec/ocm-behaviour.md §7.3). Pure; `ReplicaSetSimTest` walks it.
///
/// Works of clusters that are no longer chosen go, whatever template they have (§14 row 15); but
/// where a Placement has no decisions at all, everything stays as it is.
final class SetPlan {
  /// All that a plan depends on.
  ///
  /// @param children of the set, those that are going included
  /// @param decisions the decision groups of each Placement that is named; empty: none were written
  /// @param turns what a cluster is to get, or why it cannot be said
  /// @param dependencies the works of the sets that come first, by name of the set
  record Input(
      ManifestWorkReplicaSet set,
      List<Child> children,
      Map<String, Optional<List<Group>>> decisions,
      Turns turns,
      Map<String, List<Child>> dependencies,
      Instant now) {}

  /// What each cluster is to get.
  @FunctionalInterface
  interface Turns {
    /// @throws Unfit when the template cannot be used for this cluster
    Turn of(String cluster) throws Unfit;
  }

  /// A cluster cannot be given its turn until someone acts.
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;

    Unfit(String reason, String message) {
      super(message);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /// A work to be written.
  ///
  /// @param uid of the work it replaces; null: there is none
  record Wanted(Key key, @Nullable String uid, Map<String, String> labels, JsonNode spec) {}

  /// How one placement's clusters stand.
  ///
  /// @param groups empty: the Placement has no decisions
  /// @param units the works of each cluster, by cluster
  /// @param current how those clusters stand that have the present template
  /// @param held clusters whose turn has come and who still cannot have it, with the reason
  record Board(
      PlacementRef placement,
      Optional<List<Group>> groups,
      Map<String, List<Child>> units,
      Map<String, Known> current,
      RolloutPlan rollout,
      Map<String, Unfit> held) {
    long selected() {
      return groups.stream()
          .flatMap(List::stream)
          .flatMap(group -> group.clusters().stream())
          .distinct()
          .count();
    }

    long count(State state) {
      return current.values().stream().filter(known -> known.state() == state).count();
    }
  }

  /// The outcome.
  ///
  /// @param parts most works that one cluster gets
  record Plan(List<Wanted> write, List<Child> delete, List<Board> boards, int parts) {
    Optional<Instant> recheckAt() {
      return boards.stream()
          .flatMap(board -> board.rollout().recheckAt().stream())
          .min(Instant::compareTo);
    }
  }

  private final Input in;
  private final List<Wanted> write = new ArrayList<>();
  private final List<Child> delete = new ArrayList<>();
  private final List<Board> boards = new ArrayList<>();
  private int parts = 1;

  private SetPlan(Input in) {
    this.in = in;
  }

  static Plan of(Input in) {
    return new SetPlan(in).plan();
  }

  private Plan plan() {
    var refs = new LinkedHashMap<String, PlacementRef>();
    in.set().spec().placementRefs().forEach(ref -> refs.putIfAbsent(ref.name(), ref));
    var byPlacement = new TreeMap<String, List<Child>>();
    for (var child : in.children()) {
      if (refs.containsKey(child.placement())) {
        byPlacement.computeIfAbsent(child.placement(), _ -> new ArrayList<>()).add(child);
      } else {
        remove(child);
      }
    }
    refs.values()
        .forEach(ref -> boards.add(board(ref, byPlacement.getOrDefault(ref.name(), List.of()))));
    if (in.set().spec().paused()) {
      write.clear();
      delete.clear();
    }
    return new Plan(List.copyOf(write), List.copyOf(delete), List.copyOf(boards), parts);
  }

  private Board board(PlacementRef ref, List<Child> children) {
    var units = new TreeMap<String, List<Child>>();
    children.forEach(
        child -> units.computeIfAbsent(child.cluster(), _ -> new ArrayList<>()).add(child));
    units.replaceAll((_, works) -> Turn.ordered(works));
    var groups = in.decisions().getOrDefault(ref.name(), Optional.empty());
    var held = new TreeMap<String, Unfit>();
    var current = new TreeMap<String, Known>();
    for (var group : groups.orElse(List.of())) {
      for (var cluster : group.clusters()) {
        stand(ref, cluster, units.getOrDefault(cluster, List.of()), current, held);
      }
    }
    var strategy = Objects.requireNonNullElse(ref.rolloutStrategy(), RolloutStrategy.atOnce());
    var rollout = RolloutPlan.of(strategy, groups.orElse(List.of()), current, in.now());
    for (var cluster : rollout.start()) {
      start(ref, cluster, units.getOrDefault(cluster, List.of()), held);
    }
    groups.ifPresent(chosen -> removeOthers(chosen, units));
    return new Board(ref, groups, units, current, rollout, held);
  }

  /// Notes how a cluster stands that has the present template.
  private void stand(
      PlacementRef ref,
      String cluster,
      List<Child> works,
      Map<String, Known> current,
      Map<String, Unfit> held) {
    try {
      var turn = in.turns().of(cluster);
      parts = Math.max(parts, turn.parts().size());
      if (works.stream().noneMatch(Child::deleting) && turn.isDone(works, in.set(), ref.name())) {
        current.put(cluster, together(works));
      }
    } catch (Unfit e) {
      held.put(cluster, e);
    }
  }

  /// Several parts stand as the worst of them.
  private static Known together(List<Child> works) {
    var worst = new Known(State.SUCCEEDED, null);
    for (var work : works) {
      var one = work.standing();
      var sooner = worst.since();
      if (rank(one.state()) > rank(worst.state())
          || (one.state() == worst.state()
              && (sooner == null || (one.since() != null && one.since().isAfter(sooner))))) {
        worst = one;
      }
    }
    return worst;
  }

  private static int rank(State state) {
    return switch (state) {
      case SKIP -> 0;
      case SUCCEEDED -> 1;
      case PROGRESSING -> 2;
      case TO_APPLY -> 3;
      case FAILED -> 4;
      case TIMED_OUT -> 5;
    };
  }

  private void start(PlacementRef ref, String cluster, List<Child> works, Map<String, Unfit> held) {
    if (held.containsKey(cluster)) {
      return;
    }
    try {
      var turn = in.turns().of(cluster);
      requireFirst(cluster);
      requireGone(works);
      give(ref, cluster, works, turn);
    } catch (Unfit e) {
      held.put(cluster, e);
    }
  }

  private void give(PlacementRef ref, String cluster, List<Child> works, Turn turn) {
    var byPart = new TreeMap<Integer, Child>();
    for (var work : works) {
      if (work.part() > turn.parts().size() || byPart.putIfAbsent(work.part(), work) != null) {
        remove(work);
      }
    }
    for (int i = 1; i <= turn.parts().size(); i++) {
      var old = byPart.get(i);
      if (old != null && turn.isDone(old, in.set(), ref.name())) {
        continue;
      }
      var key =
          old == null ? Key.of(cluster, Turn.nameOf(in.set().key(), ref.name(), i)) : old.key();
      write.add(
          new Wanted(
              key,
              old == null ? null : old.uid(),
              Turn.labels(in.set(), ref.name(), i, turn.parts().size()),
              turn.parts().get(i - 1).spec().get()));
    }
  }

  /// Sets that come first have to be there, in this cluster, as wanted.
  private void requireFirst(String cluster) throws Unfit {
    for (var dependency : in.set().spec().dependsOn()) {
      var works =
          in.dependencies().getOrDefault(dependency.name(), List.of()).stream()
              .filter(work -> work.cluster().equals(cluster))
              .toList();
      var wanted = dependency.wanted();
      if (works.isEmpty() || !works.stream().allMatch(work -> holds(work, wanted))) {
        throw new Unfit(
            "DependencyNotMet",
            "waits for replica set \"%s\" to be %s there".formatted(dependency.name(), wanted));
      }
    }
  }

  private static boolean holds(Child work, String condition) {
    if (work.deleting()) {
      return false;
    }
    return switch (condition) {
      case ManifestWork.APPLIED -> work.isTrue(work.applied());
      case ManifestWork.AVAILABLE -> work.isTrue(work.available());
      case ManifestWork.COMPLETE -> work.completedAt() != null;
      case ManifestWork.PROGRESSING -> work.isTrue(work.progressing());
      case ManifestWork.DEGRADED -> work.isTrue(work.degraded());
      default -> false;
    };
  }

  private static void requireGone(List<Child> works) throws Unfit {
    for (var work : works) {
      if (work.deleting()) {
        throw new Unfit(
            "WorkTerminating",
            "the earlier work %s is still being removed by the agent".formatted(work.key()));
      }
    }
  }

  private void removeOthers(List<Group> chosen, Map<String, List<Child>> units) {
    units.forEach((cluster, works) -> {
      if (chosen.stream().noneMatch(group -> group.clusters().contains(cluster))) {
        works.forEach(this::remove);
      }
    });
  }

  private void remove(Child work) {
    if (!work.deleting()) {
      delete.add(work);
    }
  }
}
