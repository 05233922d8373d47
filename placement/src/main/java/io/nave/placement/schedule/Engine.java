package io.nave.placement.schedule;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.schedule.Schedule.Group;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// Keeps the schedules of all Placements true while clusters, sets, bindings, scores and Placements
/// change. It is told what is there now, works out what that can touch, and schedules only that.
///
/// A Placement is scheduled anew when
/// - it is new or its spec changed, or the sets it may use changed what it can say;
/// - a chosen cluster no longer passes its filters;
/// - a cluster newly passes them and is wanted: there is room, or it beats the weakest chosen one;
/// - scores it ranks by changed, or labels it groups or spreads by;
/// - its time came: a toleration, an add-on score or a window of moves ran out.
///
/// Others' decisions alone touch nothing (spec §5.6). What is touched by one change is scheduled in
/// the order in which the Placements arrived, each seeing the decisions of those before: the same
/// events give the same schedules. Until [#begin] it only takes notes.
///
/// Not thread-safe; holding a lock around each call is enough.
public final class Engine {
  private record Due(Instant at, int serial) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      var order = at.compareTo(other.at);
      return order != 0 ? order : Integer.compare(serial, other.serial);
    }
  }

  private final Compiler compiler;
  private final Estate estate = Estate.empty();
  private final Pools pools = new Pools(estate);
  private final Touch touch = new Touch(estate);
  private final TreeMap<Key, Entry> entries = new TreeMap<>();
  private final TreeMap<Integer, Entry> bySerial = new TreeMap<>();
  private final Map<String, Map<Integer, Entry>> byLayoutKey = new TreeMap<>();
  private final TreeMap<Integer, Entry> keepers = new TreeMap<>(); // decisions stay, for a fault
  private final Map<String, TreeSet<String>> bindings = new TreeMap<>(); // namespace: set names
  private final TreeSet<Due> due = new TreeSet<>();
  private final TreeSet<Key> dirty = new TreeSet<>();
  private final Expressions expressions;
  private int nextSerial;
  private long change;
  private boolean begun;
  private long scheduled;

  public Engine(Expressions expressions) {
    this.expressions = expressions;
    this.compiler = new Compiler(expressions);
  }

  /// Schedules what was noted so far. A decision that still holds, made for the Placement as it is
  /// written, stays: a restart moves nothing.
  public void begin(Instant now) {
    begun = true;
    for (var entry : bySerial.values()) {
      assign(entry);
      decide(entry, now, adoptable(entry, now));
    }
  }

  public boolean begun() {
    return begun;
  }

  /// How many times a Placement was scheduled.
  public long scheduled() {
    return scheduled;
  }

  /// The Placements whose schedules changed since this was asked last, sorted.
  public List<Key> drain() {
    var changed = List.copyOf(dirty);
    dirty.clear();
    return changed;
  }

  /// What is to be written for a Placement; empty when it is not for this scheduler, or not there.
  public Optional<Schedule> desired(Key placement) {
    return Optional.ofNullable(entries.get(placement)).map(entry -> entry.desired);
  }

  /// A cluster is there, or changed.
  public void cluster(ClusterRow row, Instant now) {
    var ordinal = estate.fleet().ordinals().of(row.name());
    var before = estate.fleet().row(ordinal);
    estate.fleet().put(row);
    if (begun && (before == null || !before.decidesAs(row) || !pools.withExpressions().isEmpty())) {
      clusterChanged(ordinal, before, row, now);
    }
  }

  /// A cluster is gone.
  public void clusterGone(String name, Instant now) {
    var ordinal = estate.fleet().ordinals().find(name);
    var before = estate.fleet().row(ordinal);
    if (before == null) {
      return;
    }
    estate.fleet().remove(ordinal);
    if (begun) {
      clusterChanged(ordinal, before, null, now);
    }
    if (estate.ledger().count(ordinal) == 0 && estate.fleet().ordinals().used(ordinal)) {
      estate.fleet().release(ordinal);
    }
  }

  private void clusterChanged(
      int cluster, @Nullable ClusterRow before, @Nullable ClusterRow after, Instant now) {
    var collected = new Collected();
    var keys = before != null && after != null ? Keys.changed(before, after) : Set.<String>of();
    var tainted = before != null && after != null && !before.taints().equals(after.taints());
    var flipped = new ArrayList<Pool>();
    for (var membership : pools.memberships()) {
      if (pools.refresh(membership, cluster, after)) {
        flipped.addAll(membership.pools);
        var only = membership.candidates.contains(cluster) ? 1 : 0;
        if (membership.candidates.getCardinality() == only) {
          membership.pools.forEach(pool -> collected.whole(pool)); // empty now, or just before
        }
      }
      var silence = pools.silence(membership);
      if (silence != membership.silence) {
        membership.silence = silence;
        membership.pools.forEach(pool -> collected.whole(pool));
      }
    }
    flipped.addAll(pools.asking(keys));
    flipped.addAll(pools.withExpressions());
    for (var pool : flipped) {
      var was = pool.fault;
      if (pool.refresh(estate, cluster)) {
        collected.all(pool, was != null || pool.fault != null);
      }
    }
    if (tainted || resourcesDiffer(before, after)) {
      for (var pool : pools.all()) {
        if (pool.matched.contains(cluster)) {
          collected.some(pool, entry -> tainted || entry.known().relative());
        }
      }
    }
    for (var key : keys) {
      byLayoutKey.getOrDefault(key, Map.of()).values().forEach(collected::one);
    }
    collected.forEach(
        entry -> decide(entry, now, false),
        entry -> clusterTouches(entry, cluster, before, after, now));
    if (before == null
        || after == null
        || !keys.isEmpty()
        || !flipped.isEmpty()
        || before.deleting() != after.deleting()) {
      refreshKeepers(now);
    }
  }

  private static boolean resourcesDiffer(@Nullable ClusterRow before, @Nullable ClusterRow after) {
    return before != null
        && after != null
        && (Double.compare(before.cpu(), after.cpu()) != 0
            || Double.compare(before.memory(), after.memory()) != 0);
  }

  private void clusterTouches(
      Entry entry,
      int cluster,
      @Nullable ClusterRow before,
      @Nullable ClusterRow after,
      Instant now) {
    if (entry.wrong() != null || entry.pool == null || entry.desired == null) {
      return;
    }
    if (touch.byCluster(entry, cluster, before, after, now)) {
      decide(entry, now, false);
    } else {
      postpone(entry);
    }
  }

  /// Puts the entry's timer where [Touch] left it.
  private void postpone(Entry entry) {
    var desired = entry.desired;
    if (desired != null && !java.util.Objects.equals(entry.due, desired.recheckAt())) {
      replaceDue(entry, desired.recheckAt(), entry.due);
      entry.desired =
          new Schedule(
              desired.groups(),
              desired.selected(),
              desired.keeps(),
              desired.satisfied(),
              desired.misconfigured(),
              desired.others(),
              desired.moves(),
              entry.due,
              desired.warning());
      dirty.add(entry.key);
    }
  }

  /// A set is there, or changed.
  public void set(ManagedClusterSet set, Instant now) {
    var name = set.metadata().name();
    var before = pools.sets().put(name, set);
    if (before == null) {
      setsChanged(name, now);
    } else if (!before.spec().equals(set.spec())) {
      membersChanged(name, now);
    }
  }

  /// A set is gone.
  public void setGone(String name, Instant now) {
    if (pools.sets().remove(name) != null) {
      setsChanged(name, now);
    }
  }

  private void membersChanged(String set, Instant now) {
    if (!begun) {
      return;
    }
    var collected = new Collected();
    for (var membership : pools.memberships()) {
      if (membership.sets.contains(set)) {
        var empty = membership.candidates.isEmpty();
        var silence = membership.silence;
        pools.refill(membership);
        var force = empty != membership.candidates.isEmpty() || silence != membership.silence;
        for (var pool : membership.pools) {
          var was = pool.fault;
          pool.rebuild(estate);
          collected.all(pool, force || was != null || pool.fault != null);
        }
      }
    }
    collected.forEach(entry -> decide(entry, now, false), entry -> look(entry, now));
    refreshKeepers(now);
  }

  private void setsChanged(String set, Instant now) {
    bindings.forEach((namespace, names) -> {
      if (names.contains(set)) {
        namespaceChanged(namespace, now);
      }
    });
  }

  /// A namespace may use a set now.
  public void bound(String namespace, String set, Instant now) {
    if (bindings.computeIfAbsent(namespace, _ -> new TreeSet<>()).add(set)) {
      namespaceChanged(namespace, now);
    }
  }

  /// A namespace may no longer use a set.
  public void unbound(String namespace, String set, Instant now) {
    var names = bindings.get(namespace);
    if (names != null && names.remove(set)) {
      if (names.isEmpty()) {
        bindings.remove(namespace);
      }
      namespaceChanged(namespace, now);
    }
  }

  private void namespaceChanged(String namespace, Instant now) {
    if (!begun) {
      return;
    }
    var here =
        new ArrayList<>(
            entries.subMap(Key.of(namespace, ""), Key.of(namespace + "\0", "")).values());
    here.sort((a, b) -> Integer.compare(a.serial, b.serial));
    for (var entry : here) {
      var bound = entry.bound;
      assign(entry);
      if (!bound.equals(entry.bound)) {
        decide(entry, now, false);
      }
    }
  }

  /// Looks at all clusters of a Placement again.
  private void look(Entry entry, Instant now) {
    if (entry.wrong() != null || entry.pool == null || entry.desired == null) {
      decide(entry, now, false);
    } else if (touch.byAny(entry, now)) {
      decide(entry, now, false);
    } else {
      postpone(entry);
    }
  }

  /// A Placement is there, or changed.
  public void placement(Placement placement, Instant now) {
    var key = placement.key();
    var entry = entries.get(key);
    if (!Entry.active(placement)) {
      placementGone(key, now);
      return;
    }
    if (entry != null
        && entry.placement.metadata().uid().equals(placement.metadata().uid())
        && entry.placement.spec().equals(placement.spec())) {
      var same = entry.placement.metadata().generation() == placement.metadata().generation();
      entry.placement = placement;
      if (!same && begun) {
        decide(entry, now, false);
      }
      return;
    }
    if (entry == null) {
      entry = new Entry(key, nextSerial++, placement);
      entries.put(key, entry);
      bySerial.put(entry.serial, entry);
    } else {
      forgetLayout(entry);
      pools.leave(entry);
      entry.placement = placement;
    }
    compile(entry);
    if (begun) {
      assign(entry);
      decide(entry, now, false);
    }
  }

  /// A Placement is gone, or none of this scheduler's business.
  public void placementGone(Key key, Instant now) {
    var entry = entries.remove(key);
    if (entry != null) {
      bySerial.remove(entry.serial);
      keepers.remove(entry.serial);
      replaceDue(entry, entry.due, null);
      forgetLayout(entry);
      pools.leave(entry);
      dirty.remove(key);
    }
  }

  private void compile(Entry entry) {
    try {
      entry.program = compiler.compile(entry.placement);
      entry.fault = null;
      for (var key : Keys.ofLayout(entry.program)) {
        byLayoutKey.computeIfAbsent(key, _ -> new TreeMap<>()).put(entry.serial, entry);
      }
    } catch (Misconfigured e) {
      entry.program = null;
      entry.fault = String.valueOf(e.getMessage());
    }
  }

  private void forgetLayout(Entry entry) {
    if (entry.program != null) {
      for (var key : Keys.ofLayout(entry.program)) {
        byLayoutKey.getOrDefault(key, Map.of()).remove(entry.serial);
        byLayoutKey.computeIfPresent(key, (_, left) -> left.isEmpty() ? null : left);
      }
    }
  }

  /// Gives the entry its sets and its pool.
  private void assign(Entry entry) {
    var names = bindings.get(entry.key.namespace());
    var wanted = entry.placement.spec().clusterSets();
    entry.bound =
        names == null ? List.of() : names.stream().filter(pools.sets()::containsKey).toList();
    entry.eligible =
        wanted.isEmpty() ? entry.bound : entry.bound.stream().filter(wanted::contains).toList();
    if (entry.pool != null && !entry.pool.of.sets().equals(entry.eligible)) {
      pools.leave(entry);
    }
    if (entry.pool == null && entry.program != null && !entry.eligible.isEmpty()) {
      entry.pool = pools.join(entry);
    }
  }

  /// An AddOnPlacementScore is there, or changed; or is gone, when `object` is null.
  public void score(Key key, @Nullable AddOnPlacementScore object, Instant now) {
    var resource = key.name();
    var before = estate.scores().page(resource, key.namespace());
    var page = object == null ? null : ScoreBook.Page.of(object);
    estate.scores().put(resource, key.namespace(), page);
    var cluster = estate.fleet().ordinals().find(key.namespace());
    if (!begun || java.util.Objects.equals(before, page) || estate.fleet().row(cluster) == null) {
      return;
    }
    var collected = new Collected();
    for (var pool : pools.withExpressions()) {
      var was = pool.fault;
      if (pool.refresh(estate, cluster)) {
        collected.all(pool, was != null || pool.fault != null);
      }
    }
    for (var pool : pools.all()) {
      if (pool.matched.contains(cluster)) {
        collected.some(pool, entry -> entry.known().reads(resource));
      }
    }
    var row = estate.fleet().row(cluster);
    collected.forEach(
        entry -> decide(entry, now, false),
        entry -> {
          if (entry.wrong() == null
              && entry.known().reads(resource)
              && entry.survivors.contains(cluster)) {
            decide(entry, now, false);
          } else {
            clusterTouches(entry, cluster, row, row, now);
          }
        });
  }

  /// The decisions of a Placement that the API shows. For Placements scheduled here they count only
  /// until [#begin]; afterwards what differs from the schedule is to be written again.
  public void observed(Key placement, List<String> clusters) {
    var entry = entries.get(placement);
    if (entry != null && entry.desired != null) {
      if (!sorted(clusters).equals(entry.desired.selected())) {
        dirty.add(placement);
      }
      return;
    }
    var ordinals = estate.fleet().ordinals();
    estate.ledger().hold(placement, clusters.stream().mapToInt(ordinals::of).toArray());
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  /// Looks at the Placements whose time came.
  public void tick(Instant now) {
    var came = new TreeMap<Integer, Entry>();
    while (begun && !due.isEmpty() && !due.first().at().isAfter(now)) {
      var serial = due.removeFirst().serial();
      var entry = bySerial.get(serial);
      if (entry != null) {
        entry.due = null;
        came.put(serial, entry);
      }
    }
    for (var entry : came.values()) {
      if (entry.scoresDue != null && !entry.scoresDue.isAfter(now)) {
        decide(entry, now, false);
      } else {
        look(entry, now);
      }
    }
  }

  /// When [#tick] has something to do next; null: never.
  public @Nullable Instant nextDue() {
    return due.isEmpty() ? null : due.first().at();
  }

  private void refreshKeepers(Instant now) {
    for (var entry : List.copyOf(keepers.values())) {
      var wrong = entry.wrong();
      if (entry.desired != null
          && (kept(entry).length != entry.desired.selected().size()
              || (wrong != null && !wrong.equals(entry.desired.misconfigured().message())))) {
        decide(entry, now, false);
      }
    }
  }

  private boolean adoptable(Entry entry, Instant now) {
    var pool = entry.pool;
    var made = Condition.find(entry.placement.status().conditions(), Conditions.SATISFIED);
    var generation = entry.placement.metadata().generation();
    if (pool == null
        || entry.wrong() != null
        || !entry.known().spread().isEmpty()
        || made.filter(c -> Long.valueOf(generation).equals(c.observedGeneration())).isEmpty()) {
      return false;
    }
    touch.byAny(entry, now);
    var held = RoaringBitmap.bitmapOf(estate.ledger().holding(entry.key));
    var program = entry.known();
    var wanted = entry.survivors.getCardinality();
    return held.getCardinality() == (program.limited() ? Math.min(program.limit(), wanted) : wanted)
        && RoaringBitmap.andNot(held, entry.survivors).isEmpty();
  }

  private void decide(Entry entry, Instant now, boolean pinned) {
    scheduled++;
    var before = entry.desired;
    var pool = entry.pool;
    Schedule next;
    keepers.remove(entry.serial);
    entry.scoresDue = null;
    if (entry.wrong() != null || (pool == null && !entry.bound.isEmpty())) {
      keepers.put(entry.serial, entry);
      next = keep(entry);
    } else if (pool == null || pool.membership.candidates.isEmpty()) {
      entry.survivors = new RoaringBitmap();
      next =
          nothing(
              pool == null ? Conditions.noBindings() : Conditions.allEmpty(entry.eligible), entry);
    } else {
      next = run(entry, pool, now, pinned);
    }
    entry.desired = finished(entry, next);
    entry.moves = entry.desired.moves();
    replaceDue(entry, entry.due, entry.desired.recheckAt());
    if (!entry.desired.equals(before)) {
      dirty.add(entry.key);
    }
  }

  private Schedule run(Entry entry, Pool pool, Instant now, boolean pinned) {
    var result = Scheduler.run(input(entry, pool, now, pinned, false));
    entry.survivors = result.survivors();
    entry.scoresDue = result.scoresDue();
    estate.ledger().hold(entry.key, result.chosen());
    touch.afterDecision(entry, now);
    return result.schedule();
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

  private Schedule nothing(Condition satisfied, Entry entry) {
    estate.ledger().hold(entry.key, new int[0]);
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
    estate.ledger().hold(entry.key, kept);
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

  private Condition satisfiedOfKept(Entry entry, int kept) {
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

  private Schedule finished(Entry entry, Schedule next) {
    var generation = entry.placement.metadata().generation();
    var others = new ArrayList<>(next.others());
    unboundSets(entry).ifPresent(others::add);
    return new Schedule(
        next.groups(),
        next.selected(),
        next.keeps(),
        next.satisfied().observed(generation),
        next.misconfigured().observed(generation),
        List.copyOf(others),
        next.moves(),
        next.recheckAt(),
        next.warning());
  }

  private static Optional<Condition> unboundSets(Entry entry) {
    var wanted = entry.placement.spec().clusterSets();
    for (var i = 0; i < wanted.size(); i++) {
      if (!entry.bound.contains(wanted.get(i))) {
        return Optional.of(
            Condition.of(
                Conditions.SETS_BOUND,
                false,
                "SetNotBound",
                "spec.clusterSets[%d]: expected a set bound to namespace %s, found \"%s\"; bind it with a ManagedClusterSetBinding of that name"
                    .formatted(i, entry.key.namespace(), wanted.get(i))));
      }
    }
    return Optional.empty();
  }

  private void replaceDue(Entry entry, @Nullable Instant old, @Nullable Instant next) {
    if (old != null) {
      due.remove(new Due(old, entry.serial));
    }
    if (next != null) {
      due.add(new Due(next, entry.serial));
    }
    entry.due = next;
  }

  /// Everything that speaks for and against each cluster, for one Placement as it is now.
  public Optional<Explanation> explain(Key key, Instant now) {
    return Optional.ofNullable(entries.get(key))
        .map(entry -> {
          var pool = entry.pool;
          return pool == null || entry.wrong() != null || pool.membership.candidates.isEmpty()
              ? Explanation.without(entry, estate, pools.usable(entry.eligible))
              : Explanation.of(
                  entry, estate, Scheduler.run(input(entry, pool, now, false, true)), now);
        });
  }

  /// What upstream's debugger shows of a Placement, or of one that was not created.
  public Explanation.Debug debug(Placement placement, Instant now) {
    var entry = new Entry(placement.key(), Integer.MAX_VALUE, placement);
    compile(entry);
    forgetLayout(entry);
    assign(entry);
    try {
      var pool = entry.pool;
      if (entry.wrong() != null) {
        throw io.nave.api.ApiError.badRequest(entry.wrong());
      }
      return Explanation.Debug.of(
          placement,
          estate.fleet(),
          pool == null ? null : Scheduler.run(input(entry, pool, now, false, true)));
    } finally {
      pools.leave(entry);
    }
  }

  /// As it is now, to try something on.
  public Engine copy() {
    var copy = new Engine(expressions);
    for (var cluster : estate.fleet().present().toArray()) {
      copy.estate.fleet().put(estate.fleet().known(cluster));
    }
    copy.pools.sets().putAll(pools.sets());
    bindings.forEach((namespace, names) -> copy.bindings.put(namespace, new TreeSet<>(names)));
    estate
        .scores()
        .all()
        .forEach((resource, pages) ->
            pages.forEach((cluster, page) -> copy.estate.scores().put(resource, cluster, page)));
    estate.ledger().copyTo(copy.estate.ledger(), estate.fleet().ordinals());
    bySerial.values().forEach(entry -> copy.take(entry, estate.fleet().ordinals()));
    copy.nextSerial = nextSerial;
    copy.begun = begun;
    return copy;
  }

  private void take(Entry other, Ordinals numbers) {
    var entry = new Entry(other.key, other.serial, other.placement);
    entries.put(entry.key, entry);
    bySerial.put(entry.serial, entry);
    compile(entry);
    assign(entry);
    entry.desired = other.desired;
    entry.moves = other.moves;
    entry.scoresDue = other.scoresDue;
    replaceDue(entry, null, other.due);
    if (other.desired != null && other.desired.keeps()) {
      keepers.put(entry.serial, entry);
    }
    if (entry.pool != null && entry.wrong() == null) {
      for (var cluster : other.survivors.toArray()) {
        entry.survivors.add(estate.fleet().ordinals().of(numbers.name(cluster)));
      }
    }
  }

  /// Entries to look at because of one change, each once: some whatever, some only if touched.
  private final class Collected {
    private final TreeSet<Integer> forced = new TreeSet<>();
    private final List<Entry> asked = new ArrayList<>();

    Collected() {
      change++;
    }

    void whole(Pool pool) {
      pool.entries.keySet().forEach(forced::add);
    }

    void all(Pool pool, boolean force) {
      if (force) {
        whole(pool);
      } else {
        pool.entries.values().forEach(this::one);
      }
    }

    void some(Pool pool, java.util.function.Predicate<Entry> wanted) {
      for (var entry : pool.entries.values()) {
        if (wanted.test(entry)) {
          one(entry);
        }
      }
    }

    void one(Entry entry) {
      if (entry.mark != change) {
        entry.mark = change;
        asked.add(entry);
      }
    }

    void forEach(Consumer<Entry> decide, Consumer<Entry> look) {
      for (var serial : forced) {
        var entry = bySerial.get(serial);
        if (entry != null) {
          entry.mark = change;
          asked.add(entry);
        }
      }
      asked.sort((a, b) -> Integer.compare(a.serial, b.serial));
      @Nullable Entry last = null;
      for (var entry : asked) {
        if (entry != last) {
          var waits = keepers.containsKey(entry.serial) && entry.wrong() != null;
          if (!waits) { // else refreshKeepers looks at it, after the others
            (forced.contains(entry.serial) ? decide : look).accept(entry);
          }
        }
        last = entry;
      }
    }
  }

  /// A cluster as the API holds it; null when there is none, or it was not kept.
  @Nullable ApiObject document(String cluster) {
    var row = estate.fleet().row(estate.fleet().ordinals().find(cluster));
    return row == null ? null : row.document();
  }
}
