package io.nave.bench;

import io.nave.bench.wire.Ask;
import java.util.List;

/// How much a hub keeps of its clusters, as its own lists show it.
final class Sizes {
  private static final List<String> LISTS =
      List.of(
          "/apis/cluster.open-cluster-management.io/v1/managedclusters",
          "/apis/certificates.k8s.io/v1/certificatesigningrequests",
          "/apis/coordination.k8s.io/v1/leases",
          "/apis/rbac.authorization.k8s.io/v1/clusterroles",
          "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
          "/apis/rbac.authorization.k8s.io/v1/rolebindings",
          "/api/v1/namespaces");

  private Sizes() {}

  /// Bytes of everything that belongs to clusters.
  static double stored(Run run) {
    var line = run.adminLine();
    var sum = 0.0;
    for (var list : LISTS) {
      sum += line.must(Ask.get(list)).body().length;
    }
    line.close();
    return sum;
  }
}
