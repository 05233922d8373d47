package io.nave.hub;

import io.nave.api.Key;
import io.nave.applications.ApplicationsHub;
import io.nave.placement.WorkNames;
import io.nave.workhub.WorkHub;

/// The names of works as the features of this hub give them.
final class FeatureWorkNames implements WorkNames {
  @Override
  public String ofApplication(Key application) {
    return ApplicationsHub.workName(application);
  }

  @Override
  public String ofReplicaSet(Key replicaSet, String placement) {
    return WorkHub.workName(replicaSet, placement);
  }
}
