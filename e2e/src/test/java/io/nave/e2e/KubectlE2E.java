package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The real `kubectl` against a hub process, as an administrator uses it. Each test works in a
/// namespace of its own.
@NeedsKubernetes
class KubectlE2E extends KubectlOnHub {
  @Test
  void applyCreatesThenChangesThenLeavesAlone() {
    assertThat(kubectl.apply(configMap("one"))).isEqualTo("configmap/settings created\n");
    assertThat(kubectl.apply(configMap("two"))).isEqualTo("configmap/settings configured\n");
    assertThat(kubectl.apply(configMap("two"))).isEqualTo("configmap/settings unchanged\n");

    assertThat(
            kubectl
                .json("get", "configmap", "settings", "-n", namespace)
                .at("/data/colour")
                .asString(""))
        .isEqualTo("two");
  }

  @Test
  void applyRemovesWhatIsNoLongerThere() {
    kubectl.apply(configMap("one") + "  size: large\n");

    kubectl.apply(configMap("one"));

    assertThat(
            kubectl
                .json("get", "configmap", "settings", "-n", namespace)
                .at("/data")
                .propertyNames())
        .containsExactly("colour");
  }

  @Test
  void deleteTakesItAway() {
    kubectl.apply(configMap("one"));

    assertThat(kubectl.ok("delete", "configmap", "settings", "-n", namespace))
        .startsWith("configmap \"settings\" deleted");

    assertThat(kubectl.run("", "get", "configmap", "settings", "-n", namespace).refused(1))
        .isEqualTo("Error from server (NotFound): configmaps \"settings\" not found\n");
  }

  @Test
  void aDeletedNamespaceTakesItsObjectsAlong() {
    kubectl.apply(configMap("one"));

    kubectl.ok("delete", "namespace", namespace);

    assertThat(kubectl.run("", "get", "namespace", namespace).refused(1)).contains("NotFound");
    kubectl.ok("create", "namespace", namespace);
    assertThat(kubectl.ok("get", "configmaps", "-n", namespace, "-o", "name"))
        .doesNotContain("settings");
  }

  @Test
  void getWatchShowsEachChange() {
    kubectl.apply(configMap("one"));
    var format = "custom-columns=NAME:.metadata.name,COLOUR:.data.colour";
    try (var watch =
        kubectl.start(
            "watch", "get", "configmaps", "-n", namespace, "-w", "-o", format, "--no-headers")) {
      watch.awaitLine("settings   one");
      kubectl.apply(configMap("two"));
      watch.awaitLine("settings   two");
      kubectl.ok("create", "configmap", "another", "-n", namespace, "--from-literal=colour=red");
      watch.awaitLine("another    red");
      assertThat(watch.running()).isTrue();
    }
  }

  @Test
  void waitReturnsWhenTheConditionHolds() {
    kubectl.apply(
        """
        apiVersion: cluster.open-cluster-management.io/v1
        kind: ManagedCluster
        metadata: {name: waited}
        spec: {hubAcceptsClient: true}
        """);

    kubectl.ok(
        "wait",
        "managedcluster",
        "waited",
        "--for=condition=HubAcceptedManagedCluster",
        "--timeout=120s");

    Until.equals("its namespace", 0, () -> kubectl.run("", "get", "namespace", "waited").exit());
    kubectl.ok("delete", "managedcluster", "waited");
  }

  @Test
  void labelAnnotateAndPatchChangeAnObject() {
    kubectl.apply(configMap("one"));

    kubectl.ok("label", "configmap", "settings", "-n", namespace, "team=blue");
    kubectl.ok("annotate", "configmap", "settings", "-n", namespace, "note=hello");
    kubectl.ok(
        "patch",
        "configmap",
        "settings",
        "-n",
        namespace,
        "--type=json",
        "-p",
        "[{\"op\":\"add\",\"path\":\"/data/more\",\"value\":\"yes\"}]");
    kubectl.ok(
        "patch", "configmap", "settings", "-n", namespace, "-p", "{\"data\":{\"colour\":\"two\"}}");

    var stored =
        kubectl.json("get", "configmaps", "-n", namespace, "-l", "team=blue").at("/items/0");
    assertThat(stored.at("/metadata/annotations/note").asString("")).isEqualTo("hello");
    assertThat(stored.at("/data/more").asString("")).isEqualTo("yes");
    assertThat(stored.at("/data/colour").asString("")).isEqualTo("two");
  }

