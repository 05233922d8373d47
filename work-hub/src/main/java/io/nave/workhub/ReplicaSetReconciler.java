package io.nave.workhub;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.WorkAdmission;
import io.nave.work.WorkDigest;
import io.nave.work.WorkParts;
import io.nave.work.rollout.RolloutPlan.Group;
import io.nave.workhub.SetPlan.Unfit;
import io.nave.workhub.SetPlan.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Keeps the works of a ManifestWorkReplicaSet what its template says, in the steps its rollout
/// strategies ask for.
///
/// - Reads: the set (primary), its works, the PlacementDecisions it names, clusters, its revisions.
/// - Writes: works, revisions, finalizer and `status`, all of one pass in one commit.
/// - Safe to repeat: what already stands is not written.
final class ReplicaSetReconciler implements Reconciler {
  /// Label values are no longer than this, and the set's key is one.
  private static final int KEY_MAX = 63;

  /// Between two writes of nothing but counts: a thousand clusters report within a second, and each
  /// report would be a write.
  private static final Duration COUNTS_EVERY = Duration.ofMillis(250);

  /// The little this reconciler needs; `HubReplicaSetWorld` serves it from caches and the client.
  interface World {
    Optional<ReplicaSet> set(Key key);

    /// The works that carry the set's label, in key order.
    List<Child> children(Key set);

    /// The decision groups of a Placement by index; empty when it has no decision objects.
    Optional<List<Group>> decisions(Key placement);

    Optional<ManagedCluster> cluster(String name);

    /// What is recorded of the set, the oldest first.
    List<Revision> revisions(Key set);

    void write(ReplicaSet set, Change change);

    Instant now();
  }

  /// A set as a record and as it stands, template and all.
  record ReplicaSet(ManifestWorkReplicaSet typed, JsonNode spec) {
    JsonNode template() {
      return spec.path("manifestWorkTemplate");
    }
  }

  /// What is remembered of a recorded template.
  record Revision(Key key, String uid, Key set, long number, String digest) {}

  enum Finalizer {
    KEEP,
    ADD,
    REMOVE
  }

  /// What has to be written.
  ///
  /// @param record the number under which the present template is recorded; null: it is
  record Change(
      Finalizer finalizer,
      List<Wanted> works,
      List<Child> delete,
      ManifestWorkReplicaSet.Status status,
      @Nullable Long record,
      String digest,
      List<Revision> drop) {
    static Change onlyStatus(ManifestWorkReplicaSet.Status status) {
      return new Change(Finalizer.KEEP, List.of(), List.of(), status, null, "", List.of());
    }

    boolean onlyStatus() {
      return works.isEmpty() && delete.isEmpty() && record == null && drop.isEmpty();
    }
  }

  private final World world;
  private final Map<Key, Instant> counted = new ConcurrentHashMap<>(); // looked up by key only
  private final FilledTurns filled = new FilledTurns();

  ReplicaSetReconciler(World world) {
    this.world = world;
  }

  @Override
  public Outcome reconcile(Key key) {
    var set = world.set(key).orElse(null);
    if (set == null) {
      counted.remove(key);
      filled.forget(key);
      return new Outcome.Settled();
    }
    if (set.typed().metadata().deleting()) {
      return finish(set);
    }
    if (!set.typed().metadata().finalizers().contains(ManifestWorkReplicaSet.FINALIZER)) {
      world.write(set, finalizer(set, Finalizer.ADD, List.of()));
      return new Outcome.Settled(); // the edit wakes this key
    }
    if (Turn.labelOf(key).length() > KEY_MAX) {
      var text =
          "namespace and name together must have at most %d characters, had %d; choose a shorter name"
              .formatted(KEY_MAX - 1, Turn.labelOf(key).length() - 1);
      return stall(set, "InvalidManifestWorkName", text);
    }
    var faults = faults(set);
    return faults.isEmpty()
        ? rollOut(set)
        : stall(set, "NotAsExpected", "manifestWorkTemplate: " + String.join("; ", faults));
  }

  private Outcome rollOut(ReplicaSet set) {
    var key = set.typed().key();
    var now = world.now();
    var plan = SetPlan.of(input(set, now));
    var revisions = world.revisions(key);
    var digest = WorkDigest.of(versioned(set));
    var newest = revisions.isEmpty() ? null : revisions.getLast();
    var isNew = newest == null || !newest.digest().equals(digest);
    long number = newest == null ? 1 : isNew ? newest.number() + 1 : newest.number();
    var status = SetStatus.of(set.typed(), plan, number, now);
    var change =
        new Change(
            Finalizer.KEEP,
            plan.write(),
            plan.delete(),
            status,
            isNew ? number : null,
            digest,
            isNew ? surplus(set.typed(), revisions, digest) : List.of());
    if (change.onlyStatus()) {
      var soon = tooSoon(set.typed(), status, now);
      if (soon.isPositive()) {
        return new Outcome.CheckAfter(soon);
      }
    }
    if (!change.onlyStatus() || !status.equals(set.typed().status())) {
      counted.put(key, now);
      world.write(set, change);
    }
    return plan.recheckAt()
        .<Outcome>map(at -> new Outcome.CheckAfter(later(Duration.between(now, at))))
        .orElse(new Outcome.Settled());
  }

  private static Duration later(Duration wait) {
    return wait.compareTo(Duration.ofMillis(100)) < 0 ? Duration.ofMillis(100) : wait;
  }

