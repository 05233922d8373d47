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
import io.nave.placement.schedule.Schedule;
import io.nave.runtime.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves [PlacementReconciler] from caches, the engine and one client.
record HubPlacementWorld(
    Host host,
    ApiClient client,
    Cache<Placement> placements,
    Cache<PlacementDecision> decisions,
    EngineRoom engine,
    OwnWrites writes,
    EventTeller events)
    implements PlacementReconciler.World {
  /// Index of decisions by the key of their Placement.
  static final String BY_PLACEMENT = "placement";

  private static final ResourceType PLACEMENT = ResourceType.of(Placement.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);

  /// The Placement a decision is of; one without the label stands for itself, so that Balance
  /// counts it.
  static Key placementOf(PlacementDecision decision) {
    var meta = decision.metadata();
    var name = meta.labels().get(Placement.LABEL);
    return Key.of(meta.namespace(), name == null ? "decision:" + meta.name() : name);
  }

  @Override
  public Optional<Placement> placement(Key key) {
    return placements.get(key);
  }

  @Override
  public Optional<Schedule> schedule(Key placement) {
    return engine.ask(engine -> engine.desired(placement));
  }

  @Override
  public List<PlacementDecision> decisions(Key placement) {
    return writes.orWritten(placement, decisions.byIndex(BY_PLACEMENT, placement.toString()));
  }

  @Override
  public void write(Placement placement, PlacementReconciler.Change change) {
    var series = new ArrayList<Write>();
    for (var decision : change.create()) {
      series.add(new Write.Create(DECISION, Codec.encode(decision)));
      series.add(status(DECISION, decision, decision.status()));
    }
    var labels = new HashMap<String, Map<String, String>>();
    decisions(placement.key())
        .forEach(each -> labels.put(each.metadata().name(), each.metadata().labels()));
    for (var decision : change.update()) {
      if (!decision.metadata().labels().equals(labels.get(decision.metadata().name()))) {
        series.add(labels(decision));
      }
      series.add(status(DECISION, decision, decision.status()));
    }
    for (var decision : change.delete()) {
      series.add(new Write.Delete(DECISION, decision.key(), decision.metadata().uid()));
    }
    if (!change.status().equals(placement.status())) {
      series.add(status(PLACEMENT, placement, change.status()));
    }
    writes.wrote(placement.key(), change.stands(), client.commit(series));
    tell(placement, change);
  }

  private void tell(Placement placement, PlacementReconciler.Change change) {
    var scores = engine.look(each -> each.takeScores(placement.key()));
    if (change.decisionsDiffer() && events.hasRoom()) {
      events.tell(DecisionEvents.of(placement, change, scores, host.now()));
    }
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
