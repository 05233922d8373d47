package io.nave.workhub;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ReplicaSetRevision;
import io.nave.workhub.ReplicaSetReconciler.ReplicaSet;
import io.nave.workhub.ReplicaSetReconciler.Revision;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The work controllers of a hub, with the caches they read.
public final class WorkHub implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final String DEPENDENCY = "dependency";

  private final Parts parts = new Parts();

  private WorkHub() {}

  /// Starts delivering; until [#close].
  public static WorkHub start(Host host, ApiClient client, MeterRegistry metrics) {
    var hub = new WorkHub();
    var sets =
        new Cache<ReplicaSet>(
                host,
                client,
                Cache.Scope.all(ResourceType.of(ManifestWorkReplicaSet.class)),
                HubReplicaSetWorld::setOf)
            .index(HubReplicaSetWorld.BY_PLACEMENT, WorkHub::placements)
            .index(DEPENDENCY, WorkHub::dependencies);
    var works =
        new Cache<Child>(
                host, client, Cache.Scope.all(ResourceType.of(ManifestWork.class)), Child::of)
            .index(HubReplicaSetWorld.BY_SET, work -> keys(work.set()));
    var decisions =
        Cache.of(host, client, PlacementDecision.class)
            .index(HubReplicaSetWorld.BY_PLACEMENT, HubReplicaSetWorld::placementOf);
    var clusters = Cache.of(host, client, ManagedCluster.class);
    var revisions =
        new Cache<Revision>(
                host,
                client,
                Cache.Scope.all(ResourceType.of(ReplicaSetRevision.class)),
                HubReplicaSetWorld::revisionOf)
            .index(HubReplicaSetWorld.BY_SET, revision -> keys(revision.set()));
    var world = new HubReplicaSetWorld(host, client, sets, works, decisions, clusters, revisions);
    var rollouts =
        new Controller(
            host,
            "replicaset",
            new ReplicaSetReconciler(world),
            Controller.Options.workers(WORKERS),
            metrics);
    rollouts.follow(sets, WorkHub::ifWritten);
    rollouts.follow(works, change -> owners(sets, change));
    rollouts.follow(decisions, change -> placedBy(sets, change));
    rollouts.follow(clusters, change -> affected(sets, change));
    var finished =
        new Controller(
            host,
            "finished-work",
            new FinishedWorks(host, client, works),
            Controller.Options.workers(1),
            metrics);
    finished.follow(
        works,
        change -> FinishedWorks.concerns(change.after()) ? List.of(change.key()) : List.<Key>of());
    for (var cache : List.of(works, decisions, clusters, revisions, sets)) {
      hub.parts.open(cache.start());
    }
    hub.parts.open(rollouts.startAfter(works, decisions, clusters, revisions, sets));
    hub.parts.open(finished.startAfter(works));
    return hub;
  }

  private static Collection<String> placements(ReplicaSet set) {
    var namespace = set.typed().metadata().namespace();
    return set.typed().spec().placementRefs().stream()
        .map(ref -> Key.of(namespace, ref.name()).toString())
        .toList();
  }

  private static Collection<String> dependencies(ReplicaSet set) {
    var namespace = set.typed().metadata().namespace();
    return set.typed().spec().dependsOn().stream()
        .map(other -> Key.of(namespace, other.name()).toString())
        .toList();
  }

  private static List<String> keys(@Nullable Key key) {
    return key == null ? List.of() : List.of(key.toString());
  }

  /// Status is ours: what only changes that needs no look.
  private static List<Key> ifWritten(Cache.Change<ReplicaSet> change) {
    var before = change.before();
    var after = change.after();
    var same =
        before != null
            && after != null
            && before.typed().metadata().uid().equals(after.typed().metadata().uid())
            && before.typed().metadata().generation() == after.typed().metadata().generation()
            && before.typed().metadata().deleting() == after.typed().metadata().deleting()
            && before.typed().metadata().finalizers().equals(after.typed().metadata().finalizers())
            && before.typed().metadata().labels().equals(after.typed().metadata().labels());
    return same ? List.of() : List.of(change.key());
  }

  /// A work concerns its set and the sets that wait for that one.
  private static Collection<Key> owners(Cache<ReplicaSet> sets, Cache.Change<Child> change) {
    var keys = new TreeSet<Key>();
    addOwners(sets, change.before(), keys);
    addOwners(sets, change.after(), keys);
    return keys;
  }

  private static void addOwners(Cache<ReplicaSet> sets, @Nullable Child work, Set<Key> keys) {
    var set = work == null ? null : work.set();
    if (set != null) {
      keys.add(set);
      keys.addAll(sets.keysByIndex(DEPENDENCY, set.toString()));
    }
  }

  private static Collection<Key> placedBy(
      Cache<ReplicaSet> sets, Cache.Change<PlacementDecision> change) {
    var keys = new TreeSet<Key>();
    addPlaced(sets, change.before(), keys);
    addPlaced(sets, change.after(), keys);
    return keys;
  }

  private static void addPlaced(
      Cache<ReplicaSet> sets, @Nullable PlacementDecision decision, Set<Key> keys) {
    if (decision != null) {
      for (var placement : HubReplicaSetWorld.placementOf(decision)) {
        keys.addAll(sets.keysByIndex(HubReplicaSetWorld.BY_PLACEMENT, placement));
      }
    }
  }

  /// A cluster that is accepted, or that comes to carry other values, concerns the sets it has
  /// works of, and those that may want it.
  private static Collection<Key> affected(
      Cache<ReplicaSet> sets, Cache.Change<ManagedCluster> change) {
    var before = change.before();
    var after = change.after();
    if (after == null) {
      return List.of();
    }
    if (before == null || before.accepted() != after.accepted()) {
      return sets.list().stream().map(set -> set.typed().key()).toList();
    }
    if (before.metadata().labels().equals(after.metadata().labels())
        && before.status().clusterClaims().equals(after.status().clusterClaims())) {
      return List.of();
    }
    var keys = new TreeSet<Key>();
    for (var set : sets.list()) {
      if (set.typed().spec().clusterValues() != null) {
        keys.add(set.typed().key());
      }
    }
    return keys;
  }

  /// The name of a replica set's first work in every cluster of a Placement of its namespace.
  public static String workName(Key replicaSet, String placement) {
    return Turn.nameOf(replicaSet, placement, 1);
  }

  @Override
  public void close() {
    parts.close();
  }
}
