package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Parts;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// - Goal: our agent joins a hub that is not ours.
/// - Method: a real kube-apiserver with the kinds of Open Cluster Management as CRDs is the hub;
///   what upstream's controllers do there is done here by kubectl, and kube-controller-manager
///   signs.
@NeedsKubernetes
class JoinUpstreamHubE2E {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Path CRDS = Path.of("../deploy/crds");

  private final Path folder = Folders.fresh(getClass());
  private final Parts parts = new Parts();

  @AfterEach
  void stop() {
    parts.close();
  }

  @Test
  void ourAgentJoinsAHubOfAnotherMake() {
    assumeTrue(KubeAssets.has("kube-controller-manager"), "nobody would sign");
    assumeTrue(KubeAssets.customResourcesMissing().isEmpty(), "it dies of custom resources");
    var upstream = parts.open(KubeCluster.start(Until.HOST, "upstream", folder, false));
    var onHub = new Kubectl(folder, upstream.kubeconfig());
    prepare(onHub);
    var nave = new NaveProgram(folder);
    var practice = parts.open(PracticeProgram.start(nave, folder, "east"));
    var bootstrap = UpstreamDoor.open(folder, onHub, upstream.kubeconfig());

    var agent =
        parts.open(
            nave.start(
                "agent-east",
                "join",
                "--name=east",
                "--bootstrap=" + bootstrap,
                "--kubeconfig=" + practice.kubeconfig(),
                "--data-dir=" + folder.resolve("agent-east")));
    agent.awaitLine("cluster east waits to be accepted");
    try (var remote = Remote.open(upstream.kubeconfig())) {
      accept(onHub, remote);
      agent.awaitLine("cluster east is managed by the hub");
      Until.equals("joined and available", "True True", () -> joined(remote));
      // The lease was made without a time: what stands there is the agent's.
      Until.holds(
          "the lease to be renewed",
          () ->
              !remote
                  .client()
                  .get(HubKinds.LEASE, lease())
                  .at("/spec/renewTime")
                  .asString("")
                  .isEmpty());
    }
    assertThat(agent.out() + agent.err()).doesNotContain("PRIVATE KEY");
  }

  private static Key lease() {
    return Key.of("east", HubKinds.LEASE_NAME);
  }

  private static String joined(Remote remote) {
    var conditions =
        remote.client().get(CLUSTER, Key.of("east")).status().path("conditions").valueStream();
    var found = conditions.toList();
    var text = new StringBuilder();
    for (var type : new String[] {ManagedCluster.JOINED, ManagedCluster.AVAILABLE}) {
      for (var each : found) {
        if (each.path("type").asString("").equals(type)) {
          text.append(text.isEmpty() ? "" : " ").append(each.path("status").asString(""));
        }
      }
    }
    return text.toString();
  }

  private void prepare(Kubectl onHub) {
    for (var crd :
        new String[] {
          "managedclusters.cluster.open-cluster-management.io.yaml",
          "manifestworks.work.open-cluster-management.io.yaml"
        }) {
      // A Kubernetes of 2020 does not know validation rules; it prunes them.
      onHub.ok("apply", "--validate=false", "-f", CRDS.resolve(crd).toAbsolutePath().toString());
    }
    Until.equals("the kinds", 0, () -> onHub.run("", "get", "managedclusters").exit());
  }

  /// What upstream's hub controllers and `clusteradm accept` do (spec §4.3, §13.1).
  private void accept(Kubectl onHub, Remote remote) {
    var name = onHub.ok("get", "csr", "-o", "jsonpath={.items[0].metadata.name}");
    onHub.apply(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: east}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "open-cluster-management:managedcluster:east"}
        rules:
        - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get, list, watch]}
        - {apiGroups: [cluster.open-cluster-management.io], resources: [managedclusters], resourceNames: [east], verbs: [get, list, update, watch]}
        - {apiGroups: [cluster.open-cluster-management.io], resources: [managedclusters/status], resourceNames: [east], verbs: [patch, update]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: "open-cluster-management:managedcluster:east"}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "open-cluster-management:managedcluster:east"}
        subjects:
        - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:open-cluster-management:east"}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: "open-cluster-management:managedcluster:registration"}
        rules:
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, list, watch, update]}
        - {apiGroups: [events.k8s.io], resources: [events], verbs: [create]}
        - {apiGroups: [work.open-cluster-management.io], resources: [manifestworks, manifestworks/status], verbs: [get, list, watch, update, patch]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: "open-cluster-management:managedcluster:east:registration", namespace: east}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "open-cluster-management:managedcluster:registration"}
        subjects:
        - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:open-cluster-management:east"}
        ---
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: managed-cluster-lease, namespace: east}
        spec: {holderIdentity: managed-cluster-lease}
        """);
    onHub.ok("certificate", "approve", name);
    onHub.ok(
        "patch",
        "managedcluster",
        "east",
        "--type=merge",
        "-p",
        "{\"spec\":{\"hubAcceptsClient\":true}}");
    remote
        .client()
        .patch(
            CLUSTER,
            Key.of("east"),
            "status",
            Patch.merge(body ->
                body.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", ManagedCluster.ACCEPTED)
                    .put("status", "True")
                    .put("reason", "HubClusterAdminAccepted")
                    .put("message", "Accepted by hub cluster admin")
                    .put("lastTransitionTime", "2026-01-01T00:00:00Z")));
  }
}