  @Test
  void replaceOfAnOldVersionIsAConflict() {
    kubectl.apply(configMap("one"));
    var old = kubectl.ok("get", "configmap", "settings", "-n", namespace, "-o", "json");
    kubectl.apply(configMap("two"));

    assertThat(kubectl.run(old, "replace", "-f", "-").refused(1))
        .contains("(Conflict)")
        .contains("the object has been modified; please apply your changes to the latest version");
  }

  @Test
  void describeShowsAClusterWithItsConditions() {
    kubectl.apply(
        """
        apiVersion: cluster.open-cluster-management.io/v1
        kind: ManagedCluster
        metadata: {name: described}
        spec: {hubAcceptsClient: true}
        """);

    Until.contains(
        "what describe prints",
        "HubAcceptedManagedCluster",
        () -> kubectl.ok("describe", "managedcluster", "described"));
    kubectl.ok("delete", "managedcluster", "described");
  }

  @Test
  void apiResourcesAreTheHubsKinds() {
    assertThat(kubectl.ok("api-resources", "-o", "name").lines())
        .contains(
            "configmaps",
            "secrets",
            "namespaces",
            "leases.coordination.k8s.io",
            "certificatesigningrequests.certificates.k8s.io",
            "clusterroles.rbac.authorization.k8s.io",
            "managedclusters.cluster.open-cluster-management.io",
            "managedclustersets.cluster.open-cluster-management.io",
            "placements.cluster.open-cluster-management.io",
            "placementdecisions.cluster.open-cluster-management.io",
            "manifestworks.work.open-cluster-management.io",
            "applications.core.oam.dev");
    assertThat(kubectl.ok("api-versions").lines())
        .contains("v1", "core.oam.dev/v1beta1", "work.open-cluster-management.io/v1");
  }

  @Test
  void shortNamesWork() {
    kubectl.ok("get", "mcl");
    kubectl.ok("get", "cm", "-n", namespace);
  }

  @Test
  void authCanIAnswersForTheAdministratorAndForOthers() {
    assertThat(kubectl.ok("auth", "can-i", "delete", "managedclusters")).isEqualTo("yes\n");
    assertThat(
            kubectl.run("", "auth", "can-i", "get", "secrets", "-n", "kube-system", "--as=nobody"))
        .satisfies(output -> {
          assertThat(output.exit()).isEqualTo(1);
          assertThat(output.out()).startsWith("no");
        });
  }

  @Test
  void rolesLetOthersInAndNoFurther() {
    kubectl.apply(configMap("one"));
    kubectl.ok(
        "create", "role", "reader", "-n", namespace, "--verb=get,list", "--resource=configmaps");
    kubectl.ok("create", "rolebinding", "anna", "-n", namespace, "--role=reader", "--user=anna");

    assertThat(kubectl.ok("get", "configmap", "settings", "-n", namespace, "--as=anna"))
        .contains("settings");
    assertThat(
            kubectl
                .run("", "delete", "configmap", "settings", "-n", namespace, "--as=anna")
                .refused(1))
        .isEqualTo(
            "Error from server (Forbidden): configmaps \"settings\" is forbidden: User \"anna\""
                + " cannot delete resource \"configmaps\" in API group \"\" in the namespace \""
                + namespace
                + "\"\n");
  }

  @Test
  void anUnknownFieldAndAWrongTypeAreRefused() {
    var cluster =
        """
        apiVersion: cluster.open-cluster-management.io/v1
        kind: ManagedCluster
        metadata: {name: odd}
        spec: {hubAcceptsClient: %s, %s: 1}
        """;

    assertThat(kubectl.run(cluster.formatted("true", "colour"), "create", "-f", "-").refused(1))
        .contains("unknown field \"spec.colour\"");
    assertThat(
            kubectl
                .run(cluster.formatted("maybe", "leaseDurationSeconds"), "create", "-f", "-")
                .refused(1))
        .contains("spec.hubAcceptsClient")
        .contains("boolean");
  }

