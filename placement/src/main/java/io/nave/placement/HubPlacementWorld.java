package io.nave.placement;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Serves [PlacementReconciler] from caches and one client.
record HubPlacementWorld(
    Host host,
    ApiClient client,
    Cache<Placement> placements,
    Cache<PlacementDecision> decisions,
    Cache<ManagedCluster> clusters,
    Cache<ManagedClusterSet> sets,
    Cache<ManagedClusterSetBinding> bindings)
    implements PlacementReconciler.World {
  /// Index of decisions by the key of their Placement.
  static final String BY_PLACEMENT = "placement";

  private static final ResourceType PLACEMENT = ResourceType.of(Placement.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);

  /// The value of [#BY_PLACEMENT] for a decision; none when it carries no label.
  static List<String> placementOf(PlacementDecision decision) {
    var name = decision.metadata().labels().get(Placement.LABEL);
    return name == null
        ? List.of()
        : List.of(Key.of(decision.metadata().namespace(), name).toString());
  }

  @Override
  public Optional<Placement> placement(Key key) {
    return placements.get(key);
  }

  @Override
  public List<PlacementDecision> decisions(Key placement) {
    return decisions.byIndex(BY_PLACEMENT, placement.toString());
  }

  @Override
  public Scheduler.Input input(Placement placement, Set<String> current) {
    return new Scheduler.Input(
        placement,
        clusters.list(),
        sets.list(),
        bindings.list(placement.metadata().namespace()),
        current,
        counts(placement.key().toString()),
        host.now());
  }

  private Map<String, Integer> counts(String except) {
    var counts = new TreeMap<String, Integer>();
    for (var decision : decisions.list()) {
      if (!placementOf(decision).contains(except)) {
        for (var chosen : decision.status().decisions()) {
          counts.merge(chosen.clusterName(), 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  @Override
  public void write(Placement placement, PlacementReconciler.Change change) {
    var writes = new ArrayList<Write>();
    for (var decision : change.create()) {
      writes.add(new Write.Create(DECISION, Codec.encode(decision)));
      writes.add(status(DECISION, decision, decision.status()));
    }
    for (var decision : change.update()) {
      writes.add(labels(decision));
      writes.add(status(DECISION, decision, decision.status()));
    }
    for (var decision : change.delete()) {
      writes.add(new Write.Delete(DECISION, decision.key(), decision.metadata().uid()));
    }
    if (!change.status().equals(placement.status())) {
      writes.add(status(PLACEMENT, placement, change.status()));
    }
    client.commit(writes);
  }

  private static Write labels(PlacementDecision decision) {
    return new Write.Change(
        DECISION,
        decision.key(),
        "",
        Patch.merge(body ->
            body.putObject("metadata").set("labels", Json.tree(decision.metadata().labels()))));
  }

  private static Write status(ResourceType type, Resource object, Record status) {
    return new Write.Change(
        type, object.key(), "status", Patch.merge(body -> body.set("status", Json.tree(status))));
  }

  @Override
  public Instant now() {
    return host.now();
  }
}
