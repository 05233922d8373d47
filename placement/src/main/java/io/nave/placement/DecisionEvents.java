package io.nave.placement;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.HubKinds;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What happened to a Placement's decisions, as the events upstream tells on the Placement: same
/// reasons, actions and notes (spec §5.5). They go away by themselves after an hour.
final class DecisionEvents {
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final ResourceType PLACEMENT = ResourceType.of(Placement.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);

  private final Placement placement;
  private final Instant now;
  private final List<Write> events = new ArrayList<>();

  private DecisionEvents(Placement placement, Instant now) {
    this.placement = placement;
    this.now = now;
  }

  /// The writes that tell of a change of decisions; none when none changed.
  ///
  /// @param scores as upstream writes them; empty when nothing was scored
  static List<Write> of(
      Placement placement, PlacementReconciler.Change change, String scores, Instant now) {
    var events = new DecisionEvents(placement, now);
    change.create().forEach(each -> events.tell(each, "Create", "created", ""));
    change.update().forEach(each -> events.tell(each, "Update", "updated", change.warning()));
    change.delete().forEach(each -> events.tell(each, "Delete", "deleted", ""));
    var scored = change.create().isEmpty() ? change.update() : change.create();
    if (!scores.isEmpty() && !scored.isEmpty()) {
      events.add(scored.getFirst(), "Normal", "ScoreUpdate", "ScoreUpdated", scores);
    }
    return List.copyOf(events.events);
  }

  private void tell(PlacementDecision decision, String verb, String done, String warning) {
    var key = placement.key();
    var note =
        "Decision %s is %s with placement %s in namespace %s"
            .formatted(decision.metadata().name(), done, key.name(), key.namespace());
    add(
        decision,
        warning.isEmpty() ? "Normal" : "Warning",
        "Decision" + verb,
        "Decision" + Character.toUpperCase(done.charAt(0)) + done.substring(1),
        warning.isEmpty() ? note : cut(note + ": " + warning + " in plugin AddOn"));
  }

  /// Kubernetes takes notes of at most 1024 characters.
  private static String cut(String note) {
    return note.length() <= 1024 ? note : note.substring(0, 1018) + "......";
  }

  private void add(
      PlacementDecision decision, String type, String reason, String action, String note) {
    var stamp = Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    var name = "%s.%s.%d".formatted(placement.metadata().name(), stamp, events.size());
    var event =
        ApiObject.named(HubKinds.EVENT, placement.metadata().namespace(), name)
            .edit(tree -> {
              tree.put("eventTime", MICRO_TIME.format(now.truncatedTo(ChronoUnit.MICROS)));
              tree.put("reportingController", "placement-controller");
              tree.put("reportingInstance", "placement-controller-nave-hub");
              tree.put("action", action).put("reason", reason);
              tree.put("type", type).put("note", note);
              about(
                  tree.putObject("regarding"),
                  PLACEMENT,
                  placement.key(),
                  placement.metadata().uid());
              about(tree.putObject("related"), DECISION, decision.key(), decision.metadata().uid());
            });
    events.add(new Write.Create(HubKinds.EVENT, event));
  }

  private static void about(ObjectNode node, ResourceType type, Key key, String uid) {
    node.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    node.put("namespace", key.namespace()).put("name", key.name());
    if (!uid.isEmpty()) {
      node.put("uid", uid);
    }
  }
}
