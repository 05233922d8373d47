package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.controllers.Kubeconfig;
import io.nave.runtime.Parts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// A cluster's life by the commands a person types, with real programs: `nave import` puts the
/// agent into a real cluster, what was put there lets an agent join, `nave join --status` tells how
/// it stands, the hub's authority is replaced under it, `nave detach` lets it go, with and without
/// its help.
///
/// No kubelet runs here: the test starts by hand what the Deployment says, with the rights of the
/// installed service account.
@NeedsKubernetes
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLifeE2E {
  private static final String NAMESPACE = "open-cluster-management-agent";
  private static final String GONE =
      "/apis/cluster.open-cluster-management.io/v1/managedclusters/gone";
  private static final String CREDENTIAL = "hub-kubeconfig-secret";

  private final Path folder = Folders.fresh(getClass());
  private final Parts parts = new Parts();
  private RealCluster cluster;
  private HubProgram hub;
  private Kubectl onHub;
  private Kubectl onCluster;
  private Path installed;
  private Path account;
  private Program agent;

  @BeforeAll
  void start() {
    cluster = parts.open(KubeCluster.start(Until.HOST, "east", folder, false));
    hub = parts.open(HubProgram.start(folder));
    onHub = new Kubectl(folder, hub.administrator());
    onCluster = new Kubectl(folder, cluster.kubeconfig());
  }

  @AfterAll
  void stop() {
    parts.close();
  }

  @Test
  @Order(1)
  void importPutsTheAgentIntoTheClusterAndKeepsNoKeyToIt() throws Exception {
    var said =
        nave(
                "import",
                "east",
                "--kubeconfig",
                cluster.kubeconfig().toString(),
                "--hub-kubeconfig",
                hub.administrator().toString(),
                "--image=registry.example/nave:1",
                "--label=region=eu",
                "--no-wait")
            .ok();

    assertThat(said)
        .contains("Namespace " + NAMESPACE + " created")
        .contains("ClusterRoleBinding open-cluster-management:klusterlet created")
        .contains("Deployment " + NAMESPACE + "/klusterlet created");
    var deployment = onCluster.json("get", "deployment", "klusterlet", "-n", NAMESPACE);
    var pod = deployment.at("/spec/template/spec");
    assertThat(pod.at("/containers/0/image").asString("")).isEqualTo("registry.example/nave:1");
    assertThat(pod.at("/serviceAccountName").asString("")).isEqualTo("klusterlet");
    assertThat(pod.at("/containers/0/args").toString()).contains("--name=east", "--in-cluster");
    assertThat(
            onCluster
                .json("get", "clusterrolebinding", "open-cluster-management:klusterlet")
                .at("/subjects/0/name")
                .asString(""))
        .isEqualTo("klusterlet");
    var east = onHub.json("get", "managedcluster", "east");
    assertThat(east.at("/metadata/labels/region").asString("")).isEqualTo("eu");
    assertThat(east.at("/spec/hubAcceptsClient").asBoolean(false)).isTrue();
    assertThat(onHub.ok("get", "managedcluster", "east", "-o", "yaml"))
        .contains("type: ManagedClusterImportSucceeded")
        .contains("reason: ClusterImported");
    var address = Kubeconfig.read(Files.readString(cluster.kubeconfig())).server();
    assertThat(onHub.ok("get", "secrets,configmaps", "-A", "-o", "yaml")).doesNotContain(address);
    assertThat(
            nave(
                    "import",
                    "east",
                    "--kubeconfig",
                    cluster.kubeconfig().toString(),
                    "--hub-kubeconfig",
                    hub.administrator().toString(),
                    "--image=registry.example/nave:2",
                    "--no-wait")
                .ok())
        .as("a second import brings everything up to date")
        .contains("Deployment " + NAMESPACE + "/klusterlet configured");
  }

  @Test
  @Order(2)
  void whatWasInstalledLetsTheAgentJoin() throws Exception {
    installed =
        Files.writeString(
            folder.resolve("installed.bootstrap"),
            secret("bootstrap-hub-kubeconfig", "kubeconfig"));
    account = Files.writeString(folder.resolve("account.kubeconfig"), accountKubeconfig());

    agent = startAgent();

    agent.awaitLine("cluster east is managed by the hub");
    assertThat(secret(CREDENTIAL, "tls.crt")).startsWith("-----BEGIN CERTIFICATE-----");
    Until.contains(
        "what join --status says", "cluster east is managed by the hub", () -> status().ok());
  }

  @Test
  @Order(3)
  void theHubsAuthorityIsReplacedUnderTheAgent() {
    var issuer = issuer();
    assertThat(authority().lines().filter(line -> line.startsWith("believed"))).isEmpty();

    hubCommand("authority", "--rotate").ok();
    Until.equals(
        "two authorities, one of which signs",
        List.of("signs", "believed", "1"),
        () -> authority().lines().map(line -> line.split(" +")[0]).toList());
    // An agent looks every ten minutes, and whenever it starts.
    agent.kill();
    agent = startAgent();
    agent.awaitLine("cluster east is managed by the hub");
    Until.holds("a certificate by the new authority", () -> !issuer().equals(issuer));

    hubCommand("authority", "--forget").ok();
    Until.equals(
        "one authority",
        List.of("signs", "1"),
        () -> authority().lines().map(line -> line.split(" +")[0]).toList());
    Until.contains(
        "what join --status says", "cluster east is managed by the hub", () -> status().ok());
    assertThat(agent.running()).isTrue();
  }

  @Test
  @Order(4)
  void detachTakesTheWorksOffAndThenTheRights() {
    onHub.apply(work("east", ""));
    Until.equals(
        "the work's object", 0, () -> onCluster.run("", "get", "configmap", "from-the-hub").exit());

    var said = hubCommand("detach", "east").ok();

    assertThat(said).contains("cluster east waits: ").endsWith("cluster east is detached\n");
    assertThat(onCluster.run("", "get", "configmap", "from-the-hub").exit()).isNotZero();
    assertThat(onHub.run("", "get", "managedcluster", "east").exit()).isNotZero();
    assertThat(onHub.run("", "get", "clusterrole", "open-cluster-management:managedcluster:east"))
        .satisfies(role -> assertThat(role.exit()).isNotZero());
    assertThat(status().ok())
        .contains("the hub gives this agent no rights", "cause:  rights", "remedy: ");
  }

  @Test
  @Order(5)
  void aClusterThatIsGoneIsDetachedByForceAndTheAuditSaysByWhom() throws Exception {
    onHub.apply(
        """
        apiVersion: cluster.open-cluster-management.io/v1
        kind: ManagedCluster
        metadata: {name: gone}
        spec: {hubAcceptsClient: true}
        """);
    Until.equals("its namespace", 0, () -> onHub.run("", "get", "namespace", "gone").exit());
    onHub.apply(work("gone", "cluster.open-cluster-management.io/manifest-work-cleanup"));

    var waits = hubCommand("detach", "gone", "--timeout=5s");
    assertThat(waits.exit()).isEqualTo(1);
    assertThat(waits.out()).contains("manifestworks", "remaning");
    assertThat(waits.err()).contains("nave detach --force gone");

    assertThat(hubCommand("detach", "gone", "--force").ok()).endsWith("cluster gone is detached\n");
    assertThat(onHub.ok("get", "manifestworks", "-n", "gone", "-o", "name")).isEmpty();
    Until.equals("the order in the audit log", true, this::isForceAudited);
  }

  /// Force is an annotation of the cluster: whoever wrote to it is named.
  private boolean isForceAudited() {
    return audit().stream()
        .filter(line -> line.contains("\"requestURI\":\"" + GONE))
        .anyMatch(
            line -> line.contains("\"verb\":\"patch\",\"user\":{\"username\":\"nave-admin\""));
  }

  private List<String> audit() {
    try (var files = Files.list(hub.dataFolder().resolve("audit"))) {
      var lines = new ArrayList<String>();
      for (var file : files.sorted().toList()) {
        lines.addAll(Files.readAllLines(file));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException("no audit log", e);
    }
  }

  private static String work(String cluster, String finalizer) {
    return """
    apiVersion: work.open-cluster-management.io/v1
    kind: ManifestWork
    metadata: {name: w, namespace: %s, finalizers: [%s]}
    spec:
      workload:
        manifests:
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: from-the-hub, namespace: default}}
    """
        .formatted(cluster, finalizer);
  }

  /// As the Deployment says it, but for where the cluster is.
  private Program startAgent() {
    return hub.join(
        "east", installed, account, "--credential-secret=" + NAMESPACE + "/" + CREDENTIAL);
  }

  private Output status() {
    return nave(
        "join",
        "--status",
        "--name=east",
        "--bootstrap=" + installed,
        "--kubeconfig=" + account,
        "--data-dir=" + folder.resolve("agent-east"),
        "--credential-secret=" + NAMESPACE + "/" + CREDENTIAL);
  }

  /// The kubeconfig a pod of the installed service account would have.
  private String accountKubeconfig() throws IOException {
    var path = "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts/klusterlet/token";
    var request =
        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}";
    var answer = Json.parse(onCluster.run(request, "create", "--raw", path, "-f", "-").ok());
    var admin = Kubeconfig.read(Files.readString(cluster.kubeconfig()));
    var token = new Kubeconfig.Login.Token(answer.at("/status/token").asString(""));
    return Kubeconfig.of("account", admin.server(), admin.caPem(), token).write();
  }

  private String secret(String name, String field) {
    var found = onCluster.json("get", "secret", name, "-n", NAMESPACE);
    var value = found.path("data").path(field).asString("");
    return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
  }

  private String issuer() {
    var chain = io.nave.certs.Certificates.parse(secret(CREDENTIAL, "tls.crt"));
    return chain.getFirst().getIssuerX500Principal().getName();
  }

  private String authority() {
    return hubCommand("authority").ok();
  }

  private Output hubCommand(String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--kubeconfig", hub.administrator().toString()));
    return nave(all.toArray(String[]::new));
  }

  private Output nave(String... words) {
    return hub.nave().run(words);
  }
}
