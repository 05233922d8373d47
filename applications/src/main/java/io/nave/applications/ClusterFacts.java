package io.nave.applications;

import io.nave.registration.api.ManagedCluster;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What rendering asks of the hub.
interface ClusterFacts {
  Optional<ManagedCluster> cluster(String name);

  /// The hub's objects that a component refers to, by name; none where there is no hub.
  default List<ObjectNode> objects(String namespace, Reference reference) {
    return List.of();
  }
}
