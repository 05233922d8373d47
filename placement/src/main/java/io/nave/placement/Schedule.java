package io.nave.placement;

import io.nave.api.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What came of scheduling one Placement, with all it takes to explain it.
///
/// @param filters in the order they ran, each with the clusters that were left, sorted by name
/// @param scores prioritizer name to cluster to its unweighted score; only for survivors
/// @param selected the chosen clusters, best first
/// @param groups the chosen clusters, cut into decision groups
/// @param satisfied the condition PlacementSatisfied
/// @param misconfigured the condition PlacementMisconfigured; when it is True, `groups` says
///   nothing and the present decisions stay
/// @param recheckAt when a toleration runs out, if one does
public record Schedule(
    List<Filtered> filters,
    Map<String, Map<String, Integer>> scores,
    List<String> selected,
    List<Group> groups,
    Condition satisfied,
    Condition misconfigured,
    Optional<Instant> recheckAt) {

  /// One filter and the clusters it left.
  public record Filtered(String name, List<String> clusters) {}

  /// One decision group.
  ///
  /// @param name empty for clusters no named group took
  /// @param clusters sorted by name
  public record Group(int index, String name, List<String> clusters) {}

  /// Whether the present decisions are to be left as they are.
  public boolean keepsDecisions() {
    return misconfigured.isTrue();
  }
}
