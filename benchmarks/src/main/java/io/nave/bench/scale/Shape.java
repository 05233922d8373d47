package io.nave.bench.scale;

/// What is lived through.
///
/// @param clusters an agent each, at most [#CLUSTERS_MAX]
/// @param replicas processes on one store, at least 1; agents are spread over them
/// @param cores of each
/// @param changesPerHour statuses that each cluster has to tell
/// @param pushed clusters that each change of a placement reaches
/// @param seconds of virtual time before the restart, and again at most after it
record Shape(
    int clusters, int replicas, int cores, double changesPerHour, int pushed, double seconds) {
  static final int CLUSTERS_MAX = 10_000_000;

  Shape {
    if (clusters < 1 || clusters > CLUSTERS_MAX) {
      throw new IllegalArgumentException(
          "clusters: expected 1 to " + CLUSTERS_MAX + ", found " + clusters);
    }
    if (replicas < 1 || cores < 1) {
      throw new IllegalArgumentException("replicas and cores: expected at least 1 of each");
    }
    pushed = Math.min(pushed, clusters);
  }
}
