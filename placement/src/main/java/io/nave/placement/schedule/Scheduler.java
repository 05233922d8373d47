package io.nave.placement.schedule;

import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.placement.api.Placement.MovesMade;
import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.placement.schedule.Program.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Decides where one Placement's clusters are: filters, scores, cut. The same input gives the same
/// result, whatever order the clusters came in.
final class Scheduler {
  /// One thing to decide.
  ///
  /// @param key of the Placement; its holding in the ledger is what it has now
  /// @param candidates members of its eligible sets; at least one
  /// @param matched what its predicates leave of them
  /// @param silence whether so many candidates are silent that none is left for it
  /// @param moves what it left in the present window
  /// @param pinned whether what it holds stays chosen, as long as it passes the filters
  /// @param detailed whether scores are wanted even where they decide nothing
  record Input(
      Program program,
      Estate estate,
      Key key,
      RoaringBitmap candidates,
      RoaringBitmap matched,
      boolean silence,
      @Nullable MovesMade moves,
      Instant now,
      boolean pinned,
      boolean detailed) {}

  private final Input in;
  private final Program program;
  private final Fleet fleet;
  private final RoaringBitmap held;
  private @Nullable Instant recheckAt;
  private @Nullable Instant scoresDue;

  private Scheduler(Input in) {
    this.in = in;
    this.program = in.program();
    this.fleet = in.estate().fleet();
    this.held = RoaringBitmap.bitmapOf(in.estate().ledger().holding(in.key()));
  }

  static Result run(Input in) {
    return new Scheduler(in).run();
  }

  private Result run() {
    var survivors = survivors();
    var ranking = ranking(survivors);
    var wanted = in.pinned() ? pinned(ranking.clusters()) : cut(ranking.clusters());
    var budget =
        MoveBudget.apply(
            program,
            fleet.ordinals(),
            held,
            in.candidates(),
            wanted,
            ranking.clusters(),
            in.moves(),
            in.now());
    scoresDue = budget.until();
    var selected = byName(budget.selected());
    var replicas = divided(selected);
    var schedule = schedule(ranking, budget, selected, replicas);
    return new Result(
        in.candidates(),
        in.matched(),
        survivors,
        held,
        ranking.clusters(),
        program.prioritizers(),
        ranking.scores(),
        ranking.totals(),
        budget.selected(),
        inOrder(budget.selected(), replicas),
        budget.waiting(),
        scoresDue,
        schedule);
  }

  private RoaringBitmap survivors() {
    var survivors = in.matched().clone();
    for (var cluster : RoaringBitmap.and(survivors, fleet.tainted()).toArray()) {
      var tolerance =
          Tolerance.of(
              program, fleet.known(cluster), held.contains(cluster), in.silence(), in.now());
      if (tolerance.tolerated()) {
        recheckAt = Tolerance.earlier(recheckAt, tolerance.until());
      } else {
        survivors.remove(cluster);
      }
    }
    return survivors;
  }

  private Ranking ranking(RoaringBitmap survivors) {
    var ranks = fleet.ordinals().ranks();
    if (!program.ranks() && !in.detailed()) {
      return Ranking.byName(survivors.toArray(), ranks);
    }
    var others = in.estate().ledger().without(in.key());
    var scores = new Scores(in.estate(), others, in.now());
    return Ranking.of(survivors.toArray(), program.prioritizers(), scores, ranks);
  }

  private int[] cut(int[] ranked) {
    var most = program.limited() ? Math.min(program.limit(), ranked.length) : ranked.length;
    return program.spread().isEmpty()
        ? Arrays.copyOf(ranked, most)
        : Spread.pick(fleet, program.spread(), ranked, most);
  }

  private int[] pinned(int[] ranked) {
    return Arrays.stream(ranked).filter(held::contains).toArray();
  }

  /// The replicas of the chosen clusters, by name; what a restart finds stays.
  private Map<Integer, Integer> divided(int[] byName) {
    var division = program.division();
    if (division == null) {
      return Map.of();
    }
    var ledger = in.estate().ledger();
    var before = ledger.held(in.key());
    if (in.pinned() && before.sum() == division.replicas()) {
      return before.byCluster();
    }
    var given = division.over(fleet, before, byName, ledger.takenByOthers(in.key(), byName));
    return new Ledger.Holding(byName, given).byCluster();
  }

