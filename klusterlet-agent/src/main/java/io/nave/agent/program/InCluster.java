package io.nave.agent.program;

import io.nave.api.Json;
import io.nave.api.Yaml;
import java.nio.file.Path;
import java.util.Map;

/// The cluster this process runs in, as Kubernetes gives it to every pod: address by environment,
/// CA and token by files. The token is read again when the cluster no longer takes it, since
/// kubelet replaces it about every hour.
public final class InCluster {
  private static final Path FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private InCluster() {}

  /// What a kubeconfig file for it says.
  ///
  /// @param environment of this process
  /// @throws AgentFault when it runs in no cluster
  public static String kubeconfig(Map<String, String> environment) {
    var address = environment.get("KUBERNETES_SERVICE_HOST");
    var port = environment.get("KUBERNETES_SERVICE_PORT");
    if (address == null || port == null) {
      throw new AgentFault(
          "--in-cluster: KUBERNETES_SERVICE_HOST is not set, so this runs in no cluster; use"
              + " --kubeconfig");
    }
    var host = address.contains(":") ? "[" + address + "]" : address;
    var name = "in-cluster";
    var file = Json.object().put("apiVersion", "v1").put("kind", "Config");
    file.put("current-context", name);
    var cluster = file.putArray("clusters").addObject().put("name", name).putObject("cluster");
    cluster.put("server", "https://" + host + ":" + port);
    cluster.put("certificate-authority", FOLDER.resolve("ca.crt").toString());
    var user = file.putArray("users").addObject().put("name", name).putObject("user");
    user.put("tokenFile", FOLDER.resolve("token").toString());
    var context = file.putArray("contexts").addObject().put("name", name).putObject("context");
    context.put("cluster", name).put("user", name);
    return Yaml.write(file);
  }

  /// What relative file names in it would be relative to.
  public static Path folder() {
    return FOLDER;
  }
}
