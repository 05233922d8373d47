package io.nave.applications;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.LabelSelector;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.applications.api.Application;
import io.nave.applications.api.Environment;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.definitions.Definitions;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The application controller of a hub, with the caches it reads.
public final class ApplicationsHub implements AutoCloseable {
  private static final int WORKERS = 2;

  /// Index of applications by the Placements they name.
  private static final String PLACEMENT = "placement";

  /// Index of applications by the Workflow they name.
  private static final String WORKFLOW = "workflow";

  /// Index of applications by the environments they name.
  private static final String ENVIRONMENT = "environment";

  private final Parts parts = new Parts();

  private ApplicationsHub() {}

  /// Starts delivering, without calls of other services; until [#close].
  public static ApplicationsHub start(Host host, ApiClient client, MeterRegistry metrics) {
    return start(host, client, metrics, Outbound.none(), new ApplicationDesk());
  }

  /// Starts delivering; until [#close].
  ///
  /// @param outbound for the steps that call services
  /// @param desk for those who ask what would become of an application
  public static ApplicationsHub start(
      Host host, ApiClient client, MeterRegistry metrics, Outbound outbound, ApplicationDesk desk) {
    var hub = new ApplicationsHub();
    var applications =
        Cache.of(host, client, Application.class)
            .index(PLACEMENT, app -> Topology.placements(app).stream().map(Key::toString).toList())
            .index(HubApplicationWorld.BY_HOLDER, HubApplicationWorld::holdersOf)
            .index(WORKFLOW, ApplicationsHub::workflowOf)
            .index(ENVIRONMENT, app -> Surroundings.of(app).stream().map(Key::toString).toList())
            .index(DefinitionsHub.BY_TYPE, ApplicationTypes::of);
    var works =
        new Cache<>(host, client, ofApplications(), work -> Codec.decode(work, ManifestWork.class))
            .index(HubApplicationWorld.BY_APPLICATION, HubApplicationWorld::applicationOf)
            .index(HubApplicationWorld.BY_OBJECT, HubApplicationWorld::objectsOf);
    var decisions =
        Cache.of(host, client, PlacementDecision.class)
            .index(HubApplicationWorld.BY_PLACEMENT, HubApplicationWorld::placementOf);
    var clusters = Cache.of(host, client, ManagedCluster.class);
    var workflows = Cache.of(host, client, Workflow.class);
    var policies =
        Cache.of(host, client, Policy.class).index(PLACEMENT, ApplicationsHub::placementsOf);
    var wake = new AtomicReference<@Nullable Consumer<Key>>();
    var asking =
        new Asking(
            host, outbound, key -> Optional.ofNullable(wake.get()).ifPresent(to -> to.accept(key)));
    var places =
        new HubApplicationWorld.Places(
            Cache.of(host, client, Environment.class),
            Cache.of(host, client, ManagedClusterSet.class),
            Cache.of(host, client, ManagedClusterSetBinding.class));
    var definitions = new DefinitionsHub(host, client, applications);
    var world =
        new HubApplicationWorld(
            host,
            client,
            applications,
            works,
            decisions,
            clusters,
            workflows,
            policies,
            asking,
            places);
    var runs =
        Cache.of(host, client, WorkflowRun.class).index(WORKFLOW, ApplicationsHub::workflowOf);
    var reconciler = new ApplicationReconciler(world, definitions);
    desk.open(new HubRoom(world, reconciler));
    var controller =
        new Controller(
            host, "application", reconciler, Controller.Options.workers(WORKERS), metrics);
    wake.set(controller::enqueue);
    controller.follow(
        workflows, change -> applications.keysByIndex(WORKFLOW, change.key().toString()));
    controller.follow(policies, change -> withWorkflows(applications, change.key().namespace()));
    controller.follow(decisions, change -> placedBeside(applications, policies, change));
    controller.follow(applications, ApplicationsHub::ifWritten);
    controller.follow(applications, ApplicationsHub::contested);
    controller.follow(works, change -> isNews(change) ? owners(change) : List.of());
    controller.follow(decisions, change -> placedBy(applications, change));
    controller.follow(clusters, change -> affected(applications, works, change));
    controller.follow(
        places.environments(),
        change -> applications.keysByIndex(ENVIRONMENT, change.key().toString()));
    controller.follow(places.sets(), change -> inEnvironments(applications, ""));
    controller.follow(
        places.bindings(), change -> inEnvironments(applications, change.key().namespace()));
    definitions.wake(controller);
    hub.parts.open(definitions.start(host, client, metrics));
    var runner = runner(world, runs, outbound, definitions::of, metrics);
    List<Cache<?>> caches =
        List.of(
            works,
            decisions,
            clusters,
            workflows,
            policies,
            runs,
            places.environments(),
            places.sets(),
            places.bindings(),
            applications);
    caches.forEach(cache -> hub.parts.open(cache.start()));
    var awaited = new ArrayList<>(caches);
    awaited.addAll(definitions.caches());
    hub.parts.open(controller.startAfter(awaited.toArray(Cache<?>[]::new)));
    hub.parts.open(runner.startAfter(awaited.toArray(Cache<?>[]::new)));
    return hub;
  }

