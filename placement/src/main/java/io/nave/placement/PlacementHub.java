package io.nave.placement;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.Key;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.placement.schedule.ClusterRow;
import io.nave.placement.schedule.Engine;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.util.List;

/// The placement controller of a hub, with the caches it reads.
public final class PlacementHub implements AutoCloseable {
  /// Schedules are worked out one at a time; these only write them, and share commits.
  private static final int WRITERS = 8;

  private final Parts parts = new Parts();
  private final Host host;
  private final EngineRoom engine;
  private final OwnWrites writes;
  private final Cache<Placement> placements;
  private final Cache<PlacementDecision> decisions;
  private final Cache<ManagedCluster> clusters;
  private final Cache<ManagedClusterSet> sets;
  private final Cache<ManagedClusterSetBinding> bindings;
  private final Cache<AddOnPlacementScore> scores;

  private PlacementHub(Host host, ApiClient client) {
    this.host = host;
    engine = new EngineRoom(host, new Engine(new CelExpressions()));
    writes = new OwnWrites(host);
    placements = Cache.of(host, client, Placement.class);
    decisions =
        Cache.of(host, client, PlacementDecision.class)
            .index(
                HubPlacementWorld.BY_PLACEMENT,
                decision -> List.of(HubPlacementWorld.placementOf(decision).toString()));
    clusters = Cache.of(host, client, ManagedCluster.class);
    sets = Cache.of(host, client, ManagedClusterSet.class);
    bindings = Cache.of(host, client, ManagedClusterSetBinding.class);
    scores = Cache.of(host, client, AddOnPlacementScore.class);
  }

  /// As below, with nobody to ask questions.
  public static PlacementHub start(Host host, ApiClient client, MeterRegistry metrics) {
    return start(new PlacementHub(host, client), client, metrics);
  }

  /// Starts scheduling; until [#close].
  ///
  /// @param desk answers questions from now on
  public static PlacementHub start(
      Host host, ApiClient client, MeterRegistry metrics, PlacementDesk desk) {
    var hub = new PlacementHub(host, client);
    desk.open(hub.engine, client);
    AutoCloseable shut = desk::shut;
    hub.parts.open(shut);
    return start(hub, client, metrics);
  }

  private static PlacementHub start(PlacementHub hub, ApiClient client, MeterRegistry metrics) {
    try {
      hub.open(client, metrics);
      return hub;
    } catch (RuntimeException e) {
      throw hub.parts.closeAfter(e);
    }
  }

  private void open(ApiClient client, MeterRegistry metrics) {
    var events = parts.open(EventTeller.start(host, client));
    var world = new HubPlacementWorld(host, client, placements, decisions, engine, writes, events);
    var controller =
        new Controller(
            host,
            "placement",
            new PlacementReconciler(world),
            Controller.Options.workers(WRITERS),
            metrics);
    engine.wakes(controller::enqueue);
    placements.onChange(this::placementChanged).onChange(c -> controller.enqueue(c.key()));
    decisions.onChange(this::decisionChanged);
    clusters.onChange(this::clusterChanged);
    sets.onChange(this::setChanged);
    bindings.onChange(this::bindingChanged);
    scores.onChange(
        change -> engine.tell(each -> each.score(change.key(), change.after(), host.now())));
    for (var cache : List.of(decisions, clusters, sets, bindings, scores, placements)) {
      parts.open(cache.start());
    }
    parts.open(controller.startAfter(decisions, clusters, sets, bindings, scores, placements));
  }

  private void placementChanged(Cache.Change<Placement> change) {
    var after = change.after();
    if (after == null) {
      writes.forget(change.key());
    }
    engine.tell(each -> {
      if (after == null) {
        each.placementGone(change.key(), host.now());
      } else {
        each.placement(after, host.now());
      }
    });
  }

  private void decisionChanged(Cache.Change<PlacementDecision> change) {
    for (var decision : new PlacementDecision[] {change.before(), change.after()}) {
      if (decision != null) {
        var placement = HubPlacementWorld.placementOf(decision);
        if (writes.caughtUp(placement, change)) {
          engine.tell(each -> each.observed(placement, chosen(placement)));
        }
      }
    }
  }

  private List<PlacementDecision.Decision> chosen(Key placement) {
    return decisions.byIndex(HubPlacementWorld.BY_PLACEMENT, placement.toString()).stream()
        .flatMap(decision -> decision.status().decisions().stream())
        .toList();
  }

  private void clusterChanged(Cache.Change<ManagedCluster> change) {
    var after = change.after();
    if (after == null) {
      engine.tell(each -> each.clusterGone(change.key().name(), host.now()));
      return;
    }
    var row = ClusterRow.of(after, clusters.object(change.key()).orElse(null));
    engine.tell(each -> each.cluster(row, host.now()));
  }

  private void setChanged(Cache.Change<ManagedClusterSet> change) {
    var after = change.after();
    engine.tell(each -> {
      if (after == null) {
        each.setGone(change.key().name(), host.now());
      } else {
        each.set(after, host.now());
      }
    });
  }

  private void bindingChanged(Cache.Change<ManagedClusterSetBinding> change) {
    var key = change.key();
    engine.tell(each -> {
      if (change.after() == null) {
        each.unbound(key.namespace(), key.name(), host.now());
      } else {
        each.bound(key.namespace(), key.name(), host.now());
      }
    });
  }

  @Override
  public void close() {
    parts.close();
  }
}
