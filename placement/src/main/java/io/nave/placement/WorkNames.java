package io.nave.placement;

import io.nave.api.Key;

/// How the features that follow Placements name what they put into a cluster, so that works can be
/// told before they are there. The hub, which knows them all, says so.
public interface WorkNames {
  /// The name of an Application's work in every cluster.
  String ofApplication(Key application);

  /// The name of a replica set's first work in every cluster of a Placement of its namespace.
  String ofReplicaSet(Key replicaSet, String placement);
}