  /// How long a status has to wait that brings nothing but other counts.
  private Duration tooSoon(
      ManifestWorkReplicaSet set, ManifestWorkReplicaSet.Status next, Instant now) {
    var last = counted.get(set.key());
    var before = set.status();
    if (last == null
        || next.equals(before)
        || !next.conditions().stream()
            .map(c -> c.type() + c.status())
            .toList()
            .equals(before.conditions().stream().map(c -> c.type() + c.status()).toList())) {
      return Duration.ZERO;
    }
    return Duration.between(now, last.plus(COUNTS_EVERY));
  }

  private SetPlan.Input input(ReplicaSet set, Instant now) {
    var typed = set.typed();
    var namespace = typed.metadata().namespace();
    var decisions = new TreeMap<String, Optional<List<Group>>>();
    for (var ref : typed.spec().placementRefs()) {
      decisions.put(ref.name(), world.decisions(Key.of(namespace, ref.name())));
    }
    var dependencies = new TreeMap<String, List<Child>>();
    for (var dependency : typed.spec().dependsOn()) {
      dependencies.put(dependency.name(), world.children(Key.of(namespace, dependency.name())));
    }
    return new SetPlan.Input(
        typed, world.children(typed.key()), decisions, turns(set), dependencies, now);
  }

  /// One turn for all clusters, or one for each where values differ.
  private SetPlan.Turns turns(ReplicaSet set) {
    var values = set.typed().spec().clusterValues();
    var shared =
        values == null
            ? Turn.of(WorkParts.of(set.template(), WorkAdmission.MANIFEST_BYTES_MAX))
            : null;
    var version = set.typed().metadata().uid() + " " + set.typed().metadata().generation();
    var template = new AtomicReference<@Nullable ClusterTemplate>();
    return name -> {
      var cluster = world.cluster(name).orElse(null);
      if (cluster == null || !cluster.accepted()) {
        throw new Unfit(
            "ClusterNotAccepted",
            "cluster %s is not accepted; accept it: nave accept %s".formatted(name, name));
      }
      if (shared != null || values == null) {
        return Objects.requireNonNull(shared);
      }
      return filled.of(
          set.typed().key(),
          version,
          cluster,
          each -> {
            var compiled = template.get();
            if (compiled == null) {
              compiled = ClusterTemplate.of(set.template(), values);
              template.set(compiled);
            }
            return WorkParts.of(compiled.fill(each), WorkAdmission.MANIFEST_BYTES_MAX);
          });
    };
  }

  private static List<String> faults(ReplicaSet set) {
    var manifests = set.template().path("workload").path("manifests").valueStream().toList();
    var faults = WorkAdmission.faults(manifests, Long.MAX_VALUE);
    if (!faults.isEmpty()) {
      return faults;
    }
    for (var manifest : manifests) {
      if (WorkParts.size(List.of(manifest)) > WorkAdmission.MANIFEST_BYTES_MAX) {
        return List.of(
            "one manifest alone is larger than the %d bytes a work may hold; make it smaller"
                .formatted(WorkAdmission.MANIFEST_BYTES_MAX));
      }
    }
    var parts = WorkParts.of(set.template(), WorkAdmission.MANIFEST_BYTES_MAX).size();
    return parts <= WorkParts.PARTS_MAX
        ? List.of()
        : List.of(
            "it needs %d works, at most %d are allowed".formatted(parts, WorkParts.PARTS_MAX));
  }

  /// What a revision records: the template, and the values that go into it.
  static JsonNode versioned(ReplicaSet set) {
    var both = Json.object();
    both.set("template", set.template());
    var values = set.spec().path("clusterValues");
    if (!values.isMissingNode()) {
      both.set("clusterValues", values);
    }
    return both;
  }

  /// Revisions that a new one makes superfluous: an older one that says the same, and those beyond
  /// the limit. The one to go back to stays.
  private static List<Revision> surplus(
      ManifestWorkReplicaSet set, List<Revision> revisions, String digest) {
    var limit = set.spec().revisionHistoryLimit();
    var kept = limit == null ? 10 : limit;
    var rollout = set.status().rollout();
    long complete = rollout == null ? 0 : rollout.completeRevision();
    var drop = new ArrayList<Revision>();
    int left = revisions.size() + 1;
    for (var revision : revisions) {
      if (revision.digest().equals(digest) || (left > kept && revision.number() != complete)) {
        drop.add(revision);
        left--;
      }
    }
    return List.copyOf(drop);
  }

  private Outcome stall(ReplicaSet set, String reason, String message) {
    var status = SetStatus.refused(set.typed(), reason, message, world.now());
    if (!status.equals(set.typed().status())) {
      world.write(set, Change.onlyStatus(status));
    }
    return new Outcome.Stalled(reason);
  }

  /// The set goes: its works first, which the agents then remove from their clusters.
  private Outcome finish(ReplicaSet set) {
    var typed = set.typed();
    if (!typed.metadata().finalizers().contains(ManifestWorkReplicaSet.FINALIZER)) {
      return new Outcome.Settled();
    }
    var children = world.children(typed.key());
    var staying = children.stream().filter(child -> !child.deleting()).toList();
    var foreground = "Foreground".equals(typed.spec().cascadeDeletionPolicy());
    if (!staying.isEmpty()) {
      world.write(set, finalizer(set, foreground ? Finalizer.KEEP : Finalizer.REMOVE, staying));
    } else if (children.isEmpty() || !foreground) {
      world.write(set, finalizer(set, Finalizer.REMOVE, List.of()));
    }
    return new Outcome.Settled();
  }

  private static Change finalizer(ReplicaSet set, Finalizer finalizer, List<Child> delete) {
    return new Change(finalizer, List.of(), delete, set.typed().status(), null, "", List.of());
  }
}
