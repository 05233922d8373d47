package io.nave.hub;

import io.nave.api.Resource;
import io.nave.apiserver.registry.ServedType;
import io.nave.applications.api.Application;
import io.nave.placement.PlacementDesk;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ClusterProfile;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.work.AppliedManifestWork;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ReplicaSetRevision;
import java.util.ArrayList;
import java.util.List;

/// The kinds that make a hub of an API server. Each is a record, from which its CRD comes.
public final class HubKinds {
  private static final List<Class<? extends Resource>> SERVED =
      List.of(
          ManagedCluster.class,
          ManagedClusterSet.class,
          ManagedClusterSetBinding.class,
          ClusterProfile.class,
          ManagedClusterAddOn.class,
          Placement.class,
          PlacementDecision.class,
          AddOnPlacementScore.class,
          ManifestWork.class,
          ManifestWorkReplicaSet.class,
          ReplicaSetRevision.class,
          Application.class);

  private HubKinds() {}

  /// The kinds whose CRDs stand in `deploy/crds`: those a hub serves, and those an agent keeps in
  /// its cluster.
  public static List<Class<? extends Resource>> published() {
    var all = new ArrayList<>(SERVED);
    all.add(AppliedManifestWork.class);
    return List.copyOf(all);
  }

  /// @param desk answers questions about Placements
  static List<ServedType> served(PlacementDesk desk) {
    return SERVED.stream()
        .map(kind ->
            kind == Placement.class
                ? PlacementSides.with(ServedType.of(kind), desk)
                : ServedType.of(kind))
        .toList();
  }
}
