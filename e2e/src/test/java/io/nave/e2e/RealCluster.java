package io.nave.e2e;

import java.nio.file.Path;

/// A real Kubernetes API server to join.
interface RealCluster extends AutoCloseable {
  /// Its administrator's kubeconfig; usable from this machine.
  Path kubeconfig();

  /// An image that its nodes can run without fetching anything; any name where there are no nodes.
  String image();

  /// Whether kubelets run its pods. Where they do not, a test has to speak for them.
  boolean hasNodes();

  @Override
  void close();
}
