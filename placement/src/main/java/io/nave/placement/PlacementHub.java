package io.nave.placement;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The placement controller of a hub, with the caches it reads.
public final class PlacementHub implements AutoCloseable {
  private final Parts parts = new Parts();

  private PlacementHub() {}

  /// Starts scheduling; until [#close].
  public static PlacementHub start(Host host, ApiClient client, MeterRegistry metrics) {
    var hub = new PlacementHub();
    var placements = Cache.of(host, client, Placement.class);
    var decisions =
        Cache.of(host, client, PlacementDecision.class)
            .index(HubPlacementWorld.BY_PLACEMENT, HubPlacementWorld::placementOf);
    var clusters = Cache.of(host, client, ManagedCluster.class);
    var sets = Cache.of(host, client, ManagedClusterSet.class);
    var bindings = Cache.of(host, client, ManagedClusterSetBinding.class);
    var world =
        new HubPlacementWorld(host, client, placements, decisions, clusters, sets, bindings);
    var controller =
        new Controller(
            host,
            "placement",
            new PlacementReconciler(world),
            Controller.Options.workers(1), // Balance counts others' decisions: one at a time
            metrics);
    controller.follow(placements, change -> List.of(change.key()));
    controller.follow(decisions, PlacementHub::ownPlacement);
    controller.follow(sets, change -> keys(placements, ""));
    controller.follow(bindings, change -> keys(placements, change.key().namespace()));
    controller.follow(clusters, change -> matters(change) ? keys(placements, "") : List.<Key>of());
    for (var cache : List.of(decisions, clusters, sets, bindings, placements)) {
      hub.parts.open(cache.start());
    }
    hub.parts.open(controller.startAfter(decisions, clusters, sets, bindings, placements));
    return hub;
  }

  /// Whether a change of a cluster can change a decision: conditions and versions cannot.
  private static boolean matters(Cache.Change<ManagedCluster> change) {
    var before = change.before();
    var after = change.after();
    return before == null
        || after == null
        || !before.spec().taints().equals(after.spec().taints())
        || !before.metadata().labels().equals(after.metadata().labels())
        || before.metadata().deleting() != after.metadata().deleting()
        || !before.status().clusterClaims().equals(after.status().clusterClaims())
        || !before.status().allocatable().equals(after.status().allocatable())
        || !before.status().capacity().equals(after.status().capacity());
  }

  private static List<Key> ownPlacement(Cache.Change<PlacementDecision> change) {
    @Nullable PlacementDecision decision =
        change.after() == null ? change.before() : change.after();
    var name = decision == null ? null : decision.metadata().labels().get(Placement.LABEL);
    return name == null ? List.of() : List.of(Key.of(change.key().namespace(), name));
  }

  private static List<Key> keys(Cache<Placement> placements, String namespace) {
    return (namespace.isEmpty() ? placements.list() : placements.list(namespace))
        .stream().map(Placement::key).toList();
  }

  @Override
  public void close() {
    parts.close();
  }
}
