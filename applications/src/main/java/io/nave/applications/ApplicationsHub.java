package io.nave.applications;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Codec;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The application controller of a hub, with the caches it reads.
public final class ApplicationsHub implements AutoCloseable {
  private static final int WORKERS = 2;

  /// Index of runs by the Workflow they name.
  private static final String WORKFLOW = "workflow";

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
    var applications = Wakes.indexed(Cache.of(host, client, Application.class).lean());
    var works =
        new Cache<>(host, client, ofApplications(), work -> Codec.decode(work, ManifestWork.class))
            .lean()
            .index(HubApplicationWorld.BY_APPLICATION, HubApplicationWorld::applicationOf)
            .index(HubApplicationWorld.BY_OBJECT, HubApplicationWorld::objectsOf);
    var decisions =
        Cache.of(host, client, PlacementDecision.class)
            .index(HubApplicationWorld.BY_PLACEMENT, HubApplicationWorld::placementOf);
    var clusters = Cache.of(host, client, ManagedCluster.class);
    var workflows = Cache.of(host, client, Workflow.class);
    var policies = Cache.of(host, client, Policy.class).index(Wakes.PLACEMENT, Wakes::placementsOf);
    var wake = new AtomicReference<@Nullable Consumer<Key>>();
    var asking =
        new Asking(
            host, outbound, key -> Optional.ofNullable(wake.get()).ifPresent(to -> to.accept(key)));
    var referred =
        hub.parts.open(
            new Referred(
                host,
                client,
                key -> Optional.ofNullable(wake.get()).ifPresent(to -> to.accept(key))));
    var ground =
        new Ground.Cached(
            clusters,
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
            workflows,
            policies,
            asking,
            ground,
            new OwnWrites(),
            referred);
    var runs =
        Cache.of(host, client, WorkflowRun.class).index(WORKFLOW, ApplicationsHub::workflowOf);
    var reconciler = new ApplicationReconciler(world, definitions);
    desk.open(world);
    var controller =
        new Controller(
            host, "application", reconciler, Controller.Options.workers(WORKERS), metrics);
    wake.set(controller::enqueue);
    var wakes = new Wakes(applications, works, policies);
    controller.follow(workflows, wakes::byWorkflow);
    controller.follow(policies, wakes::byPolicy);
    controller.follow(applications, Wakes::byWriting);
    controller.follow(applications, Wakes::byContest);
    controller.follow(works, change -> wakes.byWork(change, world.own()));
    controller.follow(decisions, wakes::byDecision);
    controller.follow(clusters, wakes::byCluster);
    controller.follow(ground.environments(), change -> wakes.byEnvironment(change.key()));
    controller.follow(ground.sets(), _ -> wakes.byClusterSet());
    controller.follow(ground.bindings(), change -> wakes.byBinding(change.key()));
    applications.onChange(change -> {
      if (change.after() == null) {
        referred.forget(change.key());
      }
    });
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
            ground.environments(),
            ground.sets(),
            ground.bindings(),
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
            Wakes.owners(change).stream()
                .flatMap(key -> RunReconciler.runOf(key).stream())
                .toList());
    runner.follow(world.workflows(), change -> runs.keysByIndex(WORKFLOW, change.key().toString()));
    return runner;
  }

  private static List<String> workflowOf(WorkflowRun run) {
    var ref = run.spec().workflowRef();
    return ref == null || run.status().finished()
        ? List.of()
        : List.of(Key.of(run.metadata().namespace(), ref).toString());
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
