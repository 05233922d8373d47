package io.nave.placement.schedule;

import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.placement.schedule.Schedule.Group;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.roaringbitmap.RoaringBitmap;

/// Makes the schedule of one Placement at a time: what [Scheduler] says where something can be
/// decided, else what stands without a decision. Keeps what follows from it: the holding in the
/// ledger, the timer, and who is to be told.
final class Decider {
  private final Estate estate;
  private final Pools pools;
  private final Touch touch;
  private final Timetable timetable;
  private final TreeMap<Integer, Entry> keepers = new TreeMap<>(); // decisions stay, for a fault
  private final TreeSet<Key> dirty = new TreeSet<>();
  private long scheduled;

  Decider(Estate estate, Pools pools, Timetable timetable) {
    this.estate = estate;
    this.pools = pools;
    this.touch = new Touch(estate);
    this.timetable = timetable;
  }

  /// How many times a Placement was scheduled.
  long scheduled() {
    return scheduled;
  }

  /// The Placements whose schedules changed since this was asked last, sorted.
  List<Key> drain() {
    var changed = List.copyOf(dirty);
    dirty.clear();
    return changed;
  }

  /// What stands of it is not what should.
  void differs(Entry entry) {
    dirty.add(entry.key);
  }

  void forget(Entry entry) {
    keepers.remove(entry.serial);
    timetable.set(entry.serial, null);
    dirty.remove(entry.key);
    estate.ledger().demand(entry.key, Demand.NONE);
  }

  /// Takes over what another decider made of an entry like this one.
  void adopt(Entry entry, Entry other) {
    entry.desired = other.desired;
    entry.moves = other.moves;
    entry.scoresDue = other.scoresDue;
    entry.due = other.due;
    entry.refused = other.refused;
    timetable.set(entry.serial, other.desired == null ? null : other.desired.recheckAt());
    if (other.desired != null && other.desired.keeps()) {
      keepers.put(entry.serial, entry);
    }
  }

  /// Whether a fault keeps its decisions, so that [#refreshKeepers] looks after it.
  boolean keeps(Entry entry) {
    return keepers.containsKey(entry.serial) && entry.wrong() != null;
  }

  /// Takes note of what its replicas need. A fault leaves that what it was.
  void noteDemand(Entry entry) {
    var program = entry.program;
    if (program != null) {
      var division = program.division();
      estate.ledger().demand(entry.key, division == null ? Demand.NONE : division.demand());
    }
  }

  void decide(Entry entry, Instant now) {
    decide(entry, now, false);
  }

  /// Schedules for the first time. A decision that still holds, made for the Placement as it is
  /// written, stays.
  void adoptOrDecide(Entry entry, Instant now) {
    decide(entry, now, adoptable(entry, now));
  }

  /// Looks at one cluster of a Placement again.
  ///
  /// @param matched whether it was in the Placement's pool before
  void look(Entry entry, Touch.Change change, boolean matched, Instant now) {
    if (entry.wrong() == null && entry.pool != null && entry.desired != null) {
      settle(entry, touch.byCluster(entry, change, matched, now), now);
    }
  }

  /// Looks at all clusters of a Placement again.
  ///
  /// @param matched what was in the Placement's pool before
  void look(Entry entry, RoaringBitmap matched, Instant now) {
    var undecided = entry.wrong() != null || entry.pool == null || entry.desired == null;
    settle(entry, undecided || touch.byAny(entry, matched, now), now);
  }

  private void settle(Entry entry, boolean touched, Instant now) {
    if (touched) {
      decide(entry, now);
    } else {
      postpone(entry);
    }
  }

  /// Puts the entry's timer where [Touch] left it.
  private void postpone(Entry entry) {
    var desired = entry.desired;
    timetable.set(entry.serial, entry.due);
    if (desired != null && !Objects.equals(entry.due, desired.recheckAt())) {
      entry.desired = desired.recheckedAt(entry.due);
      dirty.add(entry.key);
    }
  }

  /// Looks at what faults keep: clusters may have gone, or the fault may be another.
  void refreshKeepers(Instant now) {
    for (var entry : List.copyOf(keepers.values())) {
      var wrong = entry.wrong();
      if (entry.desired != null
          && (kept(entry).length != entry.desired.selected().size()
              || (wrong != null && !wrong.equals(entry.desired.misconfigured().message())))) {
        decide(entry, now);
      }
    }
  }