  /// A hub may hold many works of others, which need not be decoded and kept here.
  private static Cache.Scope ofApplications() {
    var labelled = new Selection(LabelSelector.parse(Works.APPLICATION), Map.of());
    return new Cache.Scope(ResourceType.of(ManifestWork.class), "", labelled);
  }

  private static Controller runner(
      HubApplicationWorld world,
      Cache<WorkflowRun> runs,
      Outbound outbound,
      Function<Application, Definitions> definitions,
      MeterRegistry metrics) {
    var wake = new AtomicReference<@Nullable Consumer<Key>>();
    var asking =
        new Asking(
            world.host(),
            outbound,
            key -> Optional.ofNullable(wake.get()).ifPresent(to -> to.accept(key)));
    var runner =
        new Controller(
            world.host(),
            "workflow-run",
            new RunReconciler(new HubRunWorld(world, runs, asking), definitions),
            Controller.Options.workers(1),
            metrics);
    wake.set(runner::enqueue);
    runner.follow(runs, change -> List.of(change.key()));
    runner.follow(
        world.works(),
        change ->
            owners(change).stream().flatMap(key -> RunReconciler.runOf(key).stream()).toList());
    runner.follow(world.workflows(), change -> runs.keysByIndex(WORKFLOW, change.key().toString()));
    return runner;
  }

  /// Policy objects act where steps name them; they change seldom.
  private static List<Key> withWorkflows(Cache<Application> applications, String namespace) {
    return applications.list(namespace).stream()
        .filter(app -> app.spec().workflow() != null)
        .map(Application::key)
        .toList();
  }

  private static List<String> placementsOf(Policy policy) {
    var as = new Application.Policy(policy.metadata().name(), policy.type(), policy.properties());
    var spec = new Application.Spec(List.of(), List.of(as), null);
    var only = new Application(policy.metadata(), spec, Application.Status.none());
    return Topology.placements(only).stream().map(Key::toString).toList();
  }

  private static Collection<Key> placedBeside(
      Cache<Application> applications,
      Cache<Policy> policies,
      Cache.Change<PlacementDecision> change) {
    var keys = new TreeSet<Key>();
    for (var decision : sides(change)) {
      for (var placement : HubApplicationWorld.placementOf(decision)) {
        for (var policy : policies.keysByIndex(PLACEMENT, placement)) {
          keys.addAll(withWorkflows(applications, policy.namespace()));
        }
      }
    }
    return keys;
  }

  private static List<String> workflowOf(WorkflowRun run) {
    var ref = run.spec().workflowRef();
    return ref == null || run.status().finished()
        ? List.of()
        : List.of(Key.of(run.metadata().namespace(), ref).toString());
  }

  private static List<String> workflowOf(Application application) {
    var workflow = application.spec().workflow();
    var ref = workflow == null ? null : workflow.ref();
    return ref == null || ref.isEmpty()
        ? List.of()
        : List.of(Key.of(application.metadata().namespace(), ref).toString());
  }

  private record HubRoom(ApplicationReconciler.World world, ApplicationReconciler reconciler)
      implements ApplicationDesk.Room {
    @Override
    public Optional<Application> application(Key key) {
      return world.application(key);
    }

    @Override
    public List<ManifestWork> works(Key application) {
      return world.works(application);
    }

    @Override
    public Scene scene(Application application) {
      return reconciler.scene(application);
    }
  }

  /// Applications that run in environments; sets and bindings change seldom.
  ///
  /// @param namespace empty: all
  private static List<Key> inEnvironments(Cache<Application> applications, String namespace) {
    return applications.list().stream()
        .filter(app -> namespace.isEmpty() || app.metadata().namespace().equals(namespace))
        .filter(app -> !Surroundings.of(app).isEmpty())
        .map(Application::key)
        .toList();
  }

