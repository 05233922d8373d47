package io.nave.e2e;

import io.nave.runtime.RealHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// A hub of upstream's make as a program of its own, for `./nave bench … --hub` to be compared with
/// (`benchmarks/README.md`). Prints what that command needs, and ends when its input does.
final class UpstreamHubProgram {
  private UpstreamHubProgram() {}

  /// @param args a folder for its data, keys and logs
  public static void main(String[] args) throws IOException {
    var folder = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
    try (var host = RealHost.start("upstream");
        var cluster = KubeCluster.startWithoutTokens(host, "upstream", folder);
        var hub = UpstreamHub.on(cluster, folder)) {
      letBootstrapTokensJoin(hub.kubectl());
      hub.control("registration", "controller");
      hub.control("placement", "controller");
      hub.control("work", "manager");
      var pids = hub.pids().stream().map(String::valueOf).collect(Collectors.joining(","));
      System.out.println("--hub " + hub.kubeconfig() + " --hub-pids " + pids);
      while (System.in.read() >= 0) { // until it ends
        Thread.onSpinWait();
      }
    }
  }

  /// The group in which `clusteradm` puts its tokens.
  private static void letBootstrapTokensJoin(Kubectl kubectl) {
    kubectl.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "open-cluster-management:bootstrap-tokens"}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "open-cluster-management:bootstrap"}
        subjects:
        - {kind: Group, name: "system:bootstrappers:managedcluster", apiGroup: rbac.authorization.k8s.io}
        """);
  }
}
