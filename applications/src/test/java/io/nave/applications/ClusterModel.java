package io.nave.applications;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.api.Environment;
import io.nave.applications.policies.Treatments;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.OrphanRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A cluster with its agent, as far as ownership goes: which works own which objects, and what is
/// deleted when the last owner goes (spec/ocm-behaviour.md §6.8). Only ConfigMaps and Namespaces.
final class ClusterModel {
  static final Instant CREATED = Instant.parse("2026-01-02T00:00:00Z");
  static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  /// Live objects with the names of the works that own them.
  final Map<ManifestIdentity, TreeSet<String>> live = new TreeMap<>();

  /// What each work applied, by the work's name.
  private final Map<String, TreeSet<ManifestIdentity>> applied = new TreeMap<>();

  /// The last state of each work, for when it is gone.
  private final Map<String, ManifestWork> last = new TreeMap<>();

  /// Objects deleted since the last look.
  final List<ManifestIdentity> deleted = new ArrayList<>();

  /// The agent handles one work as the hub shows it now.
  ///
  /// @param work empty: it is gone from the hub; one on its way out is removed
  void handle(String name, Optional<ManifestWork> work) {
    var before = applied.computeIfAbsent(name, _ -> new TreeSet<>());
    var wanted = new TreeSet<ManifestIdentity>();
    work.ifPresent(there -> last.put(name, there));
    work.filter(there -> !there.metadata().deleting())
        .ifPresent(there -> {
          for (var manifest : Works.manifests(there)) {
            var identity = ManifestIdentity.of(manifest);
            wanted.add(identity);
            var owners = live.computeIfAbsent(identity, _ -> new TreeSet<>());
            if (keeps(there, identity)) {
              owners.remove(name);
            } else {
              owners.add(name);
            }
          }
        });
    var gone = new TreeSet<>(before);
    gone.removeAll(wanted);
    gone.forEach(identity -> leave(name, identity));
    applied.put(name, wanted);
  }

  private void leave(String name, ManifestIdentity identity) {
    var owners = live.get(identity);
    if (owners == null || !owners.remove(name)) {
      return; // not ours
    }
    if (owners.isEmpty() && !keeps(last.get(name), identity)) {
      live.remove(identity);
      deleted.add(identity);
    }
  }

  private static boolean keeps(ManifestWork work, ManifestIdentity identity) {
    return OrphanRule.keeps(
        work.spec().deleteOption(),
        identity.group(),
        ObjectKinds.plural(identity.kind()),
        identity.namespace(),
        identity.name());
  }

  /// The works this agent knows.
  List<String> known() {
    return List.copyOf(applied.keySet());
  }

  /// A ConfigMap whose component has its name.
  static ObjectNode manifest(String name, int size) {
    var object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    object
        .putObject("metadata")
        .put("name", name)
        .put("namespace", "shop")
        .putObject("labels")
        .put(Works.COMPONENT, name)
        .put("app.oam.dev/resourceType", "WORKLOAD");
    object.putObject("data").put("x", "x".repeat(size));
    return object;
  }

  static List<String> names(ManifestWork work) {
    return Works.manifests(work).stream()
        .filter(manifest -> !Works.componentOf(manifest).isEmpty())
        .map(manifest -> manifest.at("/metadata/name").asString(""))
        .toList();
  }

  /// The hub's side: the works of the application `shop/web` on cluster `east`.
  static final class Hub implements Fleet {
    private static final Key APPLICATION = Key.of("shop", "web");

    final Map<ManifestIdentity, Holder> others = new TreeMap<>();
    private final Map<String, ManifestWork> works = new TreeMap<>();
    Treatments treatments = Treatments.of(List.of());
    boolean complete = true;

    /// Whether [#deleteByHand] took one that had something to take on.
    boolean heirsDeleted;

    /// One pass of the controller.
    ///
    /// @param objects sizes by name
    Works.Plan reconcile(Map<String, Integer> objects) {
      var components =
          objects.entrySet().stream().map(o -> rendered(o.getKey(), o.getValue())).toList();
      var plan = Works.of(Samples.webOn("east"), components, complete, treatments, works(), this);
      works.replaceAll((_, work) -> plan.works().containsKey(work.key()) ? work : leaving(work));
      plan.works().values().forEach(this::store);
      plan.leaving().forEach(work -> works.put(work.metadata().name(), work));
      return plan;
    }

    /// One pass of the controller over the deleted application, whose patience never ends.
    void dismantle() {
      var step = Dismantling.next(Samples.webOn("east"), works(), treatments, Instant.EPOCH);
      step.delete().forEach(work -> works.put(work.metadata().name(), leaving(work)));
    }