  private static int[] inOrder(int[] clusters, Map<Integer, Integer> replicas) {
    return replicas.isEmpty()
        ? new int[0]
        : Arrays.stream(clusters).map(each -> replicas.getOrDefault(each, 0)).toArray();
  }

  private Schedule schedule(
      Ranking ranking, MoveBudget budget, int[] byName, Map<Integer, Integer> replicas) {
    var selected = budget.selected();
    var warning = program.ranks() ? expiries(ranking.clusters()) : "";
    var ordered = program.byScore() ? selected : byName;
    return new Schedule(
        Groups.of(program, fleet, ordered, decisions(ranking, replicas)),
        names(byName),
        false,
        Conditions.outcome(selected.length, program.limited() ? program.limit() : selected.length),
        Conditions.configured(),
        others(budget, replicas),
        budget.made(),
        Tolerance.earlier(recheckAt, scoresDue),
        warning);
  }

  private IntFunction<Decision> decisions(Ranking ranking, Map<Integer, Integer> replicas) {
    var names = fleet.ordinals();
    if (!program.byScore()) {
      return cluster -> new Decision(names.name(cluster), "", null, replicas.get(cluster));
    }
    var totals = new HashMap<Integer, Integer>();
    for (var i = 0; i < ranking.clusters().length; i++) {
      totals.put(ranking.clusters()[i], ranking.totals()[i]);
    }
    return cluster ->
        new Decision(names.name(cluster), "", totals.get(cluster), replicas.get(cluster));
  }

  private List<Condition> others(MoveBudget budget, Map<Integer, Integer> replicas) {
    var others = new ArrayList<Condition>();
    var division = program.division();
    if (division != null) {
      others.add(
          Conditions.replicas(
              replicas.values().stream().mapToInt(Integer::intValue).sum(),
              division.replicas(),
              budget.selected().length,
              division.shortage()));
    }
    if (in.silence() && RoaringBitmap.intersects(held, fleet.unreachable())) {
      others.add(
          Condition.of(
              Conditions.FAILOVER_HELD,
              true,
              "ManyClustersSilent",
              "So many clusters are silent at once that the hub's own network may be at fault;"
                  + " silent clusters that are chosen stay chosen until fewer are"));
    }
    if (budget.waiting() > 0) {
      others.add(
          Condition.of(
              Conditions.MOVES_PENDING,
              true,
              "MoveBudgetSpent",
              "%d clusters wait to be left: spec.moves.maxPerWindow is spent until %s"
                  .formatted(budget.waiting(), budget.until())));
    }
    return List.copyOf(others);
  }

  /// Notes when add-on scores run out, and names those that did.
  private String expiries(int[] clusters) {
    var expired = new TreeSet<String>();
    for (var prioritizer : program.prioritizers()) {
      if (prioritizer.source() == Source.ADD_ON) {
        for (var cluster : clusters) {
          var name = fleet.ordinals().name(cluster);
          var page = in.estate().scores().page(prioritizer.resource(), name);
          if (page != null && page.validUntil() != null) {
            if (page.expired(in.now())) {
              expired.add(" " + name + "/" + prioritizer.resource());
            } else {
              scoresDue = Tolerance.earlier(scoresDue, page.validUntil().plusMillis(1));
            }
          }
        }
      }
    }
    return expired.isEmpty() ? "" : "AddOnPlacementScores" + String.join("", expired) + " expired";
  }

  private int[] byName(int[] clusters) {
    var ranks = fleet.ordinals().ranks();
    var keys = new long[clusters.length];
    for (var i = 0; i < clusters.length; i++) {
      keys[i] = ((long) ranks[clusters[i]] << 32) | clusters[i];
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }

  private List<String> names(int[] clusters) {
    var names = new ArrayList<String>(clusters.length);
    for (var cluster : clusters) {
      names.add(fleet.ordinals().name(cluster));
    }
    return List.copyOf(names);
  }
}
