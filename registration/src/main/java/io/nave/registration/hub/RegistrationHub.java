package io.nave.registration.hub;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.certs.Authority;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.controllers.Controller.Options;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The hub's half of registration, running: lets clusters in, watches over them, lets them go.
///
/// Works on any API that has the kinds; the client's identity must be one that may do everything,
/// because it hands out rights.
public final class RegistrationHub implements AutoCloseable {
  private static final Duration COUNT_EVERY = Duration.ofMillis(250);

  private final Host host;
  private final MeterRegistry metrics;
  private final HubCaches caches;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Cache<?>> more = new ArrayList<>(); // beside those of all hubs
  private final List<Controller> controllers = new ArrayList<>();

  private RegistrationHub(Host host, MeterRegistry metrics, HubCaches caches) {
    this.host = host;
    this.metrics = metrics;
    this.caches = caches;
  }

  /// Starts all controllers but the importer; they begin when their caches are filled.
  ///
  /// @param authority signs client certificates; the API server must trust whom it trusts
  public static RegistrationHub start(
      Host host,
      ApiClient client,
      HubAuthority authority,
      RegistrationPolicy policy,
      MeterRegistry metrics) {
    return start(host, client, authority, policy, null, metrics);
  }

  /// As above.
  ///
  /// @param installer puts agents into the clusters of providers; null: nobody does
  public static RegistrationHub start(
      Host host,
      ApiClient client,
      HubAuthority authority,
      RegistrationPolicy policy,
      @Nullable AgentInstaller installer,
      MeterRegistry metrics) {
    var caches = HubCaches.of(host, client);
    var hub = new RegistrationHub(host, metrics, caches);
    hub.addRights(
        new HubRightsWorld(host, client, caches.clusters(), caches.owned()), policy.autoAccept());
    hub.addRequests(
        new HubRequestWorld(
            host, client, caches.requests(), caches.clusters(), caches.owned(HubKinds.NAMESPACE)),
        () -> authority.present().present(),
        policy);
    hub.addAvailability(HubLeaseWorld.of(host, client, caches.clusters(), caches.leases()));
    hub.addSets(new HubSetWorld(host, client, caches.clusters(), caches.sets(), caches.bindings()));
    hub.addProfiles(
        new HubProfileWorld(
            host, client, caches.clusters(), caches.sets(), caches.bindings(), caches.profiles()));
    hub.addFeatures(new HubFeatureWorld(client, caches.clusters(), caches.addOns()));
    hub.addTrust(new HubTrustWorld(client, caches.trust()), authority);
    if (installer != null) {
      hub.addImports(client, installer);
    }
    hub.open();
    return hub;
  }

  /// Stops the controllers, then their caches.
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void addRights(HubRightsWorld world, boolean autoAccept) {
    var acceptance = controller("acceptance", new AcceptanceReconciler(world, autoAccept), 2);
    acceptance.follow(caches.clusters(), RegistrationHub::itself);
    var shared = controller("shared-rights", new SharedRightsReconciler(world), 1);
    shared.enqueue(SharedRightsReconciler.ALL);
    shared.follow(
        caches.clusters(),
        change ->
            change.before() == null || change.after() == null
                ? List.of(SharedRightsReconciler.ALL)
                : List.of());
    for (var type : HubCaches.OWNED) {
      acceptance.follow(caches.owned(type), change -> cluster(type, change));
      shared.follow(
          caches.owned(type),
          change ->
              ClusterRights.isCommon(either(change))
                  ? List.of(SharedRightsReconciler.ALL)
                  : List.of());
    }
    var departure = controller("departure", new DepartureReconciler(world), 1);
    departure.follow(caches.clusters(), RegistrationHub::itself);
  }

  private void addRequests(
      HubRequestWorld world, Supplier<Authority> authority, RegistrationPolicy policy) {
    var approval =
        controller(
            "request-approval", new RequestApprovalReconciler(world, policy.autoApproveUsers()), 1);
    approval.follow(caches.requests(), RegistrationHub::itself);
    approval.follow(
        caches.clusters(),
        change -> caches.requests().keysByIndex(HubRequestWorld.BY_CLUSTER, change.key().name()));
    var signer = new SigningReconciler(world, authority, policy.certificateLifetimeMax());
    var signing = controller("signing", signer, 2);
    signing.follow(caches.requests(), RegistrationHub::itself);
    var cleanup = controller("request-cleanup", new RequestCleanupReconciler(world), 1);
    cleanup.follow(caches.requests(), RegistrationHub::itself);
  }

