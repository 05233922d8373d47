package io.nave.placement.schedule;

import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.placement.schedule.Schedule.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// Cuts the chosen clusters into decision groups (spec §5.4).
final class Groups {
  private final List<Group> groups = new ArrayList<>();
  private final int length;

  private Groups(int length) {
    this.length = length;
  }

  /// The groups in order; one empty group when nothing was chosen.
  ///
  /// @param selected in the order in which they are written
  static List<Group> of(
      Program program, Fleet fleet, int[] selected, IntFunction<Decision> decision) {
    var asked = Share.of(program.grouping().length(), selected.length);
    var groups = new Groups(asked <= 0 || asked > selected.length ? selected.length : asked);
    var left = new ArrayList<Integer>(selected.length);
    for (var cluster : selected) {
      left.add(cluster);
    }
    for (var named : program.grouping().named()) {
      Predicate<Integer> member =
          cluster -> {
            var row = fleet.row(cluster);
            return row != null && named.has(row);
          };
      groups.cut(named.name(), left.stream().filter(member).map(decision::apply).toList());
      left.removeIf(member);
    }
    groups.cut("", left.stream().map(decision::apply).toList());
    return groups.groups.isEmpty() ? empty() : List.copyOf(groups.groups);
  }

  /// The one group that stands when nothing is chosen.
  static List<Group> empty() {
    return List.of(new Group(0, "", List.of()));
  }

  private void cut(String name, List<Decision> members) {
    for (var from = 0; from < members.size(); from += length) {
      var chunk = members.subList(from, Math.min(members.size(), from + length));
      groups.add(new Group(groups.size(), name, List.copyOf(chunk)));
    }
  }
}
