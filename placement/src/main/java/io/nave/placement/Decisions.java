package io.nave.placement;

import io.nave.api.Meta;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.placement.api.PlacementDecision.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Turns a schedule into PlacementDecision objects (spec §5.4 points 3 and 4).
final class Decisions {
  private static final String GROUP_NAME = "cluster.open-cluster-management.io/decision-group-name";
  private static final String GROUP_INDEX =
      "cluster.open-cluster-management.io/decision-group-index";

  private Decisions() {}

  /// The objects that should be there, in order, named `<placement>-decision-<n>` from 1.
  static List<PlacementDecision> of(Placement placement, List<Schedule.Group> groups) {
    var objects = new ArrayList<PlacementDecision>();
    for (var group : groups) {
      for (var chunk : chunks(group.clusters())) {
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
      var index = Integer.toString(group.index());
      var names =
          objects.stream()
              .filter(o -> index.equals(o.metadata().labels().get(GROUP_INDEX)))
              .map(o -> o.metadata().name())
              .toList();
      summary.add(
          new Placement.DecisionGroup(group.index(), group.name(), names, group.clusters().size()));
    }
    return summary;
  }

  private static List<List<String>> chunks(List<String> clusters) {
    if (clusters.isEmpty()) {
      return List.of(List.of());
    }
    var chunks = new ArrayList<List<String>>();
    for (var from = 0; from < clusters.size(); from += PlacementDecision.DECISIONS_MAX) {
      chunks.add(
          clusters.subList(
              from, Math.min(clusters.size(), from + PlacementDecision.DECISIONS_MAX)));
    }
    return chunks;
  }

  private static PlacementDecision object(
      Placement placement, Schedule.Group group, int number, List<String> clusters) {
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
                    GROUP_NAME,
                    group.name(),
                    GROUP_INDEX,
                    Integer.toString(group.index())))
            .withOwner(owner),
        new PlacementDecision.Status(
            clusters.stream().map(name -> new Decision(name, "")).toList()));
  }
}
