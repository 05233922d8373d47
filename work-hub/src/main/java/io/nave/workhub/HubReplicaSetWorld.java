package io.nave.workhub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.controllers.Statuses;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ReplicaSetRevision;
import io.nave.work.WorkParts;
import io.nave.work.rollout.RolloutPlan.Group;
import io.nave.workhub.ReplicaSetReconciler.Change;
import io.nave.workhub.ReplicaSetReconciler.Finalizer;
import io.nave.workhub.ReplicaSetReconciler.ReplicaSet;
import io.nave.workhub.ReplicaSetReconciler.Revision;
import io.nave.workhub.SetPlan.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Serves [ReplicaSetReconciler] from caches and one client.
record HubReplicaSetWorld(
    Host host,
    ApiClient client,
    Cache<ReplicaSet> sets,
    Cache<Child> works,
    Cache<PlacementDecision> placed,
    Cache<ManagedCluster> clusters,
    Cache<Revision> recorded)
    implements ReplicaSetReconciler.World {
  /// Index of works and revisions by the key of their set.
  static final String BY_SET = "set";

  /// Index of decisions by the key of their Placement.
  static final String BY_PLACEMENT = "placement";

  private static final ResourceType SET = ResourceType.of(ManifestWorkReplicaSet.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType REVISION = ResourceType.of(ReplicaSetRevision.class);
  private static final String GROUP_INDEX =
      "cluster.open-cluster-management.io/decision-group-index";
  private static final String GROUP_NAME = "cluster.open-cluster-management.io/decision-group-name";

  /// Most writes, and about how many bytes of works, in one commit. One step of a rollout is one
  /// commit up to here.
  private static final int WRITES_MAX = 1_000;

  private static final long BYTES_MAX = 16L * 1024 * 1024;

  static ReplicaSet setOf(ApiObject object) {
    return new ReplicaSet(Codec.decode(object, ManifestWorkReplicaSet.class), object.spec());
  }

  static Revision revisionOf(ApiObject object) {
    var set = Child.setOf(object.labels().get(ManifestWorkReplicaSet.LABEL));
    return new Revision(
        object.key(),
        object.uid(),
        set == null ? object.key() : set,
        object.at("/spec/revision").asLong(0),
        object.at("/spec/digest").asString(""));
  }

  /// The value of [#BY_PLACEMENT] for a decision; none when it carries no label.
  static List<String> placementOf(PlacementDecision decision) {
    var name = decision.metadata().labels().get(Placement.LABEL);
    return name == null
        ? List.of()
        : List.of(Key.of(decision.metadata().namespace(), name).toString());
  }

  @Override
  public Optional<ReplicaSet> set(Key key) {
    return sets.get(key);
  }

  @Override
  public List<Child> children(Key set) {
    return works.byIndex(BY_SET, set.toString());
  }

  @Override
  public Optional<List<Group>> decisions(Key placement) {
    var present = placed.byIndex(BY_PLACEMENT, placement.toString());
    if (present.isEmpty()) {
      return Optional.empty();
    }
    var names = new TreeMap<Integer, String>();
    var members = new TreeMap<Integer, TreeSet<String>>();
    for (var decision : present) {
      var labels = decision.metadata().labels();
      var index = index(labels.get(GROUP_INDEX));
      names.putIfAbsent(index, labels.getOrDefault(GROUP_NAME, ""));
      var group = members.computeIfAbsent(index, _ -> new TreeSet<>());
      decision.status().decisions().forEach(chosen -> group.add(chosen.clusterName()));
    }
    var groups = new ArrayList<Group>();
    members.forEach((index, group) -> {
      if (!group.isEmpty()) {
        groups.add(new Group(names.getOrDefault(index, ""), index, List.copyOf(group)));
      }
    });
    return Optional.of(List.copyOf(groups));
  }

  private static int index(@Nullable String label) {
    try {
      return label == null ? 0 : Integer.parseInt(label);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public Optional<ManagedCluster> cluster(String name) {
    return clusters.get(Key.of(name));
  }

  @Override
  public List<Revision> revisions(Key set) {
    return recorded.byIndex(BY_SET, set.toString()).stream()
        .sorted(Comparator.comparingLong(Revision::number))
        .toList();
  }

  @Override
  public Instant now() {
    return host.now();
  }

  @Override
  public void write(ReplicaSet set, Change change) {
    var key = set.typed().key();
    var current = sets.object(key).orElse(null);
    if (current == null || !current.uid().equals(set.typed().metadata().uid())) {
      throw ApiError.conflict(SET, key.name(), "it was replaced");
    }
    var writes = new Batch(client);
    change.delete().forEach(work -> writes.add(new Write.Delete(WORK, work.key(), work.uid()), 0));
    for (var wanted : change.works()) {
      writes.add(write(wanted), size(wanted));
    }
    for (var old : change.drop()) {
      writes.add(new Write.Delete(REVISION, old.key(), old.uid()), 0);
    }
    var number = change.record();
    if (number != null) {
      writes.add(new Write.Create(REVISION, revision(set, number, change.digest())), 0);
    }
    Statuses.plan(current, (ObjectNode) Json.tree(change.status()))
        .ifPresent(patch -> writes.add(new Write.Change(SET, key, "status", patch), 0));
    if (change.finalizer() != Finalizer.KEEP) {
      writes.add(new Write.Change(SET, key, "", finalizers(current, change.finalizer())), 0);
    }
    commit(key, writes);
  }

  /// What exists already is most often our own, which a cache does not show yet.
  private static void commit(Key set, Batch writes) {
    try {
      writes.send();
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw ApiError.conflict(SET, set.name(), "one of its objects was just created");
      }
      throw e;
    }
  }

  private static Write write(Wanted wanted) {
    var uid = wanted.uid();
    if (uid == null) {
      var work =
          ApiObject.named(WORK, wanted.key().namespace(), wanted.key().name())
              .edit(tree -> {
                tree.withObjectProperty("metadata").set("labels", Json.tree(wanted.labels()));
                tree.set("spec", wanted.spec());
              });
      return new Write.Create(WORK, work);
    }
    var steps = Json.object().arrayNode();
    steps.addObject().put("op", "test").put("path", "/metadata/uid").put("value", uid);
    steps.addObject().put("op", "replace").put("path", "/spec").set("value", wanted.spec());
    for (Map.Entry<String, String> label : wanted.labels().entrySet()) {
      var name = label.getKey().replace("~", "~0").replace("/", "~1");
      steps
          .addObject()
          .put("op", "add")
          .put("path", "/metadata/labels/" + name)
          .put("value", label.getValue());
    }
    return new Write.Change(WORK, wanted.key(), "", new Patch(Patch.Form.JSON, steps));
  }

  private static long size(Wanted wanted) {
    return WorkParts.size(wanted.spec().at("/workload/manifests").valueStream().toList());
  }

  private static ApiObject revision(ReplicaSet set, long number, String digest) {
    var meta = set.typed().metadata();
    var owner =
        new Meta.OwnerReference(SET.apiVersion(), SET.kind(), meta.name(), meta.uid(), true, null);
    var template = set.template();
    var values = set.spec().get("clusterValues");
    return Codec.encode(
        new ReplicaSetRevision(
            Meta.named(meta.namespace(), meta.name() + "-" + number)
                .withLabels(Map.of(ManifestWorkReplicaSet.LABEL, Turn.labelOf(meta.key())))
                .withOwner(owner),
            new ReplicaSetRevision.Spec(number, digest, template, values)));
  }

  private static Patch finalizers(ApiObject current, Finalizer change) {
    return Patch.merge(body -> {
      var meta = body.putObject("metadata");
      meta.put("uid", current.uid());
      var list = meta.putArray("finalizers");
      current.finalizers().stream()
          .filter(name -> !name.equals(ManifestWorkReplicaSet.FINALIZER))
          .forEach(list::add);
      if (change == Finalizer.ADD) {
        list.add(ManifestWorkReplicaSet.FINALIZER);
      }
    });
  }

  /// Writes on their way into as few commits as can be.
  private static final class Batch {
    private final ApiClient client;
    private final List<List<Write>> commits = new ArrayList<>();
    private List<Write> open = new ArrayList<>();
    private long bytes;

    Batch(ApiClient client) {
      this.client = client;
    }

    void add(Write write, long size) {
      if (open.size() >= WRITES_MAX || (bytes > 0 && bytes + size > BYTES_MAX)) {
        commits.add(open);
        open = new ArrayList<>();
        bytes = 0;
      }
      open.add(write);
      bytes += size;
    }

    void send() {
      commits.forEach(client::commit);
      if (!open.isEmpty()) {
        client.commit(open);
      }
    }
  }
}
