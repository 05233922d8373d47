package io.nave.applications.policies;

import io.nave.applications.api.Application.Component;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The `replication` policy (spec §10.6): one copy of each selected component for every key. Pure.
public final class Replication {
  private Replication() {}

  /// A component, or one copy of it.
  ///
  /// @param replicaKey empty: it is not copied
  public record Copy(Component component, String replicaKey) {}

  /// @param notices what selects nothing, with its path and a remedy
  public record Copied(List<Copy> copies, List<String> notices) {
    public Copied {
      copies = List.copyOf(copies);
      notices = List.copyOf(notices);
    }
  }

  /// Every component once.
  public static List<Copy> none(List<Component> components) {
    return components.stream().map(component -> new Copy(component, "")).toList();
  }

  /// The copies that one policy makes of what is not copied yet.
  ///
  /// @param path of the policy, for notices
  public static Copied apply(List<Copy> before, ObjectNode parameter, String path) {
    var keys = RuleSelector.texts(parameter, "keys").stream().distinct().toList();
    var selector = RuleSelector.texts(parameter, "selector");
    var copies = new ArrayList<Copy>();
    for (var copy : before) {
      if (copy.replicaKey().isEmpty() && selector.contains(copy.component().name())) {
        keys.forEach(key -> copies.add(new Copy(copy.component(), key)));
      } else {
        copies.add(copy);
      }
    }
    var notices = new ArrayList<String>();
    for (var i = 0; i < selector.size(); i++) {
      var wanted = selector.get(i);
      if (before.stream().noneMatch(copy -> copy.component().name().equals(wanted))) {
        notices.add(
            "%s.properties.selector[%d]: copies nothing: there is no component \"%s\""
                .formatted(path, i, wanted));
      }
    }
    return new Copied(copies, notices);
  }
}
