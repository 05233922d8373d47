package io.nave.placement.schedule;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private final Expressions expressions;
  private final Estate estate;
  private final Pools pools;
  private final Bindings bindings;
  private final Roster roster;
  private final Timetable timetable = new Timetable();
  private final Decider decider;
  private long change;
  private boolean begun;

  public Engine(Expressions expressions) {
    this(expressions, Estate.empty());
  }

  private Engine(Expressions expressions, Estate estate) {
    this.expressions = expressions;
    this.estate = estate;
    this.pools = new Pools(estate);
    this.bindings = new Bindings(pools);
    this.roster = new Roster(new Compiler(expressions));
    this.decider = new Decider(estate, pools, timetable);
  }

  /// Schedules what was noted so far. A decision that still holds, made for the Placement as it is
  /// written, stays: a restart moves nothing.
  public void begin(Instant now) {
    begun = true;
    for (var entry : roster.inOrder()) {
      bindings.assign(entry);
      decider.noteDemand(entry);
    }
    for (var entry : roster.inOrder()) {
      decider.adoptOrDecide(entry, now);
    }
  }

  public boolean begun() {
    return begun;
  }

  /// How many times a Placement was scheduled.
  public long scheduled() {
    return decider.scheduled();
  }

  /// The Placements whose schedules changed since this was asked last, sorted.
  public List<Key> drain() {
    return decider.drain();
  }

  /// What is to be written for a Placement; empty when it is not for this scheduler, or not there.
  public Optional<Schedule> desired(Key placement) {
    return Optional.ofNullable(roster.find(placement)).map(entry -> entry.desired);
  }

  /// The scores of a Placement's last decision, in the form upstream tells them; once. Empty when
  /// nothing was scored.
  public String takeScores(Key placement) {
    var entry = roster.find(placement);
    if (entry == null) {
      return "";
    }
    var scores = entry.scores;
    entry.scores = "";
    return scores;
  }

  /// A cluster is there, or changed.
  public void cluster(ClusterRow row, Instant now) {
    var ordinal = estate.fleet().ordinals().of(row.name());
    var before = estate.fleet().row(ordinal);
    estate.fleet().put(row);
    if (begun && (before == null || !before.decidesAs(row) || !pools.withExpressions().isEmpty())) {
      clusterChanged(new Touch.Change(ordinal, before, row), now);
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
      clusterChanged(new Touch.Change(ordinal, before, null), now);
    }
    if (estate.ledger().count(ordinal) == 0 && estate.fleet().ordinals().used(ordinal)) {
      estate.fleet().release(ordinal);
    }
  }

  private void clusterChanged(Touch.Change what, Instant now) {
    var affected = affected();
    var keys = what.keys();
    var moved = membersChanged(what, affected);
    moved.addAll(pools.asking(keys));
    moved.addAll(pools.withExpressions());
    for (var pool : moved) {
      refresh(pool, what.cluster(), affected);
    }
    if (what.taints() || what.resources()) {
      for (var pool : pools.all()) {
        if (pool.matched.contains(what.cluster())) {
          affected.some(pool, entry -> what.taints() || entry.known().weighs());
        }
      }
    }
    keys.forEach(key -> roster.lookingAt(key).forEach(affected::one));
    affected.settle(
        now, entry -> decider.look(entry, what, affected.matched(entry, what.cluster()), now));
    if (what.life() || !keys.isEmpty() || !moved.isEmpty()) {
      decider.refreshKeepers(now);
    }
  }

  /// Looks at who may choose the cluster at all.
  ///
  /// @return the pools for which that changed
  private List<Pool> membersChanged(Touch.Change what, Affected affected) {
    var moved = new ArrayList<Pool>();
    for (var membership : pools.memberships()) {
      if (pools.refresh(membership, what.cluster(), what.after())) {
        moved.addAll(membership.pools);
        var only = membership.candidates.contains(what.cluster()) ? 1 : 0;
        if (membership.candidates.getCardinality() == only) {
          membership.pools.forEach(affected::whole); // empty now, or just before
        }
      }
      var silence = pools.silence(membership);
      if (silence != membership.silence) {
        membership.silence = silence;
        membership.pools.forEach(affected::whole);
      }
    }
    return moved;
  }

  private void refresh(Pool pool, int cluster, Affected affected) {
    var was = pool.fault;
    var matched = pool.matched.contains(cluster);
    if (pool.refresh(estate, cluster)) {
      if (matched != pool.matched.contains(cluster)) {
        affected.flipped(pool);
      }
      affected.all(pool, was != null || pool.fault != null);
    }
  }

  private Affected affected() {
    return new Affected(roster, decider, ++change);
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
    var affected = affected();
    var matched = new HashMap<Pool, RoaringBitmap>();
    for (var membership : pools.memberships()) {
      if (membership.sets.contains(set)) {
        var empty = membership.candidates.isEmpty();
        var silence = membership.silence;
        pools.refill(membership);
        var force = empty != membership.candidates.isEmpty() || silence != membership.silence;
        for (var pool : membership.pools) {
          var was = pool.fault;
          matched.put(pool, pool.matched);
          pool.rebuild(estate);
          affected.all(pool, force || was != null || pool.fault != null);
        }
      }
    }
    affected.settle(now, entry -> decider.look(entry, before(entry, matched), now));
    decider.refreshKeepers(now);
  }

  /// What was in an entry's pool before it was rebuilt.
  private static RoaringBitmap before(Entry entry, Map<Pool, RoaringBitmap> matched) {
    var pool = entry.pool;
    return pool == null ? new RoaringBitmap() : matched.getOrDefault(pool, pool.matched);
  }

  private void setsChanged(String set, Instant now) {
    bindings.namespaces(set).forEach(namespace -> namespaceChanged(namespace, now));
  }

  /// A namespace may use a set now.
  public void bound(String namespace, String set, Instant now) {
    if (bindings.bind(namespace, set)) {
      namespaceChanged(namespace, now);
    }
  }

  /// A namespace may no longer use a set.
  public void unbound(String namespace, String set, Instant now) {
    if (bindings.unbind(namespace, set)) {
      namespaceChanged(namespace, now);
    }
  }

  private void namespaceChanged(String namespace, Instant now) {
    if (!begun) {
      return;
    }
    for (var entry : roster.inNamespace(namespace)) {
      var bound = entry.bound;
      bindings.assign(entry);
      if (!bound.equals(entry.bound)) {
        decider.decide(entry, now);
      }
    }
  }

  /// A Placement is there, or changed.
  public void placement(Placement placement, Instant now) {
    if (!Entry.active(placement)) {
      placementGone(placement.key(), now);
      return;
    }
    var entry = roster.find(placement.key());
    if (entry != null && entry.says(placement)) {
      var same = entry.placement.metadata().generation() == placement.metadata().generation();
      entry.placement = placement;
      if (!same && begun) {
        decider.decide(entry, now);
      }
      return;
    }
    if (entry == null) {
      entry = roster.add(placement);
    } else {
      pools.leave(entry);
      roster.rewrite(entry, placement);
    }
    if (begun) {
      bindings.assign(entry);
      decider.decide(entry, now);
    }
  }

  /// A Placement is gone, or none of this scheduler's business.
  public void placementGone(Key key, Instant now) {
    var entry = roster.remove(key);
    if (entry != null) {
      decider.forget(entry);
      pools.leave(entry);
    }
  }

  /// An AddOnPlacementScore is there, or changed; or is gone, when `object` is null.
  public void score(Key key, @Nullable AddOnPlacementScore object, Instant now) {
    var resource = key.name();
    var before = estate.scores().page(resource, key.namespace());
    var page = object == null ? null : ScoreBook.Page.of(object);
    estate.scores().put(resource, key.namespace(), page);
    var cluster = estate.fleet().ordinals().find(key.namespace());
    var row = estate.fleet().row(cluster);
    if (!begun || Objects.equals(before, page) || row == null) {
      return;
    }
    var affected = affected();
    for (var pool : pools.withExpressions()) {
      refresh(pool, cluster, affected);
    }
    for (var pool : pools.all()) {
      if (pool.matched.contains(cluster)) {
        affected.some(pool, entry -> entry.known().reads(resource));
      }
    }
    var nothing = new Touch.Change(cluster, row, row);
    affected.settle(
        now,
        entry -> {
          var matched = affected.matched(entry, cluster);
          if (entry.wrong() == null
              && entry.known().reads(resource)
              && matched
              && entry.survives(cluster)) {
            decider.decide(entry, now);
          } else {
            decider.look(entry, nothing, matched, now);
          }
        });
  }

  /// The decisions of a Placement that the API shows. For Placements scheduled here they count only
  /// until [#begin]; afterwards what differs from the schedule is to be written again.
  public void observed(Key placement, List<Decision> decisions) {
    var entry = roster.find(placement);
    if (entry != null && entry.desired != null) {
      if (!entry.desired.shownBy(decisions)) {
        decider.differs(entry);
      }
      return;
    }
    var ordinals = estate.fleet().ordinals();
    var divided = decisions.stream().anyMatch(each -> each.replicas() != null);
    estate
        .ledger()
        .hold(
            placement,
            decisions.stream().mapToInt(each -> ordinals.of(each.clusterName())).toArray(),
            divided
                ? decisions.stream()
                    .mapToInt(each -> each.replicas() == null ? 0 : each.replicas())
                    .toArray()
                : new int[0]);
  }

  /// Looks at the Placements whose time came.
  public void tick(Instant now) {
    if (!begun) {
      return;
    }
    for (var serial : timetable.take(now)) {
      var entry = roster.at(serial);
      if (entry != null) {
        entry.due = null;
        if (entry.scoresDue != null && !entry.scoresDue.isAfter(now)) {
          decider.decide(entry, now);
        } else {
          decider.look(entry, before(entry, Map.of()), now);
        }
      }
    }
  }

  /// When [#tick] has something to do next; null: never.
  public @Nullable Instant nextDue() {
    return timetable.next();
  }

  /// Everything that speaks for and against each cluster, for one Placement as it is now.
  public Optional<Explanation> explain(Key key, Instant now) {
    return Optional.ofNullable(roster.find(key))
        .map(entry -> {
          var pool = entry.pool;
          return pool == null || entry.wrong() != null || pool.membership.candidates.isEmpty()
              ? Explanation.without(entry, estate, pools.usable(entry.eligible))
              : Explanation.of(entry, estate, decider.detailed(entry, pool, now), now);
        });
  }

  /// What upstream's debugger shows of a Placement, or of one that was not created.
  public Explanation.Debug debug(Placement placement, Instant now) {
    var entry = roster.stranger(placement);
    bindings.assign(entry);
    try {
      var pool = entry.pool;
      if (entry.wrong() != null) {
        throw ApiError.badRequest(entry.wrong());
      }
      return Explanation.Debug.of(
          placement, estate.fleet(), pool == null ? null : decider.detailed(entry, pool, now));
    } finally {
      pools.leave(entry);
    }
  }

  /// As it is now, to try something on. What cannot change is shared, so that tens of thousands of
  /// Placements are copied in milliseconds.
  public Engine copy() {
    var copy = new Engine(expressions, estate.copy());
    copy.pools.copyFrom(pools);
    copy.bindings.copyFrom(bindings);
    for (var other : roster.inOrder()) {
      var entry = copy.roster.adopt(other);
      entry.bound = other.bound;
      entry.eligible = other.eligible;
      copy.pools.rejoin(entry, other);
      copy.decider.adopt(entry, other);
    }
    copy.begun = begun;
    return copy;
  }

  /// A cluster as the API holds it; null when there is none, or it was not kept.
  @Nullable ApiObject document(String cluster) {
    var row = estate.fleet().row(estate.fleet().ordinals().find(cluster));
    return row == null ? null : row.document();
  }
}