  private boolean adoptable(Entry entry, Instant now) {
    var made = Condition.find(entry.placement.status().conditions(), Conditions.SATISFIED);
    var generation = entry.placement.metadata().generation();
    if (entry.pool == null
        || entry.wrong() != null
        || !entry.known().spread().isEmpty()
        || made.filter(c -> Long.valueOf(generation).equals(c.observedGeneration())).isEmpty()) {
      return false;
    }
    var matched = entry.pool.matched;
    touch.byAny(entry, matched, now);
    var held = RoaringBitmap.bitmapOf(estate.ledger().holding(entry.key));
    var program = entry.known();
    var survivors = RoaringBitmap.andNot(matched, entry.refused);
    var wanted = survivors.getCardinality();
    return held.getCardinality() == (program.limited() ? Math.min(program.limit(), wanted) : wanted)
        && RoaringBitmap.andNot(held, survivors).isEmpty();
  }

  private void decide(Entry entry, Instant now, boolean pinned) {
    scheduled++;
    var before = entry.desired;
    keepers.remove(entry.serial);
    entry.scoresDue = null;
    noteDemand(entry);
    entry.desired = finished(entry, next(entry, now, pinned));
    entry.moves = entry.desired.moves();
    entry.due = entry.desired.recheckAt();
    timetable.set(entry.serial, entry.due);
    if (!entry.desired.equals(before)) {
      dirty.add(entry.key);
    }
  }

  private Schedule next(Entry entry, Instant now, boolean pinned) {
    var pool = entry.pool;
    if (entry.wrong() != null || (pool == null && !entry.bound.isEmpty())) {
      keepers.put(entry.serial, entry);
      return keep(entry);
    }
    if (pool == null || pool.membership.candidates.isEmpty()) {
      entry.refuse(new RoaringBitmap());
      estate.ledger().hold(entry.key, new int[0]);
      return nothing(pool == null ? Conditions.noBindings() : Conditions.allEmpty(entry.eligible));
    }
    return run(entry, pool, now, pinned);
  }

  private Schedule run(Entry entry, Pool pool, Instant now, boolean pinned) {
    var result = Scheduler.run(input(entry, pool, now, pinned, false));
    entry.refuse(RoaringBitmap.andNot(pool.matched, result.survivors()));
    entry.scoresDue = result.scoresDue();
    entry.scores = ScoreNote.of(result, estate.fleet().ordinals());
    estate.ledger().hold(entry.key, result.chosen(), result.replicas());
    touch.afterDecision(entry, now);
    return result.schedule();
  }

  /// All that can be said for and against each cluster of a Placement that can be decided.
  Result detailed(Entry entry, Pool pool, Instant now) {
    return Scheduler.run(input(entry, pool, now, false, true));
  }

  private Scheduler.Input input(
      Entry entry, Pool pool, Instant now, boolean pinned, boolean detailed) {
    return new Scheduler.Input(
        entry.known(),
        estate,
        entry.key,
        pool.membership.candidates,
        pool.matched,
        pool.membership.silence,
        entry.moves,
        now,
        pinned,
        detailed);
  }

  private static Schedule nothing(Condition satisfied) {
    return new Schedule(
        List.of(new Group(0, "", List.of())),
        List.of(),
        false,
        satisfied,
        Conditions.configured(),
        List.of(),
        null,
        null,
        "");
  }

  /// A fault moves nothing: what is chosen stays, but for what the namespace may no longer use.
  private Schedule keep(Entry entry) {
    var kept = kept(entry);
    estate.ledger().keep(entry.key, kept);
    var wrong = entry.wrong();
    var names = Arrays.stream(kept).mapToObj(estate.fleet().ordinals()::name).sorted().toList();
    return new Schedule(
        List.of(),
        names,
        true,
        satisfiedOfKept(entry, names.size()),
        wrong == null ? Conditions.configured() : Conditions.misconfigured(wrong),
        List.of(),
        entry.moves,
        null,
        "");
  }

  private int[] kept(Entry entry) {
    var usable = pools.usable(entry.bound);
    return Arrays.stream(estate.ledger().holding(entry.key)).filter(usable::contains).toArray();
  }

  private static Condition satisfiedOfKept(Entry entry, int kept) {
    if (entry.bound.isEmpty()) {
      return Conditions.noBindings();
    }
    if (entry.eligible.isEmpty()) {
      return Conditions.noIntersection(entry.placement.spec().clusterSets());
    }
    var before =
        entry.desired != null
            ? Optional.of(entry.desired.satisfied())
            : Condition.find(entry.placement.status().conditions(), Conditions.SATISFIED);
    return kept == 0 || before.isEmpty() ? Conditions.outcome(0, 0) : before.get();
  }

  private static Schedule finished(Entry entry, Schedule next) {
    var others = new ArrayList<>(next.others());
    var wanted = entry.placement.spec().clusterSets();
    for (var i = 0; i < wanted.size(); i++) {
      if (!entry.bound.contains(wanted.get(i))) {
        others.add(Conditions.setNotBound(i, entry.key.namespace(), wanted.get(i)));
        break;
      }
    }
    return next.observed(entry.placement.metadata().generation(), List.copyOf(others));
  }
}
