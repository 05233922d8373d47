package io.nave.placement;

import io.nave.api.Codec;
import io.nave.placement.Schedule.Group;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Cuts the chosen clusters into decision groups (spec §5.4).
final class Groups {
  private static final Comparator<ManagedCluster> BY_NAME =
      Comparator.comparing(cluster -> cluster.metadata().name());

  private final List<Group> groups = new ArrayList<>();
  private final int length;

  private Groups(int length) {
    this.length = length;
  }

  /// The groups in order; one empty group when nothing was chosen.
  static List<Group> of(Placement placement, List<ManagedCluster> selected) {
    var asked = placement.spec().decisionStrategy();
    JsonNode strategy = asked == null ? MissingNode.getInstance() : asked.path("groupStrategy");
    var groups = new Groups(length(strategy.path("clustersPerDecisionGroup"), selected.size()));
    var left = new ArrayList<>(selected);
    left.sort(BY_NAME);
    for (var named : strategy.path("decisionGroups")) {
      var selector =
          Codec.decode(named.path("groupClusterSelector"), Placement.ClusterSelector.class);
      Predicate<ManagedCluster> member = cluster -> Filters.matches(selector, cluster);
      groups.cut(named.path("groupName").asString(""), left.stream().filter(member).toList());
      left.removeIf(member);
    }
    groups.cut("", left);
    if (groups.groups.isEmpty()) {
      groups.groups.add(new Group(0, "", List.of()));
    }
    return List.copyOf(groups.groups);
  }

  private void cut(String name, List<ManagedCluster> members) {
    for (var from = 0; from < members.size(); from += length) {
      var chunk = members.subList(from, Math.min(members.size(), from + length));
      groups.add(
          new Group(groups.size(), name, chunk.stream().map(c -> c.metadata().name()).toList()));
    }
  }

  private static int length(JsonNode asked, int selected) {
    var text = asked.isMissingNode() ? "100%" : asked.asString("");
    try {
      var length =
          text.endsWith("%")
              ? Math.ceilDiv(Integer.parseInt(text.substring(0, text.length() - 1)) * selected, 100)
              : Integer.parseInt(text);
      return length <= 0 || length > selected ? Math.max(1, selected) : length;
    } catch (NumberFormatException e) {
      throw new Misconfigured(
          "",
          "spec.decisionStrategy.groupStrategy.clustersPerDecisionGroup: expected a number or a"
              + " percentage, found \""
              + text
              + "\"");
    }
  }
}
