package io.nave.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Upstream's unmodified agents of one cluster, as two programs (spec §11).
final class UpstreamAgent implements AutoCloseable {
  private final String cluster;
  private final Path folder;
  private final Path kubeconfig;
  private final Path hubFolder;
  private final Program registration;
  private Program work;

  private UpstreamAgent(
      String cluster, Path folder, Path bootstrap, Path kubeconfig, List<String> options) {
    this.cluster = cluster;
    this.folder = folder;
    this.kubeconfig = kubeconfig;
    this.hubFolder = folder.resolve("agent-" + cluster);
    var command = new ArrayList<>(common());
    command.add("--bootstrap-kubeconfig=" + bootstrap);
    command.add("--hub-kubeconfig-secret=hub-kubeconfig-" + cluster);
    command.add("--hub-kubeconfig-dir=" + hubFolder);
    command.addAll(options);
    this.registration =
        UpstreamHub.start("registration-" + cluster, folder, kubeconfig, "registration", command);
  }

  /// Starts the registration agent.
  ///
  /// @param kubeconfig of the managed cluster, which has the namespace
  ///   `open-cluster-management-agent`
  static UpstreamAgent start(
      String cluster, Path folder, Path bootstrap, Path kubeconfig, String... options) {
    return new UpstreamAgent(cluster, folder, bootstrap, kubeconfig, List.of(options));
  }

  /// Starts the work agent as soon as the hub let the cluster in.
  void work() {
    Until.holds(
        cluster + " to be let in; see " + folder.resolve("registration-" + cluster + ".err"),
        () ->
            Files.exists(hubFolder.resolve("tls.crt"))
                && Files.exists(hubFolder.resolve("kubeconfig")));
    var command = new ArrayList<>(common());
    command.add("--workload-source-driver=kube");
    command.add("--workload-source-config=" + hubFolder.resolve("kubeconfig"));
    command.add("--hub-kubeconfig-dir=" + hubFolder);
    command.add("--status-sync-interval=1s");
    this.work = UpstreamHub.start("work-" + cluster, folder, kubeconfig, "work", command);
  }

  /// Where it keeps its credential.
  Path hubFolder() {
    return hubFolder;
  }

  @Override
  public void close() {
    if (work != null) {
      work.close();
    }
    registration.close();
  }

  private List<String> common() {
    return List.of(
        "agent",
        UpstreamHub.NO_ELECTION,
        "--namespace=open-cluster-management-agent",
        "--spoke-cluster-name=" + cluster,
        "--agent-id=agent-of-" + cluster);
  }
}
