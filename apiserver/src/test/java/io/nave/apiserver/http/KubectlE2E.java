package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real `kubectl` of this machine against the whole server.
class KubectlE2E {
  private static final String WIDGET =
      """
      apiVersion: example.io/v1
      kind: Widget
      metadata: {name: one, namespace: default}
      spec: {size: 3}
      """;

  private static final String BINDING =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: readers, namespace: east}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: eve}]
      """;

  /// What came in as protobuf: method and path.
  private final List<String> protobuf = new CopyOnWriteArrayList<>();

  private final LiveServer live = new LiveServer(this::watched);
  private Path program = Path.of("kubectl");
  @TempDir private Path folder;

  private static final String REQUEST =
      """
      apiVersion: certificates.k8s.io/v1
      kind: CertificateSigningRequest
      metadata: {name: %s}
      spec:
        request: %s
        signerName: kubernetes.io/kube-apiserver-client
        usages: [digital signature, client auth]
      """;

  private record Said(int code, String out, String err) {}

  @BeforeEach
  void write() throws Exception {
    Assumptions.assumeTrue(onPath() != null, "skipped: there is no kubectl on the PATH");
    Files.writeString(folder.resolve("config"), live.kubeconfig().write());
  }

  @AfterEach
  void stop() {
    live.close();
  }

  private Service watched(Service door) {
    return (request, peer) -> {
      if (request.headers().getOrDefault("content-type", "").endsWith(".protobuf")) {
        protobuf.add(request.method() + " " + request.target().replaceAll("\\?.*", ""));
      }
      return door.handle(request, peer);
    };
  }

  private static @Nullable Path onPath() {
    for (var each : System.getenv().getOrDefault("PATH", "").split(":")) {
      var found = Path.of(each, "kubectl");
      if (Files.isExecutable(found)) {
        return found;
      }
    }
    return null;
  }

  /// The newest of several versions that stand beside each other, as `kubectl.1.32`; there, plain
  /// `kubectl` is a chooser that takes the server's version.
  private static Path newest() throws IOException {
    var plain = Objects.requireNonNull(onPath()).toRealPath();
    try (var beside = Files.list(plain.resolveSibling("."))) {
      return beside
          .filter(file -> file.getFileName().toString().matches("kubectl\\.1\\.\\d\\d"))
          .max(Comparator.comparing(Path::getFileName))
          .orElse(plain);
    }
  }

  private Process start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.add("--kubeconfig=" + folder.resolve("config"));
    command.add("--cache-dir=" + folder.resolve("cache"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  private Said kubectl(String input, String... arguments) throws Exception {
    var process = start(arguments);
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), out, Files.readString(folder.resolve("err")));
  }

  private String ok(String input, String... arguments) throws Exception {
    var said = kubectl(input, arguments);
    assertThat(said.code()).as("%s%n%s", said.err(), said.out()).isZero();
    return said.out();
  }

  @Test
  void appliesShowsChangesAndDeletes() throws Exception {
    assertThat(ok(WIDGET, "apply", "-f", "-")).contains("widget.example.io/one created");
    assertThat(ok(WIDGET, "apply", "-f", "-")).contains("unchanged");
    assertThat(ok(WIDGET.replace("3", "4"), "apply", "-f", "-")).contains("configured");
    assertThat(ok("", "get", "widgets")).contains("NAME", "AGE", "one");
    var stored = Json.parse(ok("", "get", "widget", "one", "-o", "json"));
    assertThat(stored.at("/spec/size").asInt()).isEqualTo(4);
    assertThat(stored.at("/spec/colour").asString()).isEqualTo("red");
    ok("", "patch", "widget", "one", "--type=merge", "-p", "{\"spec\":{\"size\":5}}");
    ok("", "label", "widget", "one", "tier=gold");
    assertThat(ok("", "get", "widgets", "-l", "tier=gold", "-o", "name"))
        .isEqualTo("widget.example.io/one\n");
    assertThat(ok("", "delete", "widget", "one")).contains("deleted");
    assertThat(ok("", "get", "widgets", "-A", "-o", "name")).isEmpty();
  }

  @Test
  void builtInKindsAreCreatedByTheirCommands() throws Exception {
    ok("", "create", "namespace", "east");
    ok("", "create", "configmap", "settings", "-n", "east", "--from-literal=a=b");
    ok("", "create", "secret", "generic", "keys", "-n", "east", "--from-literal=a=b");
    ok("", "create", "role", "reader", "-n", "east", "--verb=get", "--resource=configmaps");
    ok(BINDING, "apply", "-f", "-");
    assertThat(ok("", "auth", "can-i", "get", "configmaps", "-n", "east").strip()).isEqualTo("yes");
    assertThat(ok("", "get", "cm,secrets,roles", "-n", "east", "-o", "name"))
        .contains("configmap/settings", "secret/keys", "role.rbac.authorization.k8s.io/reader");
    ok("", "delete", "namespace", "east", "--timeout=30s");
    assertThat(kubectl("", "get", "namespace", "east").err()).contains("NotFound");
  }

  /// What generated clients of client-go send, kubectl 1.32 and later among them.
  @Test
  void builtInKindsComeAsProtobuf() throws Exception {
    program = newest();
    var version = Json.parse(ok("", "version", "--client", "-o", "json"));
    var minor = version.at("/clientVersion/minor").asString("").replaceAll("\\D", "");
    Assumptions.assumeTrue(
        Integer.parseInt(minor) >= 32, "skipped: kubectl before 1.32 sends JSON, not protobuf");
    ok("", "create", "namespace", "east");
    ok("", "create", "serviceaccount", "robot", "-n", "east");
    ok("", "create", "secret", "generic", "keys", "-n", "east", "--from-literal=a=b");
    ok("", "create", "clusterrole", "reader", "--verb=get,list", "--resource=leases");
    var robot = "--serviceaccount=east:robot";
    ok("", "create", "rolebinding", "r", "-n", "east", "--clusterrole=reader", robot);
    ok("", "create", "clusterrolebinding", "r", "--clusterrole=reader", "--user=eve");
    assertThat(ok("", "auth", "can-i", "list", "leases").strip()).isEqualTo("yes");
    assertThat(ok("", "get", "secret", "keys", "-n", "east", "-o", "jsonpath={.data.a}"))
        .isEqualTo("Yg==");
    var bound = Json.parse(ok("", "get", "rolebinding", "r", "-n", "east", "-o", "json"));
    assertThat(bound.at("/subjects/0/name").asString()).isEqualTo("robot");
    assertThat(bound.at("/roleRef/kind").asString()).isEqualTo("ClusterRole");
    assertThat(ok("", "create", "token", "robot", "-n", "east").split("\\.")).hasSize(3);
    assertThat(protobuf)
        .contains("POST /api/v1/namespaces", "POST /api/v1/namespaces/east/serviceaccounts");
  }

  @Test
  void aCertificateRequestIsApprovedAndDenied() throws Exception {
    for (var name : List.of("good", "bad")) {
      var key = KeyPairs.generate(live.host.secureRandom());
      var pem = CertificateRequest.create(key, name, List.of("g")).toPem();
      var request = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
      ok(REQUEST.formatted(name, request), "create", "-f", "-");
    }
    ok("", "certificate", "approve", "good");
    ok("", "certificate", "deny", "bad");
    assertThat(ok("", "get", "csr"))
        .containsPattern("good .*Approved")
        .containsPattern("bad .*Denied");
  }

  @Test
  void theApiIsDescribed() throws Exception {
    assertThat(ok("", "api-resources")).contains("widgets", "configmaps", "cm");
    assertThat(ok("", "api-versions")).contains("example.io/v1", "v1");
    assertThat(ok("", "version", "-o", "json")).contains("v1.31.0+nave");
    assertThat(ok("", "get", "--raw", "/readyz")).isEqualTo("ok");
  }

  @Test
  void faultsReadAsFromAnyKubernetes() throws Exception {
    assertThat(kubectl("", "get", "widget", "none").err())
        .contains("Error from server (NotFound): widgets.example.io \"none\" not found");
    assertThat(kubectl(WIDGET.replace("size: 3", "size: x"), "apply", "-f", "-").err())
        .contains("is invalid: spec.size");
    assertThat(kubectl(WIDGET.replace("size: 3", "size: 3, weight: 2"), "apply", "-f", "-").err())
        .contains("unknown field", "weight");
    assertThat(kubectl("", "--token=wrong-token", "get", "cm").err()).contains("token");
  }

  @Test
  void aWatchPrintsRowsAsTheyCome() throws Exception {
    ok(WIDGET, "apply", "-f", "-");
    var process = start("get", "widgets", "-w");
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).startsWith("NAME");
      assertThat(lines.readLine()).startsWith("one");
      ok(WIDGET.replace("name: one", "name: two"), "apply", "-f", "-");
      assertThat(lines.readLine()).startsWith("two");
    } finally {
      process.destroy();
    }
  }

  private static final String DEFINITION =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: crontabs.stable.example.com}
      spec:
        group: stable.example.com
        scope: Namespaced
        names: {plural: crontabs, kind: CronTab, shortNames: [ct], categories: [all]}
        versions:
        - name: v1
          served: true
          storage: true
          additionalPrinterColumns:
          - {name: Schedule, type: string, jsonPath: .spec.cronSpec}
          - {name: Replicas, type: integer, jsonPath: .spec.replicas}
          schema:
            openAPIV3Schema:
              type: object
              properties:
                spec:
                  type: object
                  description: What is to run, and when.
                  x-kubernetes-validations:
                  - {rule: "self.replicas <= 5", message: too many}
                  properties:
                    cronSpec: {type: string, description: Five fields.}
                    replicas: {type: integer, default: 1}
      """;

  private static final String CRONTAB =
      """
      apiVersion: stable.example.com/v1
      kind: CronTab
      metadata: {name: nightly, namespace: default}
      spec: {cronSpec: "0 3 * * *"}
      """;

  @Test
  void aKindIsDefinedUsedExplainedAndDeleted() throws Exception {
    program = newest();
    ok(DEFINITION, "apply", "-f", "-");
    ok("", "wait", "--for=condition=Established", "crd/crontabs.stable.example.com");
    assertThat(ok("", "get", "crd")).contains("CREATED AT", "crontabs.stable.example.com");
    ok(CRONTAB, "apply", "-f", "-");
    assertThat(ok("", "get", "ct"))
        .containsPattern("NAME +SCHEDULE +REPLICAS\\s")
        .containsPattern("nightly +0 3 \\* \\* \\* +1\\s");
    assertThat(ok("", "get", "all")).contains("nightly");
    assertThat(ok("", "explain", "crontab.spec"))
        .contains("GROUP:      stable.example.com", "What is to run, and when.", "Five fields.");
    assertThat(ok("", "explain", "crontab", "--recursive")).contains("cronSpec", "replicas");
    assertThat(ok("", "explain", "crontab.metadata.labels")).contains("What selectors look at.");
    assertThat(
            kubectl(CRONTAB.replace("spec: {", "spec: {replicas: 6, "), "apply", "-f", "-").err())
        .contains("spec: Invalid value: \"object\": too many");
    assertThat(
            kubectl(CRONTAB.replace("spec: {", "spec: {colour: red, "), "apply", "-f", "-").err())
        .contains("unknown field", "colour");
    ok("", "delete", "crd", "crontabs.stable.example.com");
    assertThat(kubectl("", "get", "ct").err()).contains("could not find the requested resource");
  }
}
