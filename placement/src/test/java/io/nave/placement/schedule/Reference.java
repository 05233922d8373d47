package io.nave.placement.schedule;

import io.nave.api.Key;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// What an [Engine] must come to, worked out without any index: after every change it looks at all
/// Placements and all clusters, compares with what it saw before, and schedules on an estate built
/// from nothing. The rules are the list at [Engine].
final class Reference {
  /// What is known of one Placement.
  static final class Seen {
    final Placement placement;
    final @Nullable Program program;
    final String fault;
    List<String> bound = List.of();
    boolean empty;
    boolean silence;
    boolean wrong;
    TreeSet<String> survivors = new TreeSet<>();
    Map<String, ClusterRow> rows = new TreeMap<>();
    List<String> held = List.of();
    Map<String, Integer> replicas = new TreeMap<>();
    @Nullable Demand demand; // as last decided without a fault
    @Nullable Schedule schedule;
    Placement.@Nullable MovesMade moves;
    @Nullable Instant scoresDue;

    Seen(Placement placement) {
      this.placement = placement;
      moves = placement.status().moves();
      Program compiled = null;
      var why = "";
      try {
        compiled = new Compiler(Samples.WORDS).compile(placement);
      } catch (Misconfigured e) {
        why = e.getMessage();
      }
      program = compiled;
      fault = why;
    }
  }

  final Map<String, ClusterRow> clusters = new TreeMap<>();
  final Map<String, ManagedClusterSet> sets = new TreeMap<>();
  final Map<String, TreeSet<String>> bindings = new TreeMap<>();
  final Map<String, Map<String, ScoreBook.Page>> scores = new TreeMap<>();
  final Map<Key, Seen> placements = new LinkedHashMap<>();
  private final Map<List<String>, TreeSet<String>> members =
      new TreeMap<>(java.util.Comparator.comparing(List::toString)); // within one settle
  private final Map<Seen, Object> matches = new IdentityHashMap<>(); // as well

  private final Map<Seen, TreeSet<String>> left = new IdentityHashMap<>(); // as well
  private final Map<Key, List<String>> eligibles = new TreeMap<>(); // as well
  private final Map<String, List<String>> bounds = new TreeMap<>(); // as well
  private @Nullable Estate estate; // as well
  private @Nullable Estate onlyScores; // as well: nothing else is in it
  private Map<String, ClusterRow> rows = Map.of(); // as well: the clusters as they are

  /// @param scored the AddOnPlacementScore that changed, as `cluster/resource`; empty: none did
  void settle(Instant now, boolean bySets, String scored) {
    members.clear();
    matches.clear();
    left.clear();
    eligibles.clear();
    bounds.clear();
    estate = null;
    onlyScores = null;
    rows = new TreeMap<>(clusters);
    var order = new ArrayList<>(placements.values());
    if (bySets) { // namespaces are looked at one after the other
      order.sort((a, b) -> a.placement.key().namespace().compareTo(b.placement.key().namespace()));
    }
    var keepers = new ArrayList<Seen>();
    for (var seen : order) {
      var stuck = wrong(seen) || eligible(seen).isEmpty();
      if (!bySets && seen.schedule != null && seen.schedule.keeps() && stuck) {
        keepers.add(seen);
      } else {
        look(seen, now, scored);
      }
    }
    keepers.forEach(seen -> look(seen, now, scored));
  }

  private void look(Seen seen, Instant now, String scored) {
    if (touched(seen, now, scored)) {
      decide(seen, now);
    }
    remember(seen, now);
  }

  private boolean touched(Seen seen, Instant now, String scored) {
    if (seen.schedule == null
        || !seen.bound.equals(bound(seen))
        || seen.wrong != wrong(seen)
        || seen.empty != candidates(eligible(seen)).isEmpty()) {
      return true;
    }
    if (seen.schedule.keeps()) {
      return !kept(seen).equals(seen.held);
    }
    if (seen.empty || seen.program == null) {
      return false;
    }
    return seen.silence != silence(seen)
        || (seen.scoresDue != null && !seen.scoresDue.isAfter(now))
        || byClusters(seen, seen.program, now)
        || byScore(seen, seen.program, scored, now);
  }

  private boolean byScore(Seen seen, Program program, String scored, Instant now) {
    var parts = scored.split("/");
    return parts.length == 2
        && program.reads(parts[1])
        && survivors(seen, now).contains(parts[0])
        && seen.survivors.contains(parts[0]);
  }

