package io.nave.work;

import org.jspecify.annotations.Nullable;

/// Which objects of a work stay behind when the work goes (spec/ocm-behaviour.md §2.9, §6.8).
public final class OrphanRule {
  private OrphanRule() {}

  /// Whether `deleteOption` leaves this object behind. Such an object carries no owner reference.
  public static boolean keeps(
      ManifestWork.@Nullable DeleteOption option,
      String group,
      String resource,
      String namespace,
      String name) {
    if (option == null) {
      return false;
    }
    return switch (option.propagationPolicy()) {
      case "Orphan" -> true;
      case "SelectivelyOrphan" -> selected(option, group, resource, namespace, name);
      case null, default -> false;
    };
  }

  private static boolean selected(
      ManifestWork.DeleteOption option,
      String group,
      String resource,
      String namespace,
      String name) {
    var selective = option.selectivelyOrphans();
    if (selective == null) {
      return false;
    }
    for (var rule : selective.orphaningRules()) {
      if (ManifestOptions.Selector.of(rule).matches(group, resource, namespace, name)) {
        return true;
      }
    }
    return false;
  }
}
