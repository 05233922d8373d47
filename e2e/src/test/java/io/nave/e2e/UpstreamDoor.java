package io.nave.e2e;

import io.nave.api.Json;
import io.nave.controllers.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How a cluster knocks at a hub of upstream's make: the bootstrap account, its rights and a token
/// of it, as upstream's installer and `clusteradm get token` make them.
final class UpstreamDoor {
  private UpstreamDoor() {}

  /// Makes the account on the hub, and a kubeconfig with a token of it.
  ///
  /// @param folder for the request and for the file that is given back
  /// @param administrator of the hub
  static Path open(Path folder, Kubectl onHub, Path administrator) {
    onHub.apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: open-cluster-management}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: agent-registration-bootstrap, namespace: open-cluster-management}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "open-cluster-management:bootstrap"}
        rules:
        - {apiGroups: [""], resources: [configmaps], verbs: [get]}
        - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get, list, watch]}
        - {apiGroups: [cluster.open-cluster-management.io], resources: [managedclusters], verbs: [get, create, list, watch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "open-cluster-management:bootstrap"}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "open-cluster-management:bootstrap"}
        subjects:
        - {kind: ServiceAccount, name: agent-registration-bootstrap, namespace: open-cluster-management}
        """);
    var place =
        "/api/v1/namespaces/open-cluster-management/serviceaccounts/agent-registration-bootstrap/token";
    try {
      var request = folder.resolve("token-request.json");
      Files.writeString(
          request,
          "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{\"expirationSeconds\":3600}}");
      var answer = Json.parse(onHub.ok("create", "--raw", place, "-f", request.toString()));
      var token = new Kubeconfig.Login.Token(answer.at("/status/token").asString(""));
      var hub = Kubeconfig.read(Files.readString(administrator));
      return Files.writeString(folder.resolve("upstream.bootstrap"), hub.withLogin(token).write());
    } catch (IOException e) {
      throw new UncheckedIOException("no bootstrap kubeconfig", e);
    }
  }
}