  private boolean byClusters(Seen seen, Program program, Instant now) {
    var passing = survivors(seen, now);
    var lost = new TreeSet<>(seen.survivors);
    lost.removeAll(passing);
    var fresh = new TreeSet<>(passing);
    fresh.removeAll(seen.survivors);
    var compares = program.relative() || !program.spread().isEmpty();
    if (compares && !(lost.isEmpty() && fresh.isEmpty())) {
      return true;
    }
    if (lost.stream().anyMatch(seen.held::contains)) {
      return true;
    }
    if (!fresh.isEmpty() && (!program.limited() || seen.held.size() < program.limit())) {
      return true;
    }
    if (fresh.stream().anyMatch(name -> beats(seen, program, name, now))) {
      return true;
    }
    for (var name : passing) {
      var before = seen.rows.get(name);
      var after = clusters.get(name);
      if (before != after // most clusters did not change
          && before != null
          && after != null
          && seen.survivors.contains(name)) {
        if (program.relative()
            && (Double.compare(before.cpu(), after.cpu()) != 0
                || Double.compare(before.memory(), after.memory()) != 0)) {
          return true;
        }
        if (!Spread.domains(program.spread(), before)
            .equals(Spread.domains(program.spread(), after))) {
          return true;
        }
        if (seen.held.contains(name)
            && (program.grouping().named().stream().anyMatch(g -> g.has(before) != g.has(after))
                || (program.division() != null && program.division().differs(before, after)))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean beats(Seen seen, Program program, String fresh, Instant now) {
    if (seen.held.contains(fresh)) {
      return true;
    }
    var estate = estate();
    var numbers = estate.fleet().ordinals();
    var totals = new Scores(estate, estate.ledger().without(seen.placement.key()), now);
    var mine = totals.total(program.prioritizers(), numbers.of(fresh));
    return seen.held.stream()
        .anyMatch(name -> {
          var theirs = totals.total(program.prioritizers(), numbers.of(name));
          return mine > theirs || (mine == theirs && fresh.compareTo(name) < 0);
        });
  }

  private void decide(Seen seen, Instant now) {
    var estate = estate();
    var names = estate.fleet().ordinals();
    var eligible = eligible(seen);
    var candidates = candidates(eligible);
    seen.scoresDue = null;
    if (seen.program != null) {
      var division = seen.program.division();
      seen.demand = division == null ? Demand.NONE : division.demand();
    }
    if (wrong(seen) || (eligible.isEmpty() && !bound(seen).isEmpty())) {
      seen.held = kept(seen);
      seen.replicas.keySet().retainAll(seen.held);
      seen.schedule = plain(seen, true);
    } else if (candidates.isEmpty()) {
      seen.held = List.of();
      seen.replicas = new TreeMap<>();
      seen.schedule = plain(seen, false);
      seen.moves = null;
    } else {
      var program = Objects.requireNonNull(seen.program);
      var bits = bits(estate, candidates);
      var result =
          Scheduler.run(
              new Scheduler.Input(
                  program,
                  estate,
                  seen.placement.key(),
                  bits,
                  bits(estate, matched(seen, candidates)),
                  silence(seen),
                  seen.moves,
                  now,
                  false,
                  false));
      seen.held = Arrays.stream(result.chosen()).mapToObj(names::name).sorted().toList();
      seen.replicas = new TreeMap<>();
      for (var i = 0; i < result.replicas().length; i++) {
        seen.replicas.put(names.name(result.chosen()[i]), result.replicas()[i]);
      }
      seen.schedule = result.schedule();
      seen.moves = result.schedule().moves();
      seen.scoresDue = result.scoresDue();
    }
    hold(estate, seen.placement.key(), seen);
    left.remove(seen); // what is borne depends on what is held
  }

  private static Schedule plain(Seen seen, boolean keeps) {
    return new Schedule(
        List.of(),
        seen.held,
        keeps,
        Conditions.outcome(0, 0),
        seen.fault.isEmpty() ? Conditions.configured() : Conditions.misconfigured(seen.fault),
        List.of(),
        seen.moves,
        null,
        "");
  }

  private void remember(Seen seen, Instant now) {
    seen.bound = bound(seen);
    seen.wrong = wrong(seen);
    seen.empty = candidates(eligible(seen)).isEmpty();
    seen.silence = silence(seen);
    seen.survivors = seen.wrong || seen.program == null ? new TreeSet<>() : survivors(seen, now);
    seen.rows = rows;
  }

  /// Built from nothing once for each settling, and kept up with what is decided in it.
  private Estate estate() {
    var built = estate;
    if (built == null) {
      var fresh = Estate.empty();
      clusters.values().forEach(row -> fresh.fleet().put(row));
      scores.forEach((resource, pages) ->
          pages.forEach((cluster, page) -> fresh.scores().put(resource, cluster, page)));
      placements.forEach((key, seen) -> hold(fresh, key, seen));
      estate = fresh;
      return fresh;
    }
    return built;
  }

  private static void hold(Estate estate, Key key, Seen seen) {
    var ledger = estate.ledger();
    if (seen.demand != null) {
      ledger.demand(key, seen.demand);
    }
    ledger.hold(
        key,
        seen.held.stream().mapToInt(estate.fleet().ordinals()::of).toArray(),
        seen.replicas.isEmpty()
            ? new int[0]
            : seen.held.stream().mapToInt(each -> seen.replicas.getOrDefault(each, 0)).toArray());
  }

  private static RoaringBitmap bits(Estate estate, TreeSet<String> names) {
    return RoaringBitmap.bitmapOf(names.stream().mapToInt(estate.fleet().ordinals()::of).toArray());
  }

  private List<String> bound(Seen seen) {
    return bounds.computeIfAbsent(
        seen.placement.key().namespace(),
        namespace ->
            bindings.getOrDefault(namespace, new TreeSet<>()).stream()
                .filter(sets::containsKey)
                .toList());
  }

  private List<String> eligible(Seen seen) {
    var wanted = seen.placement.spec().clusterSets();
    return eligibles.computeIfAbsent(
        seen.placement.key(),
        _ -> bound(seen).stream().filter(s -> wanted.isEmpty() || wanted.contains(s)).toList());
  }

  private TreeSet<String> candidates(List<String> names) {
    return members.computeIfAbsent(names, this::find);
  }

  private TreeSet<String> find(List<String> names) {
    var found = new TreeSet<String>();
    for (var row : clusters.values()) {
      if (!row.deleting() && names.stream().anyMatch(s -> sets.get(s).contains(row.labels()))) {
        found.add(row.name());
      }
    }
    return found;
  }

  private List<String> kept(Seen seen) {
    var usable = candidates(bound(seen));
    return seen.held.stream().filter(usable::contains).toList();
  }

  private boolean wrong(Seen seen) {
    if (seen.program == null) {
      return true;
    }
    return matches.computeIfAbsent(
            seen,
            _ -> {
              try {
                return find(seen, candidates(eligible(seen)));
              } catch (Misconfigured e) {
                return e;
              }
            })
        instanceof Misconfigured;
  }

  @SuppressWarnings("unchecked")
  private TreeSet<String> matched(Seen seen, TreeSet<String> candidates) {
    return wrong(seen) ? new TreeSet<>() : (TreeSet<String>) matches.get(seen);
  }

  private Estate scoresOnly() {
    var built = onlyScores;
    if (built == null) {
      var book = new ScoreBook();
      scores.forEach((resource, pages) -> pages.forEach((c, page) -> book.put(resource, c, page)));
      built = new Estate(new Fleet(), new Ledger(new Fleet()), book);
      onlyScores = built;
    }
    return built;
  }

  private TreeSet<String> find(Seen seen, TreeSet<String> candidates) {
    var clauses = Objects.requireNonNull(seen.program).clauses();
    var book = scoresOnly();
    var found = new TreeSet<String>();
    var cost = 0L;
    for (var name : candidates) {
      var verdict = Filters.matches(book, clusters.get(name), clauses);
      cost += verdict.cost();
      if (verdict.holds()) {
        found.add(name);
      }
    }
    if (cost > Expressions.TOTAL_COST_MAX) {
      throw new Misconfigured("Predicate", "costs too much");
    }
    return found;
  }

  /// Not to be changed.
  TreeSet<String> survivors(Seen seen, Instant now) {
    var known = left.get(seen);
    if (known != null) {
      return known;
    }
    var program = Objects.requireNonNull(seen.program);
    var passed = new TreeSet<>(matched(seen, candidates(eligible(seen))));
    var silence = silence(seen);
    passed.removeIf(name ->
        !Tolerance.of(program, clusters.get(name), seen.held.contains(name), silence, now)
            .tolerated());
    left.put(seen, passed);
    return passed;
  }

  private boolean silence(Seen seen) {
    var candidates = candidates(eligible(seen));
    var silent = candidates.stream().filter(name -> clusters.get(name).unreachable()).count();
    return silent >= 3 && silent * 100 >= 55L * candidates.size();
  }
}
