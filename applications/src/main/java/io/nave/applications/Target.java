package io.nave.applications;

import java.util.Comparator;

/// Where components run: a cluster and a namespace there.
///
/// @param forced whether the namespace replaces the one that objects name themselves
record Target(String cluster, String namespace, boolean forced) implements Comparable<Target> {
  private static final Comparator<Target> ORDER =
      Comparator.comparing(Target::cluster)
          .thenComparing(Target::namespace)
          .thenComparing(Target::forced);

  @Override
  public int compareTo(Target other) {
    return ORDER.compare(this, other);
  }
}