  /// Status is ours: what only changes that needs no look.
  private static List<Key> ifWritten(Cache.Change<Application> change) {
    var before = change.before();
    var after = change.after();
    var same =
        before != null
            && after != null
            && before.metadata().uid().equals(after.metadata().uid())
            && before.metadata().generation() == after.metadata().generation()
            && before.metadata().deleting() == after.metadata().deleting()
            && before.metadata().finalizers().equals(after.metadata().finalizers())
            && before.metadata().labels().equals(after.metadata().labels())
            && before.metadata().annotations().equals(after.metadata().annotations());
    return same ? List.of() : List.of(change.key());
  }

  /// Those whose objects somebody else begins or ceases to want.
  private static List<Key> contested(Cache.Change<Application> change) {
    var holders = new TreeSet<String>();
    for (var application : sides(change)) {
      holders.addAll(HubApplicationWorld.holdersOf(application));
    }
    var before = change.before();
    var after = change.after();
    var same =
        before != null
            && after != null
            && before.status().contested().equals(after.status().contested());
    return same ? List.of() : holders.stream().map(ApplicationsHub::key).toList();
  }

  /// Reads `namespace/name`.
  private static Key key(String text) {
    var slash = text.indexOf('/');
    return Key.of(text.substring(0, Math.max(0, slash)), text.substring(slash + 1));
  }

  /// Whether a work says anything new: an agent that only puts its finalizer on it does not.
  private static boolean isNews(Cache.Change<ManifestWork> change) {
    var before = change.before();
    var after = change.after();
    if (before == null || after == null) {
      return true;
    }
    var was = before.metadata();
    var is = after.metadata();
    return !was.uid().equals(is.uid())
        || was.generation() != is.generation()
        || was.deleting() != is.deleting()
        || !was.labels().equals(is.labels())
        || !was.annotations().equals(is.annotations())
        || !before.status().equals(after.status());
  }

  private static List<Key> owners(Cache.Change<ManifestWork> change) {
    var keys = new TreeSet<Key>();
    for (var work : sides(change)) {
      Works.applicationOf(work).ifPresent(keys::add);
    }
    return List.copyOf(keys);
  }

  private static Collection<Key> placedBy(
      Cache<Application> applications, Cache.Change<PlacementDecision> change) {
    var keys = new TreeSet<Key>();
    for (var decision : sides(change)) {
      for (var placement : HubApplicationWorld.placementOf(decision)) {
        keys.addAll(applications.keysByIndex(PLACEMENT, placement));
      }
    }
    return keys;
  }

  /// A cluster that comes, goes or is labelled anew may concern every application; its availability
  /// only those that run there.
  private static Collection<Key> affected(
      Cache<Application> applications,
      Cache<ManifestWork> works,
      Cache.Change<ManagedCluster> change) {
    var before = change.before();
    var after = change.after();
    if (before == null || after == null || chosenBy(before, after)) {
      return applications.list().stream().map(Application::key).toList();
    }
    if (availability(before).equals(availability(after))) {
      return List.of();
    }
    var keys = new TreeSet<Key>();
    for (var work : works.list(change.key().name())) {
      Works.applicationOf(work).ifPresent(keys::add);
    }
    return keys;
  }

  private static boolean chosenBy(ManagedCluster before, ManagedCluster after) {
    return before.accepted() != after.accepted()
        || before.metadata().deleting() != after.metadata().deleting()
        || !before.metadata().labels().equals(after.metadata().labels());
  }

  /// And its version, by which objects are rendered.
  private static String availability(ManagedCluster cluster) {
    var version = String.valueOf(cluster.status().version());
    return Condition.find(cluster.status().conditions(), ManagedCluster.AVAILABLE)
        .map(condition -> condition.status() + condition.message())
        .orElse("")
        .concat(version);
  }

  private static <T> List<T> sides(Cache.Change<T> change) {
    var sides = new ArrayList<T>(2);
    @Nullable T before = change.before();
    @Nullable T after = change.after();
    if (before != null) {
      sides.add(before);
    }
    if (after != null) {
      sides.add(after);
    }
    return sides;
  }

  /// The name of an Application's work in every cluster.
  public static String workName(Key application) {
    return Works.nameOf(application);
  }

  @Override
  public void close() {
    parts.close();
  }
}
