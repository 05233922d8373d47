package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.applications.ApplicationReconciler.Change;
import io.nave.applications.ApplicationReconciler.Finalizer;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Environment;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.controllers.Statuses;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Serves [ApplicationReconciler] from caches and one client.
record HubApplicationWorld(
    Host host,
    ApiClient client,
    Cache<Application> applications,
    Cache<ManifestWork> works,
    Cache<PlacementDecision> decisions,
    Cache<Workflow> workflows,
    Cache<Policy> policies,
    Asking asking,
    Ground ground,
    OwnWrites own,
    Referred referred)
    implements ApplicationReconciler.World, ApplicationDesk.Room {
  /// Index of works by the key of their application.
  static final String BY_APPLICATION = "application";

  /// Index of decisions by the key of their Placement.
  static final String BY_PLACEMENT = "placement";

  /// Index of applications by those that deliver what they want too.
  static final String BY_HOLDER = "holder";

  /// Index of works by what they hold, see [#objectsOf].
  static final String BY_OBJECT = "object";

  private static final ResourceType APPLICATION = ResourceType.of(Application.class);
  private static final ResourceType REVISION = ResourceType.of(ApplicationRevision.class);
  private static final ResourceType SECRET = ResourceType.of("", "v1", "Secret", "secrets", true);
  private static final ResourceType KEPT = ResourceType.of(DefinitionRevision.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);

  /// The value of [#BY_PLACEMENT] for a decision; none when it carries no label.
  static List<String> placementOf(PlacementDecision decision) {
    var name = decision.metadata().labels().get(Placement.LABEL);
    return name == null
        ? List.of()
        : List.of(Key.of(decision.metadata().namespace(), name).toString());
  }

  /// The value of [#BY_APPLICATION] for a work; none when it belongs to no application.
  static List<String> applicationOf(ManifestWork work) {
    return Works.applicationOf(work).map(key -> List.of(key.toString())).orElse(List.of());
  }

  /// The values of [#BY_HOLDER] for an application.
  static List<String> holdersOf(Application application) {
    return application.status().contested().stream()
        .map(Application.Contested::holder)
        .distinct()
        .toList();
  }

  /// The values of [#BY_OBJECT] for a work of an application.
  static List<String> objectsOf(ManifestWork work) {
    if (Works.applicationOf(work).isEmpty()) {
      return List.of();
    }
    return Works.manifests(work).stream()
        .filter(manifest -> !Works.componentOf(manifest).isEmpty())
        .map(manifest -> object(work.metadata().namespace(), ManifestIdentity.of(manifest)))
        .toList();
  }

  /// How many works hold an object of a cluster.
  static int writers(Cache<ManifestWork> works, String cluster, ManifestIdentity object) {
    return works.countByIndex(BY_OBJECT, object(cluster, object));
  }

  private static String object(String cluster, ManifestIdentity identity) {
    return cluster + " " + identity;
  }

  @Override
  public Optional<Application> application(Key key) {
    return applications
        .get(key)
        .flatMap(shown ->
            own.isShown(key, shown.metadata().resourceVersion())
                ? Optional.of(shown)
                : client.find(APPLICATION, key).map(o -> Codec.decode(o, Application.class)));
  }

  /// The same as it is stored.
  private Optional<ApiObject> stored(Key key) {
    return applications
        .object(key)
        .flatMap(shown ->
            own.isShown(key, shown.resourceVersion())
                ? Optional.of(shown)
                : client.find(APPLICATION, key));
  }

  @Override
  public List<ManifestWork> works(Key application) {
    return works.byIndex(BY_APPLICATION, application.toString());
  }

  /// The fleet for who is not looked at again when what it read changes.
  Fleet fleet() {
    return fleet(new ReferredObjects(client, null), ground);
  }

  @Override
  public Fleet fleet(Stored stored) {
    return fleet(new ReferredObjects(client, null), new Ground.AsStored(stored, ground));
  }

  @Override
  public Fleet fleet(Key watching) {
    referred.forget(watching);
    var following = new ReferredObjects.Following(referred, watching);
    return fleet(new ReferredObjects(client, following), ground);
  }

  private Fleet fleet(ReferredObjects objects, Ground where) {
    return new CachedFleet(objects, applications, where, decisions, works);
  }

  private record CachedFleet(
      ReferredObjects referred,
      Cache<Application> applications,
      Ground ground,
      Cache<PlacementDecision> placed,
      Cache<ManifestWork> works)
      implements Fleet {
    @Override
    public List<ObjectNode> objects(String namespace, Reference reference) {
      return referred.read(namespace, reference);
    }

    @Override
    public boolean isUntold() {
      return referred.isUntold();
    }

    @Override
    public Optional<Environment> environment(Key key) {
      return ground.environment(key);
    }

    @Override
    public Optional<List<ManagedCluster>> members(String namespace, String clusterSet) {
      return ground
          .bound(namespace, clusterSet)
          .map(set ->
              ground.clusters().stream()
                  .filter(cluster -> set.contains(cluster.metadata().labels()))
                  .toList());
    }

    @Override
    public List<Contest> rivals(Key application) {
      var rivals = new ArrayList<Contest>();
      for (var other : applications.byIndex(BY_HOLDER, application.toString())) {
        for (var told : other.status().contested()) {
          if (told.holder().equals(application.toString())) {
            rivals.add(Contest.of(told, application, other.key()));
          }
        }
      }
      return rivals;
    }

    @Override
    public List<Holder> holders(String cluster, ManifestIdentity object) {
      return works.byIndex(BY_OBJECT, object(cluster, object)).stream()
          .flatMap(work ->
              Works.applicationOf(work)
                  .flatMap(key -> Holder.of(key, work, object, manifest -> shares(key, manifest)))
                  .stream())
          .toList();
    }

    private boolean shares(Key application, JsonNode manifest) {
      return applications
          .get(application)
          .filter(there -> PolicyProperties.unchecked(there).isShared(manifest))
          .isPresent();
    }

    @Override
    public Optional<ManagedCluster> cluster(String name) {
      return ground.cluster(name);
    }

    @Override
    public List<ManagedCluster> clusters() {
      return ground.clusters();
    }

    @Override
    public Optional<List<String>> decisions(Key placement) {
      var present = placed.byIndex(BY_PLACEMENT, placement.toString());
      var names = new TreeSet<String>();
      for (var decision : present) {
        decision.status().decisions().forEach(chosen -> names.add(chosen.clusterName()));
      }
      return present.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(names));
    }
  }

  @Override
  public Optional<Workflow> workflow(Key key) {
    return workflows.get(key);
  }

  @Override
  public Optional<Policy> policy(Key key) {
    return policies.get(key);
  }

  @Override
  public Optional<ApplicationRevision> revision(Key key) {
    return client.find(REVISION, key).map(found -> Codec.decode(found, ApplicationRevision.class));
  }

  @Override
  public Outside outside(Key asker) {
    return outside(asker, asking);
  }

  /// @param asks answers the questions, and wakes the asker
  Outside outside(Key asker, Asking asks) {
    return new Outside() {
      @Override
      public Optional<Application> application(Key key) {
        return applications.get(key);
      }

      @Override
      public Optional<String> secret(String name, String key) {
        return client
            .find(SECRET, Key.of(asker.namespace(), name))
            .map(secret -> secret.at("/data").path(key))
            .filter(JsonNode::isString)
            .map(value -> decoded(value.stringValue()));
      }

      @Override
      public Optional<ObjectNode> object(Reference reference) {
        return new ReferredObjects(client, null)
            .read(asker.namespace(), reference).stream().findFirst();
      }

      @Override
      public Optional<Answer> ask(String id, Question question) {
        return asks.ask(asker, id, question);
      }
    };
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return ""; // no Secret that was admitted holds such a value
    }
  }

  @Override
  public Instant now() {
    return host.now();
  }

  @Override
  public void write(Application application, Change change) {
    var current = Statuses.asRead(APPLICATION, stored(application.key()), application.metadata());
    if (change.finalizer() != Finalizer.KEEP) {
      client.patch(APPLICATION, application.key(), "", finalizers(current, change.finalizer()));
      return;
    }
    var writes = new ArrayList<Write>();
    for (var work : change.create()) {
      writes.add(new Write.Create(WORK, Codec.encode(work)));
    }
    for (var work : change.update()) {
      works
          .object(work.key())
          .ifPresent(old -> writes.add(new Write.Change(WORK, work.key(), "", edit(old, work))));
    }
    for (var work : change.delete()) {
      writes.add(new Write.Delete(WORK, work.key(), work.metadata().uid()));
    }
    revise(application, change, writes);
    // The status first: it is written only onto the object that was read, and all goes with it.
    Statuses.plan(current, (ObjectNode) Json.tree(change.status()))
        .ifPresent(
            patch -> writes.add(new Write.Change(APPLICATION, application.key(), "status", patch)));
    writes.addAll(ApplicationEvents.of(application, change, now()));
    if (!change.annotating().equals(ApplicationReconciler.Annotating.NONE)) {
      writes.add(
          new Write.Change(
              APPLICATION, application.key(), "", annotations(current, change.annotating())));
    }
    own.begin(application, works(application.key()), change);
    commit(application.key(), change, writes);
  }

  private void revise(Application application, Change change, List<Write> writes) {
    var revising = change.revising();
    for (var kept : revising.keep()) {
      if (client.find(KEPT, kept.key()).isEmpty()) {
        writes.add(new Write.Create(KEPT, Codec.encode(kept)));
      }
    }
    if (revising.create() != null) {
      writes.add(new Write.Create(REVISION, Codec.encode(revising.create())));
    }
    for (var key : revising.delete()) {
      writes.add(new Write.Delete(REVISION, key, null));
    }
    var latest = change.status().latestRevision();
    var ended = revising.ended();
    if (latest == null || ended == null) {
      return;
    }
    var status = new ApplicationRevision.Status("succeeded".equals(ended.status()), ended);
    var key = Key.of(application.metadata().namespace(), latest.name());
    if (revising.create() != null || client.find(REVISION, key).isPresent()) {
      writes.add(
          new Write.Change(
              REVISION, key, "status", Patch.merge(body -> body.set("status", Json.tree(status)))));
    }
  }

  private static Patch annotations(ApiObject current, ApplicationReconciler.Annotating change) {
    return Patch.merge(body -> {
      var meta = body.putObject("metadata").put("uid", current.uid());
      var annotations = meta.putObject("annotations");
      change.remove().forEach(annotations::putNull);
      if (change.restart() != null) {
        annotations.put(Hands.RESTART, change.restart());
      }
    });
  }

  /// A work that exists already is most often our own, which the cache does not show yet.
  private void commit(Key application, Change change, List<Write> writes) {
    try {
      own.wrote(application, client.commit(writes));
    } catch (ApiError e) {
      own.failed(change);
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
      change.create().forEach(work -> requireOwn(application, work.key()));
      throw ApiError.conflict(WORK, Works.nameOf(application), "it was just created");
    }
  }

  private void requireOwn(Key application, Key work) {
    var found = client.find(WORK, work).orElse(null);
    if (found != null && !Works.labelOf(application).equals(label(found))) {
      throw new Refusal(
          Stage.RENDER,
          "ManifestWork " + work + " is there and not ours; delete it or rename the application");
    }
  }

  private static String label(ApiObject work) {
    return work.labels().getOrDefault(Works.APPLICATION, "");
  }

  private static Patch finalizers(ApiObject current, Finalizer change) {
    return Patch.merge(body -> {
      var meta = body.putObject("metadata");
      meta.put("uid", current.uid()).put("resourceVersion", current.resourceVersion());
      var list = meta.putArray("finalizers");
      current.finalizers().stream()
          .filter(name -> !name.equals(ApplicationReconciler.FINALIZER))
          .filter(name -> change != Finalizer.REMOVE || !name.equals(Dismantling.ORPHAN))
          .forEach(list::add);
      if (change == Finalizer.ADD) {
        list.add(ApplicationReconciler.FINALIZER);
      }
    });
  }

  /// Only what we own: labels, our annotations, manifests, their configuration, how they are
  /// deleted and in whose name they are applied.
  static Patch edit(ApiObject old, ManifestWork work) {
    var spec = (ObjectNode) Json.tree(work.spec());
    return Patch.merge(body -> {
      var meta = body.putObject("metadata").put("uid", old.uid());
      meta.set("labels", Json.tree(work.metadata().labels()));
      var annotations = meta.putObject("annotations");
      for (var key : Works.ANNOTATIONS) {
        var value = work.metadata().annotations().get(key);
        if (value != null) {
          annotations.put(key, value);
        } else if (old.annotations().containsKey(key)) {
          annotations.putNull(key);
        }
      }
      var next = body.putObject("spec");
      next.putObject("workload").set("manifests", spec.at("/workload/manifests"));
      next.set("manifestConfigs", orNull(spec, "manifestConfigs"));
      next.set("deleteOption", orNull(spec, "deleteOption"));
      next.set("executor", orNull(spec, "executor"));
    });
  }

  private static JsonNode orNull(ObjectNode spec, String field) {
    var value = spec.get(field);
    return value == null ? JsonNodeFactory.instance.nullNode() : value;
  }
}
