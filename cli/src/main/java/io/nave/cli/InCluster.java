package io.nave.cli;

import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The cluster this process runs in, as Kubernetes gives it to every pod.
final class InCluster {
  private static final Path FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private InCluster() {}

  /// @throws CommandFault when this process runs in no cluster
  static Kubeconfig kubeconfig(Host host) {
    var address = System.getenv("KUBERNETES_SERVICE_HOST");
    var port = System.getenv("KUBERNETES_SERVICE_PORT");
    if (address == null || port == null) {
      throw new CommandFault(
          "--in-cluster: KUBERNETES_SERVICE_HOST is not set, so this runs in no cluster; use"
              + " --kubeconfig");
    }
    var name = address.contains(":") ? "[" + address + "]" : address;
    return Kubeconfig.of(
        "in-cluster",
        "https://" + name + ":" + port,
        file(host, "ca.crt"),
        new Kubeconfig.Login.Token(file(host, "token").strip()));
  }

  private static String file(Host host, String name) {
    return host.disk()
        .read(FOLDER.resolve(name))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(() ->
            new CommandFault(
                "--in-cluster: "
                    + FOLDER.resolve(name)
                    + " is missing; let the pod mount its service account's token"));
  }
}
