package io.nave.placement.schedule;

import io.nave.api.LabelSelector;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Names of labels and claims, told apart by a letter in front, as the indexes are keyed.
final class Keys {
  private Keys() {}

  static String label(String name) {
    return "l:" + name;
  }

  static String claim(String name) {
    return "c:" + name;
  }

  static void ofLabels(Set<String> keys, LabelSelector selector) {
    selector.matchLabels().keySet().forEach(name -> keys.add(label(name)));
    selector.matchExpressions().forEach(each -> keys.add(label(each.key())));
  }

  static void ofClaims(Set<String> keys, LabelSelector selector) {
    selector.matchLabels().keySet().forEach(name -> keys.add(claim(name)));
    selector.matchExpressions().forEach(each -> keys.add(claim(each.key())));
  }

  /// What a Placement looks at when it spreads, groups and divides.
  static Set<String> ofLayout(Program program) {
    var keys = new TreeSet<String>();
    for (var group : program.grouping().named()) {
      ofLabels(keys, group.labels());
      ofClaims(keys, group.claims());
    }
    if (program.division() != null) {
      for (var weight : program.division().weights()) {
        ofLabels(keys, weight.clusters().labels());
        ofClaims(keys, weight.clusters().claims());
      }
    }
    for (var constraint : program.spread()) {
      var name = constraint.topologyKey();
      keys.add(constraint.topologyKeyType().equals("Claim") ? claim(name) : label(name));
    }
    return keys;
  }

  /// The labels and claims in which two rows differ.
  static Set<String> changed(ClusterRow before, ClusterRow after) {
    var keys = new TreeSet<String>();
    if (!before.labels().equals(after.labels())) {
      differing(before.labels(), after.labels(), "l:", keys);
    }
    if (!before.claims().equals(after.claims())) {
      differing(before.claims(), after.claims(), "c:", keys);
    }
    return keys;
  }

  private static void differing(
      Map<String, String> before, Map<String, String> after, String prefix, Set<String> keys) {
    before.forEach((name, value) -> {
      if (!value.equals(after.get(name))) {
        keys.add(prefix + name);
      }
    });
    after.forEach((name, value) -> {
      if (!Objects.equals(value, before.get(name))) {
        keys.add(prefix + name);
      }
    });
  }
}