  private void addAvailability(HubLeaseWorld world) {
    var leases = controller("lease", new LeaseReconciler(world), 1);
    leases.follow(caches.clusters(), RegistrationHub::itself);
    // Renewals wake nobody: the end of the grace is a timer, and the lease is read then.
    leases.follow(
        caches.leases(),
        change -> change.after() == null ? List.of(Key.of(change.key().namespace())) : List.of());
    var taints = controller("taint", new TaintReconciler(world), 1);
    taints.follow(caches.clusters(), RegistrationHub::itself);
    var clocks = controller("clock", new ClockReconciler(world), 1);
    clocks.follow(
        caches.leases(),
        change -> {
          var lease = change.after();
          return lease != null && world.clockChanged(lease)
              ? List.of(Key.of(lease.namespace()))
              : List.of();
        });
  }

  private void addSets(HubSetWorld world) {
    var defaults = controller("default-set", new DefaultSetReconciler(world), 1);
    DefaultSetReconciler.SETS.forEach(defaults::enqueue);
    defaults.follow(caches.sets(), RegistrationHub::itself);
    var sets = controller("cluster-set", new ClusterSetReconciler(world), 1);
    sets.follow(caches.sets(), RegistrationHub::itself);
    // Many clusters may come at once; how many there are is told a few times a second at most.
    caches
        .clusters()
        .onChange(change -> setsOf(change).forEach(key -> sets.enqueueAfter(key, COUNT_EVERY)));
    var namespaces = controller("managed-namespaces", new ManagedNamespacesReconciler(world), 1);
    namespaces.follow(caches.sets(), world::clustersOf);
    namespaces.follow(
        caches.clusters(),
        change -> {
          var after = change.after();
          return after != null && world.namespacesMatter(after) ? List.of(change.key()) : List.of();
        });
    var bindings = controller("set-binding", new SetBindingReconciler(world), 1);
    bindings.follow(caches.bindings(), RegistrationHub::itself);
    bindings.follow(
        caches.sets(),
        change -> caches.bindings().keysByIndex(HubSetWorld.BY_SET, change.key().name()));
  }

  private void addProfiles(HubProfileWorld world) {
    var profiles = controller("cluster-profile", new ProfileReconciler(world), 1);
    profiles.follow(caches.bindings(), change -> namespace(change.key()));
    profiles.follow(caches.profiles(), change -> namespace(change.key()));
    profiles.follow(caches.sets(), change -> world.namespacesOf(change.key().name()));
    profiles.follow(caches.clusters(), change -> world.namespacesOf(change));
  }

  private void addFeatures(HubFeatureWorld world) {
    var features = controller("feature-labels", new FeatureLabelReconciler(world), 1);
    features.follow(caches.addOns(), change -> namespace(change.key()));
    features.follow(caches.clusters(), HubFeatureWorld::labelled);
  }

  private void addImports(ApiClient client, AgentInstaller installer) {
    var secrets = HubImportWorld.providers(host, client);
    var world = new HubImportWorld(host, client, installer, caches.clusters(), secrets);
    var imports = controller("import", new ImportReconciler(world), 1);
    imports.follow(secrets, change -> namespace(change.key()));
    imports.follow(caches.clusters(), RegistrationHub::itself);
    more.add(secrets);
  }

  private void addTrust(HubTrustWorld world, HubAuthority authority) {
    var trust = controller("trust", new TrustReconciler(world, authority, host), 1);
    trust.enqueue(HubTrust.KEY);
    trust.follow(caches.trust(), RegistrationHub::itself);
  }

  private static List<Key> namespace(Key key) {
    return List.of(Key.of(key.namespace()));
  }

  /// Every set, when the labels of a cluster changed.
  private Collection<Key> setsOf(Cache.Change<ManagedCluster> change) {
    var before = change.before();
    var after = change.after();
    if (before != null
        && after != null
        && before.metadata().labels().equals(after.metadata().labels())) {
      return List.of();
    }
    return caches.sets().list().stream().map(set -> set.key()).toList();
  }

  private Controller controller(String name, Reconciler reconciler, int workers) {
    var controller =
        new Controller(host, "registration-" + name, reconciler, Options.workers(workers), metrics);
    controllers.add(controller);
    return controller;
  }

  private void open() {
    var all = new ArrayList<>(caches.all());
    all.addAll(more);
    for (var cache : all) {
      open.push(cache.start());
    }
    var awaited = all.toArray(Cache<?>[]::new);
    for (var controller : controllers) {
      open.push(controller.startAfter(awaited));
    }
  }

  private static <T> Collection<Key> itself(Cache.Change<T> change) {
    return List.of(change.key());
  }

  private static Collection<Key> cluster(ResourceType type, Cache.Change<ApiObject> change) {
    var name = ClusterRights.clusterOf(type, either(change));
    return name.isEmpty() ? List.of() : List.of(Key.of(name));
  }

  private static ApiObject either(Cache.Change<ApiObject> change) {
    var after = change.after();
    var before = change.before();
    if (after != null) {
      return after;
    }
    if (before != null) {
      return before;
    }
    return ApiObject.named(HubKinds.NAMESPACE, "", change.key().name());
  }
}
