package io.nave.placement.schedule;

import io.nave.placement.api.Placement;
import io.nave.placement.schedule.Program.Prioritizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Why each cluster is chosen or not, for one Placement as things are now.
///
/// @param eligibleSets the sets it may use and names
/// @param wanted how many clusters it asks for; null: all that qualify
/// @param message why nothing could be decided; empty when something could
/// @param filters how many clusters each step left
/// @param prioritizers what they are ranked by, with weights
/// @param clusters chosen ones first, then the others that passed by rank, then the rest by name
public record Explanation(
    String placement,
    List<String> eligibleSets,
    @Nullable Integer wanted,
    String message,
    List<Step> filters,
    Map<String, Integer> prioritizers,
    List<Cluster> clusters) {

  /// A step and what it left.
  public record Step(String name, int left) {}

  /// One cluster.
  ///
  /// @param chosen whether it is in the decisions
  /// @param removedBy the step that took it out: a filter, `Cut`, or empty when it was wanted
  /// @param reason in words
  /// @param rank from 1, of those that passed every filter; 0 for the others
  /// @param scores by prioritizer, unweighted
  public record Cluster(
      String name,
      boolean chosen,
      String removedBy,
      String reason,
      int rank,
      int total,
      Map<String, Integer> scores) {}

  private static final String SETS = "ClusterSets";
  private static final String CUT = "Cut";

  /// When nothing could be decided: no sets, no candidates, or a fault.
  static Explanation without(Entry entry, Estate estate, RoaringBitmap candidates) {
    var rest = new ArrayList<Cluster>();
    var names = estate.fleet().ordinals();
    var held = RoaringBitmap.bitmapOf(estate.ledger().holding(entry.key));
    for (var cluster : estate.fleet().present().toArray()) {
      var in = candidates.contains(cluster);
      rest.add(
          new Cluster(
              names.name(cluster),
              held.contains(cluster),
              in ? "Misconfigured" : SETS,
              in
                  ? "nothing is decided until the Placement is mended"
                  : outside(entry, estate, cluster),
              0,
              0,
              Map.of()));
    }
    rest.sort((a, b) -> a.name().compareTo(b.name()));
    return new Explanation(
        entry.key.toString(),
        entry.eligible,
        entry.placement.spec().numberOfClusters(),
        message(entry),
        List.of(new Step(SETS, candidates.getCardinality())),
        Map.of(),
        rest);
  }

  private static String message(Entry entry) {
    var wrong = entry.wrong();
    return wrong != null ? wrong : entry.desired == null ? "" : entry.desired.satisfied().message();
  }

  static Explanation of(Entry entry, Estate estate, Result result, Instant now) {
    var clusters = new ArrayList<Cluster>();
    var held = result.held();
    var wanted = RoaringBitmap.bitmapOf(result.chosen());
    for (var place = 0; place < result.ranked().length; place++) {
      clusters.add(ranked(entry, estate, result, place, wanted, held));
    }
    clusters.sort((a, b) -> Boolean.compare(b.chosen(), a.chosen()));
    var rest = new ArrayList<Cluster>();
    for (var cluster : estate.fleet().present().toArray()) {
      if (!result.survivors().contains(cluster)) {
        rest.add(removed(entry, estate, result, cluster, held, now));
      }
    }
    rest.sort((a, b) -> a.name().compareTo(b.name()));
    clusters.addAll(rest);
    var weights = new LinkedHashMap<String, Integer>();
    result.prioritizers().forEach(each -> weights.put(each.name(), each.weight()));
    return new Explanation(
        entry.key.toString(),
        entry.eligible,
        entry.placement.spec().numberOfClusters(),
        "",
        List.of(
            new Step(SETS, result.candidates().getCardinality()),
            new Step(Filters.PREDICATE, result.matched().getCardinality()),
            new Step(Filters.TAINTS, result.survivors().getCardinality()),
            new Step(CUT, result.chosen().length)),
        weights,
        clusters);
  }

  private static Cluster ranked(
      Entry entry,
      Estate estate,
      Result result,
      int place,
      RoaringBitmap wanted,
      RoaringBitmap held) {
    var cluster = result.ranked()[place];
    var chosen = held.contains(cluster);
    var would = wanted.contains(cluster);
    var scores = new LinkedHashMap<String, Integer>();
    for (var i = 0; i < result.prioritizers().size(); i++) {
      scores.put(result.prioritizers().get(i).name(), result.scores().get(i)[place]);
    }
    return new Cluster(
        estate.fleet().ordinals().name(cluster),
        chosen,
        would ? "" : CUT,
        reason(entry.known(), place + 1, chosen, would) + share(entry, estate, cluster),
        place + 1,
        result.totals()[place],
        scores);
  }

  private static String share(Entry entry, Estate estate, int cluster) {
    var division = entry.known().division();
    if (division == null) {
      return "";
    }
    var share = estate.ledger().held(entry.key).byCluster().getOrDefault(cluster, 0);
    return "; %d of %d replicas".formatted(share, division.replicas());
  }

  private static String reason(Program program, int rank, boolean chosen, boolean would) {
    var place =
        program.limited()
            ? "rank " + rank + " of " + program.limit() + " wanted"
            : "all are wanted";
    if (chosen && !would) {
      return place + "; chosen when scores were others, and kept until something of it changes";
    }
    if (!chosen && would) {
      return place + "; would be chosen if it were decided anew";
    }
    return !would && !program.spread().isEmpty() ? place + "; spread over domains" : place;
  }

  private static Cluster removed(
      Entry entry, Estate estate, Result result, int cluster, RoaringBitmap held, Instant now) {
    var row = estate.fleet().known(cluster);
    var chosen = held.contains(cluster);
    String by;
    String reason;
    if (!result.candidates().contains(cluster)) {
      by = SETS;
      reason = outside(entry, estate, cluster);
    } else if (!result.matched().contains(cluster)) {
      by = Filters.PREDICATE;
      reason = WhyNot.predicates(entry.known(), row);
    } else {
      by = Filters.TAINTS;
      reason = WhyNot.taints(entry.known(), row, chosen, now);
    }
    var waits = chosen ? "; waits to be left, see spec.moves" : "";
    return new Cluster(row.name(), chosen, by, reason + waits, 0, 0, Map.of());
  }

  private static String outside(Entry entry, Estate estate, int cluster) {
    return estate.fleet().deleting().contains(cluster)
        ? "is being deleted"
        : "is in none of the sets " + entry.eligible;
  }

  /// One cluster of it.
  public Explanation only(String cluster) {
    return new Explanation(
        placement,
        eligibleSets,
        wanted,
        message,
        filters,
        prioritizers,
        clusters.stream().filter(each -> each.name().equals(cluster)).toList());
  }

  /// What upstream's debugger shows of a Placement (spec §5.7).
  ///
  /// @param placement without its status and most of its metadata
  /// @param filteredPipelineResults names add up: `Predicate`, then `Predicate,TaintToleration`
  public record Debug(
      Placement placement,
      List<Pipeline> filteredPipelineResults,
      List<Prioritized> prioritizeResults,
      List<Aggregated> aggregatedScores) {

    /// The clusters left after these filters.
    public record Pipeline(String name, List<String> filteredClusters) {}

    /// One prioritizer.
    public record Prioritized(String name, int weight, Map<String, Integer> scores) {}

    /// A weighted sum; highest first.
    public record Aggregated(String clusterName, int score) {}

    static Debug of(Placement placement, Fleet fleet, @Nullable Result result) {
      if (result == null) {
        return new Debug(placement, List.of(), List.of(), List.of());
      }
      var names = fleet.ordinals();
      var prioritized = new ArrayList<Prioritized>();
      for (var i = 0; i < result.prioritizers().size(); i++) {
        Prioritizer prioritizer = result.prioritizers().get(i);
        var scores = new java.util.TreeMap<String, Integer>();
        for (var at = 0; at < result.ranked().length; at++) {
          scores.put(names.name(result.ranked()[at]), result.scores().get(i)[at]);
        }
        prioritized.add(new Prioritized(prioritizer.name(), prioritizer.weight(), scores));
      }
      var sums = new ArrayList<Aggregated>();
      for (var at = 0; at < result.ranked().length; at++) {
        sums.add(new Aggregated(names.name(result.ranked()[at]), result.totals()[at]));
      }
      return new Debug(
          placement,
          List.of(
              new Pipeline(Filters.PREDICATE, sorted(names, result.matched())),
              new Pipeline(
                  Filters.PREDICATE + "," + Filters.TAINTS, sorted(names, result.survivors()))),
          prioritized,
          sums);
    }

    private static List<String> sorted(Ordinals names, RoaringBitmap clusters) {
      return clusters.stream().mapToObj(names::name).sorted().toList();
    }
  }
}