    private static ManifestWork leaving(ManifestWork work) {
      var m = work.metadata();
      var meta =
          new Meta(
              m.name(),
              "",
              m.namespace(),
              m.uid(),
              m.resourceVersion(),
              m.generation(),
              m.creationTimestamp(),
              CREATED,
              m.labels(),
              m.annotations(),
              m.finalizers(),
              m.ownerReferences());
      return new ManifestWork(meta, work.spec(), work.status());
    }

    private void store(ManifestWork wanted) {
      var now = works.get(wanted.metadata().name());
      if (now != null && now.metadata().deleting()) {
        return; // it is let go, and made anew when it is gone
      }
      if (now == null) {
        works.put(wanted.metadata().name(), stored(wanted, wanted.status(), 1));
      } else if (!Works.same(wanted, now)) {
        works.put(
            wanted.metadata().name(),
            stored(wanted, now.status(), now.metadata().generation() + 1));
      }
    }

    private static ManifestWork stored(
        ManifestWork work, ManifestWork.Status status, long generation) {
      var m = work.metadata();
      var meta =
          new Meta(
              m.name(),
              "",
              m.namespace(),
              "uid-" + m.name(),
              "1",
              generation,
              CREATED,
              null,
              m.labels(),
              m.annotations(),
              m.finalizers(),
              m.ownerReferences());
      return new ManifestWork(meta, work.spec(), status);
    }

    private static Rendered rendered(String name, int size) {
      var application = Samples.webOn("east");
      var bound = Blueprint.of(application, Samples.DEFINITIONS).components().getFirst();
      var component =
          new Blueprint.Bound(
              name, bound.type(), bound.definition(), bound.parameter(), List.of(), "");
      JsonNode manifest = manifest(name, size);
      var piece = new Rendered.Piece(Rendered.COMPONENT, "", (ObjectNode) manifest, List.of());
      return new Rendered(
          component, new Target("east", "shop", false), Json.object(), List.of(piece));
    }

    /// Somebody deletes a random work that the cluster has seen.
    ///
    /// @return what stood in it
    Optional<List<String>> deleteByHand(Random random) {
      var heritage = new Heritage(works());
      var seen = standing().stream().filter(Heritage::isSeen).toList();
      if (seen.isEmpty()) {
        return Optional.empty();
      }
      var work = seen.get(random.nextInt(seen.size()));
      heirsDeleted |= heritage.isOpen(work);
      works.put(work.metadata().name(), leaving(work));
      return Optional.of(names(work));
    }

    /// Agents report all works as applied; those on their way out are gone.
    void report() {
      works.values().removeIf(work -> work.metadata().deleting());
      works.replaceAll((_, work) -> FakeAgent.reported(work, live -> live));
    }

    List<ManifestWork> works() {
      return List.copyOf(works.values());
    }

    /// Those that are not on their way out.
    List<ManifestWork> standing() {
      return works.values().stream().filter(work -> !work.metadata().deleting()).toList();
    }

    ManifestWork work(String name) {
      return find(name).orElseThrow();
    }

    Optional<ManifestWork> find(String name) {
      return Optional.ofNullable(works.get(name));
    }

    /// The agent handles one work, and reports; one on its way out is gone then.
    void handled(ClusterModel cluster, String name) {
      cluster.handle(name, find(name));
      find(name)
          .ifPresent(work -> {
            if (work.metadata().deleting()) {
              works.remove(name);
            } else {
              works.put(name, FakeAgent.reported(work, live -> live));
            }
          });
    }

    /// The agent handles a random work.
    void step(ClusterModel cluster, Random random) {
      var names = new TreeSet<>(works.keySet());
      names.addAll(cluster.known());
      if (!names.isEmpty()) {
        var name = List.copyOf(names).get(random.nextInt(names.size()));
        handled(cluster, name);
      }
    }

    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return Optional.empty();
    }

    @Override
    public List<ManagedCluster> clusters() {
      return List.of();
    }

    @Override
    public Optional<List<String>> decisions(Key placement) {
      return Optional.empty();
    }

    @Override
    public Optional<Environment> environment(Key key) {
      return Optional.empty();
    }

    @Override
    public Optional<List<ManagedCluster>> members(String namespace, String clusterSet) {
      return Optional.empty();
    }

    @Override
    public List<Contest> rivals(Key application) {
      return List.of();
    }

    @Override
    public List<Holder> holders(String cluster, ManifestIdentity object) {
      var holders = new ArrayList<Holder>();
      works
          .values()
          .forEach(
              work -> Holder.of(APPLICATION, work, object, _ -> false).ifPresent(holders::add));
      Optional.ofNullable(others.get(object)).ifPresent(holders::add);
      return holders;
    }
  }
}
