package io.nave.placement;

import io.nave.api.Condition;
import io.nave.placement.Schedule.Filtered;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides where one Placement's clusters are: candidates, filters, scores, cut. Pure: the same
/// input gives the same result, whatever order the input comes in.
public final class Scheduler {
  static final String SATISFIED = "PlacementSatisfied";
  static final String MISCONFIGURED = "PlacementMisconfigured";

  private Scheduler() {}

  /// Everything a decision depends on.
  ///
  /// @param bindings of the Placement's namespace
  /// @param current clusters in the present decisions of this Placement
  /// @param counts how often each cluster is chosen by the decisions of other Placements
  public record Input(
      Placement placement,
      List<ManagedCluster> clusters,
      List<ManagedClusterSet> sets,
      List<ManagedClusterSetBinding> bindings,
      Set<String> current,
      Map<String, Integer> counts,
      Instant now) {}

  /// Never throws for what a person wrote: faults come back as conditions.
  public static Schedule schedule(Input input) {
    try {
      return decide(input);
    } catch (Misconfigured e) {
      return unscheduled(
          satisfied("NoManagedClusterMatched", NO_MATCH),
          Condition.of(MISCONFIGURED, true, "Misconfigured", String.valueOf(e.getMessage())));
    }
  }

  private static final String NO_MATCH = "No ManagedCluster matches any of the cluster predicate";

  private static Schedule decide(Input input) {
    var bound =
        input.sets().stream()
            .filter(set -> input.bindings().stream().anyMatch(b -> names(b, set)))
            .toList();
    var wanted = input.placement().spec().clusterSets();
    if (bound.isEmpty()) {
      return unscheduled(
          satisfied(
              "NoManagedClusterSetBindings",
              "No valid ManagedClusterSetBindings found in placement namespace"));
    }
    var eligible =
        bound.stream()
            .filter(set -> wanted.isEmpty() || wanted.contains(set.metadata().name()))
            .toList();
    if (eligible.isEmpty()) {
      return unscheduled(
          satisfied(
              "NoIntersection",
              "None of ManagedClusterSets ["
                  + String.join(",", wanted)
                  + "] is bound to placement namespace"));
    }
    var candidates = candidates(input.clusters(), eligible);
    if (candidates.isEmpty()) {
      var names = eligible.stream().map(set -> set.metadata().name()).sorted().toList();
      return unscheduled(
          satisfied(
              "AllManagedClusterSetsEmpty",
              "All ManagedClusterSets ["
                  + String.join(",", names)
                  + "] have no member ManagedCluster"));
    }
    return choose(input, candidates);
  }

  private static boolean names(ManagedClusterSetBinding binding, ManagedClusterSet set) {
    return binding.metadata().name().equals(set.metadata().name());
  }

  private static List<ManagedCluster> candidates(
      List<ManagedCluster> clusters, List<ManagedClusterSet> eligible) {
    return clusters.stream()
        .filter(cluster -> !cluster.metadata().deleting())
        .filter(c -> eligible.stream().anyMatch(set -> set.contains(c.metadata().labels())))
        .sorted(Comparator.comparing(c -> c.metadata().name()))
        .toList();
  }

  private static Schedule choose(Input input, List<ManagedCluster> candidates) {
    var placement = input.placement();
    var matching = Filters.byPredicate(placement, candidates);
    var tolerated = Filters.byTaints(placement, matching, input.current(), input.now());
    var weights = Scores.weights(placement);
    var scores = new LinkedHashMap<String, Map<String, Integer>>();
    for (var prioritizer : weights.keySet()) {
      scores.put(
          prioritizer, Scores.score(prioritizer, tolerated, input.current(), input.counts()));
    }
    var ranked = new ArrayList<>(tolerated);
    ranked.sort(
        Comparator.comparingInt((ManagedCluster c) -> -total(c, weights, scores))
            .thenComparing(c -> c.metadata().name()));
    var limit = limit(placement, ranked.size());
    var selected = List.copyOf(ranked.subList(0, Math.min(limit, ranked.size())));
    return new Schedule(
        List.of(
            new Filtered(Filters.PREDICATE, namesOf(matching)),
            new Filtered(Filters.TAINTS, namesOf(tolerated))),
        scores,
        namesOf(selected),
        Groups.of(placement, selected),
        outcome(selected.size(), limit),
        properlyConfigured(),
        Filters.nextExpiry(placement, candidates, input.current(), input.now()));
  }

  private static int limit(Placement placement, int all) {
    var asked = placement.spec().numberOfClusters();
    if (asked != null && asked < 0) {
      throw new Misconfigured("", "spec.numberOfClusters: expected 0 or more, found " + asked);
    }
    return asked == null ? all : asked;
  }

  private static int total(
      ManagedCluster cluster,
      Map<String, Integer> weights,
      Map<String, Map<String, Integer>> scores) {
    var sum = 0;
    for (var weight : weights.entrySet()) {
      var score = scores.getOrDefault(weight.getKey(), Map.of());
      sum += weight.getValue() * score.getOrDefault(cluster.metadata().name(), 0);
    }
    return sum;
  }

  private static Condition outcome(int selected, int wanted) {
    if (selected == 0) {
      return satisfied("NoManagedClusterMatched", NO_MATCH);
    }
    return selected >= wanted
        ? Condition.of(SATISFIED, true, "AllDecisionsScheduled", "All cluster decisions scheduled")
        : satisfied(
            "NotAllDecisionsScheduled", (wanted - selected) + " cluster decisions unscheduled");
  }

  private static Condition satisfied(String reason, String message) {
    return Condition.of(SATISFIED, false, reason, message);
  }

  private static Condition properlyConfigured() {
    return Condition.of(
        MISCONFIGURED, false, "Succeedconfigured", "Placement configurations check pass");
  }

  private static Schedule unscheduled(Condition satisfied) {
    return unscheduled(satisfied, properlyConfigured());
  }

  private static Schedule unscheduled(Condition satisfied, Condition misconfigured) {
    return new Schedule(
        List.of(),
        Map.of(),
        List.of(),
        List.of(new Schedule.Group(0, "", List.of())),
        satisfied,
        misconfigured,
        Optional.empty());
  }

  private static List<String> namesOf(List<ManagedCluster> clusters) {
    return clusters.stream().map(c -> c.metadata().name()).toList();
  }
}
