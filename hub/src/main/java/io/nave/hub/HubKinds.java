package io.nave.hub;

import io.nave.api.Resource;
import io.nave.apiserver.registry.ServedType;
import io.nave.applications.ApplicationDesk;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.ComponentDefinition;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Environment;
import io.nave.applications.api.Policy;
import io.nave.applications.api.PolicyDefinition;
import io.nave.applications.api.TraitDefinition;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStepDefinition;
import io.nave.placement.PlacementDesk;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ClusterClaim;
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
          Application.class,
          ApplicationRevision.class,
          Workflow.class,
          Policy.class,
          WorkflowRun.class,
          Environment.class,
          ComponentDefinition.class,
          TraitDefinition.class,
          PolicyDefinition.class,
          WorkflowStepDefinition.class,
          DefinitionRevision.class);

  private HubKinds() {}

  /// The kinds whose CRDs stand in `deploy/crds`: those a hub serves, and those an agent keeps or
  /// reads in its cluster.
  public static List<Class<? extends Resource>> published() {
    var all = new ArrayList<>(SERVED);
    all.add(AppliedManifestWork.class);
    all.add(ClusterClaim.class);
    return List.copyOf(all);
  }

  /// @param desks answer questions about what they are named after
  static List<ServedType> served(Desks desks) {
    var all = new ArrayList<ServedType>();
    for (var kind : SERVED) {
      all.add(served(kind, desks));
    }
    return List.copyOf(all);
  }

  /// Questions: they are answered and not kept, so nothing defines them.
  static List<ServedType> questions(Desks desks) {
    return List.of(ApplicationPreviews.served(desks.applications()));
  }

  private static ServedType served(Class<? extends Resource> kind, Desks desks) {
    var served = ServedType.of(kind);
    if (kind == Placement.class) {
      return PlacementSides.with(served, desks.placements());
    }
    return kind == ManagedCluster.class
        ? PlacementSides.withClusters(served, desks.placements())
        : served;
  }

  /// Where questions are answered that take more than an object to read.
  record Desks(PlacementDesk placements, ApplicationDesk applications) {
    Desks() {
      this(new PlacementDesk(new FeatureWorkNames()), new ApplicationDesk());
    }
  }
}