  @Test
  void serverSideDryRunChangesNothing() {
    var said = kubectl.run(configMap("one"), "apply", "--dry-run=server", "-f", "-").ok();

    assertThat(said).isEqualTo("configmap/settings created (server dry run)\n");
    assertThat(kubectl.run("", "get", "configmap", "settings", "-n", namespace).refused(1))
        .contains("NotFound");
  }

  @Test
  void anApprovedRequestBecomesACertificateThatLetsItsOwnerInAndNoFurther() {
    var pair = KeyPairs.generate(Until.HOST.secureRandom());
    var pem = CertificateRequest.create(pair, "bert", List.of("readers")).toPem();
    kubectl.apply(
        """
        apiVersion: certificates.k8s.io/v1
        kind: CertificateSigningRequest
        metadata: {name: bert}
        spec:
          signerName: kubernetes.io/kube-apiserver-client
          usages: [client auth]
          request: %s
        """
            .formatted(base64(pem)));
    assertThat(kubectl.ok("get", "csr", "bert")).contains("Pending").contains("nave-admin");

    kubectl.ok("certificate", "approve", "bert");

    Until.contains("its state", "Approved,Issued", () -> kubectl.ok("get", "csr", "bert"));
    var issued = kubectl.json("get", "csr", "bert").at("/status/certificate").asString("");
    var bert = new Kubectl(folder, kubeconfig("bert", text(issued), pair));
    assertThat(bert.run("", "get", "configmaps", "-n", namespace).refused(1))
        .contains("User \"bert\" cannot list resource \"configmaps\"");
    kubectl.ok("create", "role", "lister", "-n", namespace, "--verb=list", "--resource=configmaps");
    kubectl.ok(
        "create", "rolebinding", "readers", "-n", namespace, "--role=lister", "--group=readers");
    Until.equals(
        "bert to get in", 0, () -> bert.run("", "get", "configmaps", "-n", namespace).exit());
  }

  @Test
  void aDeniedRequestStaysWithoutCertificate() {
    var pair = KeyPairs.generate(Until.HOST.secureRandom());
    var pem = CertificateRequest.create(pair, "carl", List.of()).toPem();
    kubectl.apply(
        """
        apiVersion: certificates.k8s.io/v1
        kind: CertificateSigningRequest
        metadata: {name: carl}
        spec:
          signerName: kubernetes.io/kube-apiserver-client
          usages: [client auth]
          request: %s
        """
            .formatted(base64(pem)));

    kubectl.ok("certificate", "deny", "carl");

    assertThat(kubectl.ok("get", "csr", "carl")).contains("Denied");
    assertThat(kubectl.json("get", "csr", "carl").at("/status/certificate").isMissingNode())
        .isTrue();
  }

  @Test
  void healthAndVersionNeedNoName() {
    assertThat(kubectl.ok("get", "--raw", "/readyz")).isEqualTo("ok");
    assertThat(kubectl.ok("get", "--raw", "/readyz?verbose"))
        .isEqualTo("[+]ping ok\n[+]store ok\n[+]store-readiness ok\nreadyz check passed\n");
    assertThat(kubectl.ok("version")).contains("Server Version: v1.");
    assertThat(kubectl.ok("get", "--raw", "/metrics")).contains("# HELP hub_");
  }

  private Path kubeconfig(String user, String certificatePem, KeyPair pair) {
    try {
      var own = Kubeconfig.read(Files.readString(hub.administrator()));
      var login = new Kubeconfig.Login.Certificate(certificatePem, KeyPairs.toPkcs8Pem(pair));
      return Files.writeString(folder.resolve(user + ".kubeconfig"), own.withLogin(login).write());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private String configMap(String colour) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: %s
    data:
      colour: %s
    """
        .formatted(namespace, colour);
  }
}
