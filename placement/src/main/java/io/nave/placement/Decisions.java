package io.nave.placement;

import io.nave.api.Meta;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.placement.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Turns a schedule into PlacementDecision objects (spec §5.4 points 3 and 4).
final class Decisions {
  private Decisions() {}

  /// The objects that should be there, in order, named `<placement>-decision-<n>` from 1.
  static List<PlacementDecision> of(Placement placement, List<Schedule.Group> groups) {
    var objects = new ArrayList<PlacementDecision>();
    for (var group : groups) {
      for (var chunk : chunks(group.decisions())) {
        objects.add(object(placement, group, objects.size() + 1, chunk));
      }
    }
    return objects;
  }

  /// The names of a group's objects, in order.
  static List<Placement.DecisionGroup> summary(
      List<Schedule.Group> groups, List<PlacementDecision> objects) {
    var summary = new ArrayList<Placement.DecisionGroup>();
    for (var group : groups) {
      summary.add(
          new Placement.DecisionGroup(
              group.index(),
              group.name(),
              namesOf(objects, Integer.toString(group.index())),
              group.decisions().size()));
    }
    return summary;
  }

  private static List<String> namesOf(List<PlacementDecision> objects, String index) {
    return objects.stream()
        .filter(o -> index.equals(o.metadata().labels().get(Placement.GROUP_INDEX_LABEL)))
        .map(o -> o.metadata().name())
        .toList();
  }

  /// The same objects without the clusters that are not in `kept`.
  static List<PlacementDecision> only(List<PlacementDecision> present, List<String> kept) {
    return present.stream()
        .map(object ->
            new PlacementDecision(
                object.metadata(),
                new PlacementDecision.Status(
                    object.status().decisions().stream()
                        .filter(decision -> kept.contains(decision.clusterName()))
                        .toList())))
        .toList();
  }

  private static List<List<Decision>> chunks(List<Decision> decisions) {
    if (decisions.isEmpty()) {
      return List.of(List.of());
    }
    var chunks = new ArrayList<List<Decision>>();
    for (var from = 0; from < decisions.size(); from += PlacementDecision.DECISIONS_MAX) {
      chunks.add(
          decisions.subList(
              from, Math.min(decisions.size(), from + PlacementDecision.DECISIONS_MAX)));
    }
    return chunks;
  }

  private static PlacementDecision object(
      Placement placement, Schedule.Group group, int number, List<Decision> decisions) {
    var meta = placement.metadata();
    var owner =
        new Meta.OwnerReference(
            "cluster.open-cluster-management.io/v1beta1",
            "Placement",
            meta.name(),
            meta.uid(),
            true,
            true);
    return new PlacementDecision(
        Meta.named(meta.namespace(), meta.name() + "-decision-" + number)
            .withLabels(
                Map.of(
                    Placement.LABEL,
                    meta.name(),
                    Placement.GROUP_NAME_LABEL,
                    group.name(),
                    Placement.GROUP_INDEX_LABEL,
                    Integer.toString(group.index())))
            .withOwner(owner),
        new PlacementDecision.Status(decisions));
  }
}
