package io.nave.e2e;

import java.nio.file.Path;

/// With clusters of kind's image in Docker.
@NeedsKind
class JoinKindClustersE2E extends JoinRealClusters {
  @Override
  RealCluster start(String name, Path parent) {
    return KindCluster.start(name, parent);
  }
}
