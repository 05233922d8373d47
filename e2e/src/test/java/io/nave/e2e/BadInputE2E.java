package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.certs.Authority;
import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.controllers.Kubeconfig;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What people get wrong, told by the programs themselves: each a clear sentence at the right place
/// that names what was found and what to do. Needs nothing but Java: the clusters are practice
/// clusters.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputE2E {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final ResourceType APPLICATION = ResourceType.of(Application.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType SECRET = ResourceType.of("", "v1", "Secret", "secrets", true);
  private static final ResourceType NAMESPACE =
      ResourceType.of("", "v1", "Namespace", "namespaces", false);

  private final Path folder = Folders.fresh(getClass());
  private HubProgram hub;
  private PracticeProgram practice;
  private Remote admin;

  @BeforeAll
  void start() {
    hub = HubProgram.start(folder);
    practice = PracticeProgram.start(hub.nave(), folder, "practice");
    admin = Remote.open(hub.administrator());
    admin.client().create(NAMESPACE, ApiObject.named(NAMESPACE, "", "demo"));
  }

  @AfterAll
  void stop() {
    admin.close();
    practice.close();
    hub.close();
  }

  @Test
  void aPortInUse() {
    var second =
        hub.nave()
            .run(
                "hub",
                "--data-dir",
                folder.resolve("second").toString(),
                "--listen",
                "127.0.0.1:" + hub.port());

    assertThat(second.refused(1))
        .contains("cannot listen on 127.0.0.1:" + hub.port())
        .contains("the port is in use")
        .contains("choose another port")
        .doesNotContain("\tat ");
  }

  @Test
  void aDataFolderInUse() {
    var second =
        hub.nave().run("hub", "--data-dir", hub.dataFolder().toString(), "--listen", "127.0.0.1:0");

    assertThat(second.refused(1))
        .containsPattern("is in use by process \\d+; stop it or choose another --data-dir")
        .doesNotContain("\tat ");
    assertThat(admin.client().find(NAMESPACE, Key.of("demo"))).isPresent();
  }

  @Test
  void aDataFolderThatIsAFile() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "no folder");

    var refused =
        hub.nave().run("hub", "--data-dir", file.toString(), "--listen", "127.0.0.1:0").refused(1);

    assertThat(refused).contains(file.toString()).doesNotContain("\tat ");
  }

  @Test
  void aStoreThatIsNoStore() throws IOException {
    var data = folder.resolve("broken");
    try (var files = Files.list(hub.dataFolder().resolve("store"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var copy = data.resolve("store").resolve(file.getFileName());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, "this is no database and never was, however long one looks at it");
      }
    }

    var refused =
        hub.nave().run("hub", "--data-dir", data.toString(), "--listen", "127.0.0.1:0").refused(1);

    assertThat(refused).contains(data.resolve("store").toString()).doesNotContain("\tat ");
  }

  @ParameterizedTest(name = "nave {0}")
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          hub --listen nonsense        | 1 | --listen: expected HOST:PORT such as 127.0.0.1:6443, was "nonsense"
          hub --lisen 127.0.0.1:0      | 2 | Unknown option
          get token --ttl soon         | 2 | expected a time such as 30m, 1h or 7d
          get token --kubeconfig /none | 1 | there is no file /none
          accept --kubeconfig /none x  | 1 | there is no file /none
          join --name east             | 2 | Missing required option
          fly                          | 2 | Unmatched argument
          """)
  void wrongWordsOnTheCommandLine(String words, int exit, String message) {
    assertThat(hub.nave().run(words.split(" ")).refused(exit))
        .contains(message)
        .doesNotContain("\tat ");
  }

  @Test
  void acceptingAClusterThatNeverAsked() {
    var refused =
        hub.nave()
            .run("accept", "nowhere", "--kubeconfig", hub.administrator().toString())
            .refused(1);

    assertThat(refused).contains("no cluster \"nowhere\" asked to join");
  }

  @Test
  void aTokenTheHubDoesNotKnow() throws IOException {
    var bootstrap =
        rewritten(
            "unknown",
            config -> config.withLogin(new Kubeconfig.Login.Token("abcdef.0123456789abcdef")));

    try (var agent = hub.join("unknown", bootstrap, practice.kubeconfig())) {
      agent.awaitLine("the hub rejects the bootstrap token");
      assertThat(agent.out()).contains("get a new one").doesNotContain("0123456789abcdef");
      assertThat(agent.err()).doesNotContain("0123456789abcdef");
    }
    assertThat(admin.client().find(CLUSTER, Key.of("unknown"))).isEmpty();
  }

  @Test
  void aTokenWhoseTimeIsOver() {
    var bootstrap = hub.bootstrap("short", "--ttl", "1s");
    Until.HOST.sleep(Duration.ofMillis(1100));

    try (var agent = hub.join("late", bootstrap, practice.kubeconfig())) {
      agent.awaitLine("the bootstrap token has expired");
      assertThat(agent.out()).contains("nave get token");
    }
    assertThat(admin.client().find(CLUSTER, Key.of("late"))).isEmpty();
  }

  @Test
  void aCertificateAuthorityThatIsNotTheHubs() throws IOException {
    var other = Authority.create(Until.HOST, "other", Duration.ofDays(1)).certificatePem();
    var bootstrap =
        rewritten(
            "mismatch", config -> Kubeconfig.of("hub", config.server(), other, config.login()));

    try (var agent = hub.join("mismatch", bootstrap, practice.kubeconfig())) {
      agent.awaitLine("the hub is not the one the given CA stands for");
    }
    assertThat(admin.client().find(CLUSTER, Key.of("mismatch"))).isEmpty();
  }

  @Test
  void aHubThatIsNotThere() throws IOException {
    var bootstrap =
        rewritten(
            "nowhere",
            config -> Kubeconfig.of("hub", "https://127.0.0.1:1", config.caPem(), config.login()));

    try (var agent = hub.join("nowhere", bootstrap, practice.kubeconfig())) {
      assertThat(agent.awaitLine("the hub cannot be reached")).contains("127.0.0.1:1");
      assertThat(agent.running()).isTrue();
    }
  }

  @Test
  void aSecondClusterWithTheSameNameAndAnotherKey() {
    var bootstrap = hub.bootstrap("twins");
    try (var first = hub.joinAs("first", "twin", bootstrap, practice.kubeconfig())) {
      first.awaitLine("cluster twin waits to be accepted");
      hub.accept("twin");
      first.awaitLine("cluster twin is managed by the hub");
      try (var second = hub.joinAs("second", "twin", bootstrap, practice.kubeconfig())) {
        var line = second.awaitLine("denied by the hub: ");

        assertThat(line)
            .contains("cluster name twin is taken by an agent with another key")
            .contains("join under another name");
        assertThat(second.out()).doesNotContain("is managed by the hub");
      }
      assertThat(first.running()).isTrue();
      assertThat(first.out()).doesNotContain("denied");
      assertThat(
              Until.present(
                      "twin to be available",
                      () ->
                          admin
                              .client()
                              .find(CLUSTER, Key.of("twin"))
                              .filter(each -> isTrue(each, ManagedCluster.AVAILABLE)))
                  .name())
          .isEqualTo("twin");
    }
  }

  @Test
  void aTokenLetsItsBearerAskAndNothingElse() {
    try (var bearer = Remote.open(hub.bootstrap("curious"))) {
      var client = bearer.client();
      assertForbidden(() -> client.list(SECRET, "kube-system", Selection.all()));
      assertForbidden(() -> client.list(WORK, "twin", Selection.all()));
      assertForbidden(() -> client.create(NAMESPACE, ApiObject.named(NAMESPACE, "", "mine")));
      assertForbidden(() ->
          client.create(
              CLUSTER,
              ApiObject.named(CLUSTER, "", "self-accepted")
                  .edit(tree -> tree.putObject("spec").put("hubAcceptsClient", true))));
    }
    assertThat(admin.client().find(CLUSTER, Key.of("self-accepted"))).isEmpty();
  }

  @Test
  void aRequestForAnotherClustersName() {
    var pair = KeyPairs.generate(Until.HOST.secureRandom());
    var pem =
        CertificateRequest.create(
                pair,
                "system:open-cluster-management:victim:agent",
                List.of(
                    "system:open-cluster-management:victim",
                    "system:open-cluster-management:managed-clusters"))
            .toPem();
    var request =
        """
        apiVersion: certificates.k8s.io/v1
        kind: CertificateSigningRequest
        metadata:
          name: thief
          labels: {open-cluster-management.io/cluster-name: thief}
        spec:
          signerName: kubernetes.io/kube-apiserver-client
          usages: [digital signature, key encipherment, client auth]
          request: %s
        """
            .formatted(Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)));
    try (var bearer = Remote.open(hub.bootstrap("thief"))) {
      bearer.client().create(HubKinds.SIGNING_REQUEST, object(request));
    }

    var status =
        Until.contains(
            "the answer to the request",
            "Denied",
            () ->
                admin.client().get(HubKinds.SIGNING_REQUEST, Key.of("thief")).status().toString());

    assertThat(status)
        .contains("SubjectMismatch")
        .contains("system:open-cluster-management:victim:agent")
        .doesNotContain("certificate\":");
  }

  @Test
  void aManifestTheClusterRefuses() {
    var bootstrap = hub.bootstrap("refusing");
    try (var agent = hub.join("refusing", bootstrap, practice.kubeconfig())) {
      agent.awaitLine("cluster refusing waits to be accepted");
      hub.accept("refusing");
      agent.awaitLine("cluster refusing is managed by the hub");
      admin.client().create(WORK, work("refusing", "kinds"));

      var status =
          Until.contains(
              "the work's conditions",
              "AppliedManifestFailed",
              () -> statusOf("refusing", "kinds"));

      assertThat(status).contains("Gadget");
      Until.contains(
          "the others to be applied all the same",
          "AppliedManifestComplete",
          () -> statusOf("refusing", "kinds"));
    }
  }

  @Test
  void anUnknownComponentTypeAndAMissingProperty() {
    assertThatThrownBy(() -> create("type: webservise", "properties: {image: nginx}", "topology"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("spec.components[0].type")
        .hasMessageContaining("webservise")
        .hasMessageContaining("webservice");
    assertThatThrownBy(() -> create("type: webservice", "properties: {cpu: '1'}", "topology"))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("spec.components[0].properties.image")
        .hasMessageContaining("Required");
    assertThat(admin.client().list(APPLICATION, "demo", Selection.all()).items()).isEmpty();
  }

  @Test
  void anObjectThatIsNotThere() {
    assertThatThrownBy(() -> admin.client().get(CLUSTER, Key.of("gone")))
        .isInstanceOfSatisfying(
            ApiError.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(404);
              assertThat(refused)
                  .hasMessage(
                      "managedclusters.cluster.open-cluster-management.io \"gone\" not found");
            });
  }

  @Test
  void aChangeThatLeavesNothingSound() {
    assertThatThrownBy(() ->
            admin
                .client()
                .patch(
                    NAMESPACE,
                    Key.of("demo"),
                    "",
                    Patch.merge(
                        body -> body.putObject("metadata").putObject("labels").put("a b", "c"))))
        .isInstanceOfSatisfying(
            ApiError.class, refused -> assertThat(refused.code()).isEqualTo(422))
        .hasMessageContaining("metadata.labels");
  }

  private String statusOf(String cluster, String work) {
    return admin.client().get(WORK, Key.of(cluster, work)).json().path("status").toString();
  }

  private static void assertForbidden(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiError.class, refused -> assertThat(refused.code()).isEqualTo(403));
  }

  private void create(String type, String properties, String policy) {
    var text =
        """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: bad, namespace: demo}
        spec:
          components:
            - name: web
              %s
              %s
          policies:
            - {name: where, type: %s, properties: {clusters: [twin]}}
        """
            .formatted(type, properties, policy);
    admin.client().create(APPLICATION, object(text));
  }

  private static ApiObject work(String cluster, String name) {
    var text =
        """
        apiVersion: work.open-cluster-management.io/v1
        kind: ManifestWork
        metadata: {name: %s, namespace: %s}
        spec:
          workload:
            manifests:
              - {apiVersion: example.com/v1, kind: Gadget, metadata: {name: odd, namespace: default}}
              - {apiVersion: v1, kind: ConfigMap, metadata: {name: sound, namespace: default}, data: {a: b}}
        """
            .formatted(name, cluster);
    return object(text);
  }

  private static ApiObject object(String text) {
    return ApiObject.of((ObjectNode) Yaml.parse(text));
  }

  private static boolean isTrue(ApiObject object, String condition) {
    for (var each : object.json().at("/status/conditions")) {
      if (each.path("type").asString("").equals(condition)) {
        return each.path("status").asString("").equals("True");
      }
    }
    return false;
  }

  private Path rewritten(String name, java.util.function.UnaryOperator<Kubeconfig> change)
      throws IOException {
    var config = Kubeconfig.read(Files.readString(hub.bootstrap(name)));
    return Files.writeString(folder.resolve(name + ".rewritten"), change.apply(config).write());
  }
}
