package io.nave.e2e;

import java.nio.file.Path;

/// With control planes from `KUBEBUILDER_ASSETS`. Where these are so old that custom resources
/// crash them, `east` serves the kind of the agent's records in another way and `west` does not, so
/// that both ways of keeping them are used.
@NeedsKubernetes
class JoinRealClustersE2E extends JoinRealClusters {
  @Override
  RealCluster start(String name, Path parent) {
    return KubeCluster.startWithWorkloads(Until.HOST, name, parent, name.equals("east"));
  }
}
