package io.nave.api.apply;

import java.util.Comparator;

/// Who owns fields of an object, and by which kind of write.
///
/// Two writes belong to one owner when these are equal; of applies the version does not count.
///
/// @param name such as `kubectl-edit`
/// @param applies whether by server-side apply, as opposed to create, update and patch
/// @param apiVersion in which the fields are named
/// @param subresource through which it writes; empty for the object itself
public record Manager(String name, boolean applies, String apiVersion, String subresource)
    implements Comparable<Manager> {
  /// Who owns what was there before anything was applied.
  static final String BEFORE = "before-first-apply";

  /// Who owns what too many others wrote, oldest first.
  static final String ANCIENT = "ancient-changes";

  /// The manager that `kubectl apply --server-side` names.
  static final String KUBECTL = "kubectl";

  private static final Comparator<Manager> ORDER =
      Comparator.comparing((Manager manager) -> !manager.applies())
          .thenComparing(Manager::name)
          .thenComparing(Manager::apiVersion)
          .thenComparing(Manager::subresource);

  boolean is(Manager other) {
    return applies == other.applies
        && name.equals(other.name)
        && subresource.equals(other.subresource)
        && (applies || apiVersion.equals(other.apiVersion));
  }

  String operation() {
    return applies ? "Apply" : "Update";
  }

  /// As messages name it.
  String shown() {
    return "\""
        + name
        + "\""
        + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"")
        + (applies ? "" : " using " + apiVersion);
  }

  @Override
  public int compareTo(Manager other) {
    return ORDER.compare(this, other);
  }
}
