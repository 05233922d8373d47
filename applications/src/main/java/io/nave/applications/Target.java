package io.nave.applications;

import java.util.Comparator;

/// Where components run: a cluster and a namespace there.
///
/// @param forced whether the namespace replaces the one that objects name themselves
/// @param env the environment that leads here, for the status; empty: none does. Two that lead to
///   one place lead there once
record Target(String cluster, String namespace, boolean forced, String env)
    implements Comparable<Target> {
  private static final Comparator<Target> ORDER =
      Comparator.comparing(Target::cluster)
          .thenComparing(Target::namespace)
          .thenComparing(Target::forced);

  Target(String cluster, String namespace, boolean forced) {
    this(cluster, namespace, forced, "");
  }

  @Override
  public int compareTo(Target other) {
    return ORDER.compare(this, other);
  }
}
