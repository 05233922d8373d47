package io.nave.e2e;

import java.nio.file.Path;

/// With control planes from `KUBEBUILDER_ASSETS`.
@NeedsKubernetes
class JoinRealClustersE2E extends JoinRealClusters {
  @Override
  RealCluster start(String name, Path parent) {
    return KubeCluster.start(Until.HOST, name, parent);
  }
}
