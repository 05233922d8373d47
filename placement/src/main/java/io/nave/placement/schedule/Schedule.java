package io.nave.placement.schedule;

import io.nave.api.Condition;
import io.nave.placement.api.Placement.MovesMade;
import io.nave.placement.api.PlacementDecision.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is to be written for one Placement.
///
/// @param groups the chosen clusters, cut into decision groups; says nothing when `keeps`
/// @param selected names of the chosen clusters, sorted; when `keeps`, those of the present
///   decisions that may stay
/// @param keeps whether the present decisions stay, but for clusters that are not `selected`: a
///   fault of what a person wrote moves nothing
/// @param satisfied the condition PlacementSatisfied
/// @param misconfigured the condition PlacementMisconfigured
/// @param others conditions of Nave's own that hold now
/// @param moves what was left in the present window; null where nothing bounds it
/// @param recheckAt when time alone can change this; null: never
/// @param warning expired scores, in upstream's words; empty when there are none
public record Schedule(
    List<Group> groups,
    List<String> selected,
    boolean keeps,
    Condition satisfied,
    Condition misconfigured,
    List<Condition> others,
    @Nullable MovesMade moves,
    @Nullable Instant recheckAt,
    String warning) {

  /// One decision group.
  ///
  /// @param name empty for clusters no named group took
  /// @param decisions in the order they are written
  public record Group(int index, String name, List<Decision> decisions) {
    /// The names of its clusters, in order.
    public List<String> clusters() {
      return decisions.stream().map(Decision::clusterName).toList();
    }
  }

  /// The same, looked at again at another time.
  Schedule recheckedAt(@Nullable Instant at) {
    return new Schedule(
        groups, selected, keeps, satisfied, misconfigured, others, moves, at, warning);
  }

  /// The same, made for a generation of its Placement.
  Schedule observed(long generation, List<Condition> allOthers) {
    return new Schedule(
        groups,
        selected,
        keeps,
        satisfied.observed(generation),
        misconfigured.observed(generation),
        allOthers,
        moves,
        recheckAt,
        warning);
  }

  /// Whether decisions, in any order, hold the same clusters and replicas.
  boolean shownBy(List<Decision> decisions) {
    if (keeps) {
      return selected.equals(decisions.stream().map(Decision::clusterName).sorted().toList());
    }
    var names = groups.stream().flatMap(group -> group.clusters().stream()).sorted().toList();
    return names.equals(decisions.stream().map(Decision::clusterName).sorted().toList())
        && replicas().equals(replicas(decisions));
  }

  /// The replicas of each cluster; empty when none are divided, or nothing was decided.
  Map<String, Integer> replicas() {
    return replicas(groups.stream().flatMap(group -> group.decisions().stream()).toList());
  }

  private static Map<String, Integer> replicas(List<Decision> decisions) {
    var replicas = new TreeMap<String, Integer>();
    for (var decision : decisions) {
      if (decision.replicas() != null) {
        replicas.put(decision.clusterName(), decision.replicas());
      }
    }
    return replicas;
  }
}
