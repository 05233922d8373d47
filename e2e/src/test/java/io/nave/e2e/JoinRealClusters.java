package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.runtime.Parts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/// The main job with real programs: two real clusters join a hub by pull, the sample application
/// runs on them, and its health comes back.
///
/// One story in order, because its beginning is dear; each step says what must be true after it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class JoinRealClusters {
  private static final ResourceType PODS = ResourceType.of("", "v1", "Pod", "pods", true);
  private static final List<String> CLUSTERS = List.of("east", "west");

  private final Path folder = Folders.fresh(getClass());
  private final Parts parts = new Parts();
  private final Map<String, RealCluster> clusters = new TreeMap<>();
  private final Map<String, Kubectl> onCluster = new TreeMap<>();
  private final Map<String, Program> agents = new TreeMap<>();
  private HubProgram hub;
  private Kubectl onHub;

  /// Starts a cluster; called for several at once.
  abstract RealCluster start(String name, Path parent);

  @BeforeAll
  void startAll() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var starting = new TreeMap<String, java.util.concurrent.Future<RealCluster>>();
      for (var name : CLUSTERS) {
        starting.put(name, tasks.submit((Callable<RealCluster>) () -> start(name, folder)));
      }
      hub = parts.open(HubProgram.start(folder));
      onHub = new Kubectl(folder, hub.administrator());
      for (var each : starting.entrySet()) {
        var cluster = parts.open(finished(each.getValue()));
        clusters.put(each.getKey(), cluster);
        onCluster.put(each.getKey(), new Kubectl(folder, cluster.kubeconfig()));
      }
    }
  }

  @AfterAll
  void stopAll() {
    parts.close();
  }

  @Test
  @Order(1)
  void anUnacceptedClusterWaitsAndGetsNothing() {
    var bootstrap = hub.bootstrap("both");
    for (var name : CLUSTERS) {
      var kubeconfig = clusters.get(name).kubeconfig();
      agents.put(name, hub.join(name, bootstrap, kubeconfig, "--label", "region=" + name));
    }

    for (var name : CLUSTERS) {
      agents.get(name).awaitLine("cluster " + name + " waits to be accepted");
      var cluster = onHub.json("get", "managedcluster", name);
      assertThat(cluster.at("/spec/hubAcceptsClient").asBoolean(false)).isFalse();
      assertThat(cluster.at("/metadata/labels/region").asString("")).isEqualTo(name);
      assertThat(onHub.run("", "get", "namespace", name).refused(1)).contains("NotFound");
    }
    assertThat(conditionsOfRequests()).containsOnly("");
  }

  @Test
  @Order(2)
  void acceptedClustersJoinWithCertificatesOfTheirOwn() {
    hub.accept("east");
    onHub.ok(
        "patch",
        "managedcluster",
        "west",
        "--type=merge",
        "-p",
        "{\"spec\":{\"hubAcceptsClient\":true}}");

    for (var name : CLUSTERS) {
      agents.get(name).awaitLine("cluster " + name + " is managed by the hub");
      Until.equals(
          name + " to be joined and available",
          "True True True",
          () ->
              condition(name, "HubAcceptedManagedCluster")
                  + " "
                  + condition(name, "ManagedClusterJoined")
                  + " "
                  + condition(name, "ManagedClusterConditionAvailable"));
      Until.equals(
          "what " + name + " reports as its version",
          onCluster.get(name).json("version").at("/serverVersion/gitVersion").asString(""),
          () ->
              onHub
                  .json("get", "managedcluster", name)
                  .at("/status/version/kubernetes")
                  .asString(""));
      assertThat(
              onHub
                  .json("get", "lease", "managed-cluster-lease", "-n", name)
                  .at("/spec/renewTime")
                  .asString(""))
          .isNotEmpty();
    }
    assertThat(conditionsOfRequests()).containsOnly("Approved");
  }

  @Test
  @Order(3)
  void kubectlPrintsTheColumnsOfOpenClusterManagement() {
    var lines = onHub.ok("get", "managedclusters").lines().toList();

    assertThat(lines.getFirst().split(" {2,}"))
        .startsWith("NAME", "HUB ACCEPTED", "MANAGED CLUSTER URLS", "JOINED", "AVAILABLE", "AGE");
    assertThat(lines.get(1)).matches("east +true .* True +True +\\S+");
    assertThat(lines.get(2)).matches("west +true .* True +True +\\S+");
  }

  @Test
  @Order(4)
  void theApplicationIsFoundOnBothClusters() {
    onHub.apply(Sample.application(clusters.get("east").image()));

    for (var name : CLUSTERS) {
      var deployment = Until.present("deployment web on " + name, () -> deployment(name));
      assertThat(deployment.at("/spec/replicas").asInt(0)).isEqualTo(2);
      assertThat(deployment.at("/spec/template/spec/containers/0/image").asString(""))
          .isEqualTo(clusters.get("east").image());
      assertThat(deployment.at("/metadata/labels/team").asString("")).isEqualTo("storefront");
      Until.equals(
          "the port of service web on " + name,
          "80",
          () ->
              onCluster
                  .get(name)
                  .run(
                      "",
                      "get",
                      "service",
                      "web",
                      "-n",
                      "demo",
                      "-o",
                      "jsonpath={.spec.ports[0].port}")
                  .out());
    }
  }

  @Test
  @Order(5)
  void whatTheClustersReportBecomesTheApplicationsHealth() {
    if (!clusters.get("east").hasNodes()) {
      Until.contains(
          "the application's services, without nodes",
          "east false Ready:0/2, west false Ready:0/2",
          this::services);
      assertThat(application().at("/status/status").asString("")).isNotEqualTo("running");
      CLUSTERS.forEach(this::actAsKubelet);
    }

    Until.equals(
        "the application's services", "east true Ready:2/2, west true Ready:2/2", this::services);
    Until.equals(
        "the application's phase",
        "running",
        () -> application().at("/status/status").asString(""));
  }

  @Test
  @Order(6)
  void aDeletedDeploymentComesBack() {
    var before = uid("east");

    onCluster.get("east").ok("delete", "deployment", "web", "-n", "demo");

    Until.holds(
        "a new deployment on east", () -> !uid("east").isEmpty() && !uid("east").equals(before));
  }

  @Test
  @Order(7)
  void aChangedDeploymentIsPutBack() {
    onCluster.get("west").ok("scale", "deployment", "web", "-n", "demo", "--replicas=5");

    Until.equals("replicas of web on west", 2, () -> replicas("west"));
  }

  @Test
  @Order(8)
  void agentsRepairWhileTheHubIsGoneAndNothingIsLostWhenItReturns() {
    var worksBefore = works();
    var serials = identities();
    hub.kill();
    var before = uid("west");
    onCluster.get("west").ok("delete", "deployment", "web", "-n", "demo");
    Until.holds(
        "west to repair without the hub",
        () -> !uid("west").isEmpty() && !uid("west").equals(before));

    hub.restart();

    assertThat(works()).isEqualTo(worksBefore);
    assertThat(identities()).isEqualTo(serials);
    assertThat(agents.values()).allMatch(Program::running);
    onHub.ok(
        "patch",
        "application",
        "shop",
        "-n",
        "demo",
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/components/0/traits/0/properties/replicas\",\"value\":3}]");
    for (var name : CLUSTERS) {
      Until.equals("replicas of web on " + name + " after the restart", 3, () -> replicas(name));
    }
    Until.contains("the report about the change", "/3", this::services);
  }

  @Test
  @Order(9)
  void anAgentThatWasKilledGoesOnWithItsCertificate() {
    agents.get("east").kill();
    // The token in this file is long spent on a cluster that is in: its certificate is what counts.
    agents.put(
        "east",
        hub.join("east", folder.resolve("both.bootstrap"), clusters.get("east").kubeconfig()));
    agents.get("east").awaitLine("cluster east is managed by the hub");

    onCluster.get("east").ok("delete", "service", "web", "-n", "demo");

    Until.equals(
        "the service on east",
        0,
        () -> onCluster.get("east").run("", "get", "service", "web", "-n", "demo").exit());
    assertThat(conditionsOfRequests()).hasSize(CLUSTERS.size());
  }

  @Test
  @Order(10)
  void whatTheClusterRefusesIsToldWhereItWasAsked() {
    onHub.apply(
        Sample.objects(
            "refused",
            "east",
            "{apiVersion: v1, kind: Service, metadata: {name: bad}, spec: {type: Nonsense}}"));

    var said =
        Until.contains(
            "the conditions of the work",
            "AppliedManifestFailed",
            () -> onHub.ok("get", "manifestworks", "-n", "east", "-o", "yaml"));
    assertThat(said).contains("Nonsense").contains("Unsupported value");
    Until.contains(
        "the application's status",
        "Unsupported value",
        () -> onHub.ok("get", "application", "refused", "-n", "demo", "-o", "yaml"));
    onHub.ok("delete", "application", "refused", "-n", "demo");
  }

  @Test
  @Order(10)
  void anExampleRunsAndDiffFindsNothingMore() {
    nave("app", "up", "-f", example("objects")).ok();
    for (var name : CLUSTERS) {
      Until.equals(
          "the settings on " + name,
          "hello",
          () ->
              onCluster
                  .get(name)
                  .run("", "get", "configmap", "settings", "-o", "jsonpath={.data.greeting}")
                  .out());
    }
    var diff = nave("app", "diff", "-f", example("objects"));
    assertThat(diff.exit()).as(diff.out() + diff.err()).isZero();
    nave("app", "delete", "settings", "--wait").ok();
    assertThat(onCluster.get("east").run("", "get", "configmap", "settings").exit()).isNotZero();
  }

  @Test
  @Order(10)
  void aDeploymentThatStandsIsAdoptedAndKeepsWhatOthersScale() {
    var east = onCluster.get("east");
    east.ok("create", "deployment", "legacy", "--image=registry.example/legacy:1.0");
    east.ok("scale", "deployment", "legacy", "--replicas=4");
    nave("app", "up", "-f", example("adoption")).ok();
    Until.equals(
        "the image of the application",
        "registry.example/legacy:1.1",
        () -> legacy("{.spec.template.spec.containers[0].image}"));
    assertThat(legacy("{.spec.replicas}")).isEqualTo("4");
    nave("app", "delete", "adopted", "--orphan", "--wait").ok();
    assertThat(legacy("{.spec.replicas}")).isEqualTo("4");
    east.ok("delete", "deployment", "legacy");
  }

  /// On clusters with nodes most of their images could not be had.
  @Test
  @Order(11)
  void theExamplesGetWhereTheyShould() {
    assumeFalse(clusters.get("east").hasNodes(), "needs clusters without nodes");
    for (var name : CLUSTERS) {
      onHub.ok("label", "managedcluster", name, "env=prod", "fleet=all");
    }
    var examples = new DocumentedExamples(onHub);
    examples.apply();
    var expected = examples.expected();
    try (var kubelet =
        new ActingKubelet(clusters.values().stream().map(RealCluster::kubeconfig).toList())) {
      examples.await(expected, kubelet);
      examples.requireDelivered(onCluster);
      assertThat(inDefault("west", "regional-web", "{.spec.replicas} {..image}"))
          .isEqualTo("3 registry.west.example/web:1.0");
      assertThat(inDefault("west", "front-end", "{..env[0].value}")).isEqualTo("back-end");
      Until.contains(
          "why the one that fails does", "Ready:0/1", () -> nave("app", "why", "fails").out());

      nave("app", "approve", "canary", "--reason", "errors are as before").ok();
      onHub.ok("annotate", "application", "shop", "nave.io/workflow=approve: tests are green");
      expected.put("canary", "running");
      expected.put("shop", "running");
      examples.await(expected, kubelet);
      assertThat(inDefault("west", "canary-web", "{..image}"))
          .isEqualTo("registry.example/web:2.0");
    }
    examples.remove();
  }

  private String inDefault(String cluster, String deployment, String path) {
    return onCluster.get(cluster).ok("get", "deployment", deployment, "-o", "jsonpath=" + path);
  }

  private String legacy(String path) {
    return onCluster
        .get("east")
        .run("", "get", "deployment", "legacy", "-o", "jsonpath=" + path)
        .out();
  }

  private Output nave(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig", hub.administrator().toString()));
    return hub.nave().run(all.toArray(String[]::new));
  }

  private static String example(String name) {
    return Path.of("..", "docs", "examples", name + ".yaml").toAbsolutePath().toString();
  }

  @Test
  @Order(12)
  void aDeletedApplicationLeavesTheClusters() {
    onHub.ok("delete", "application", "shop", "-n", "demo", "--wait=false");

    for (var name : CLUSTERS) {
      Until.holds("no deployment on " + name, () -> deployment(name).isEmpty());
    }
    Until.equals("the works on the hub", Map.of(), this::works);
    Until.contains(
        "the application to be gone",
        "NotFound",
        () -> onHub.run("", "get", "application", "shop", "-n", "demo").err());
  }

  @Test
  @Order(13)
  void noProgramPrintedASecret() {
    var said = new StringBuilder(hub.log());
    agents.values().forEach(each -> said.append(each.out()).append(each.err()));

    assertThat(said.toString())
        .doesNotContain("PRIVATE KEY")
        .doesNotContain(token())
        .doesNotContainIgnoringCase("bearer ");
  }

  private String token() {
    try (var remote = Remote.open(hub.administrator())) {
      var secrets =
          remote
              .client()
              .list(
                  ResourceType.of("", "v1", "Secret", "secrets", true),
                  "kube-system",
                  Selection.all());
      var secret =
          secrets.items().stream()
              .filter(each -> each.name().startsWith("bootstrap-token-"))
              .findFirst()
              .orElseThrow();
      var value = secret.json().at("/data/token-secret").asString("");
      return new String(
          java.util.Base64.getDecoder().decode(value), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  private JsonNode application() {
    return onHub.json("get", "application", "shop", "-n", "demo");
  }

  /// Cluster, health and message of each service, by cluster.
  private String services() {
    var lines = new TreeSet<String>();
    for (var service : application().at("/status/services")) {
      lines.add(
          service.path("cluster").asString("?")
              + " "
              + service.path("healthy").asBoolean(false)
              + " "
              + service.path("message").asString(""));
    }
    return String.join(", ", lines);
  }

  private Optional<JsonNode> deployment(String cluster) {
    var found =
        onCluster
            .get(cluster)
            .json("get", "deployments", "-n", "demo", "--field-selector=metadata.name=web");
    return Optional.of(found.at("/items/0")).filter(each -> !each.isMissingNode());
  }

  /// Empty when there is no deployment.
  private String uid(String cluster) {
    return deployment(cluster).map(each -> each.at("/metadata/uid").asString("")).orElse("");
  }

  private int replicas(String cluster) {
    return deployment(cluster).map(each -> each.at("/spec/replicas").asInt(0)).orElse(0);
  }

  /// What is asked of the clusters: each work's uid and generation.
  private Map<String, String> works() {
    var found = new TreeMap<String, String>();
    for (var work : onHub.json("get", "manifestworks", "-A").path("items")) {
      var meta = work.path("metadata");
      found.put(
          meta.path("namespace").asString("") + "/" + meta.path("name").asString(""),
          meta.path("uid").asString("") + " " + meta.path("generation").asString(""));
    }
    return found;
  }

  /// The uid of every cluster, and of what else must survive.
  private Map<String, String> identities() {
    var found = new TreeMap<String, String>();
    var kinds =
        "managedclusters,applications,placements,placementdecisions,certificatesigningrequests";
    for (var each : onHub.json("get", kinds, "-A").path("items")) {
      found.put(
          each.path("kind").asString("") + " " + each.at("/metadata/name").asString(""),
          each.at("/metadata/uid").asString(""));
    }
    assertThat(found).hasSizeGreaterThanOrEqualTo(7);
    return found;
  }

  private String condition(String cluster, String type) {
    return onHub.ok(
        "get",
        "managedcluster",
        cluster,
        "-o",
        "jsonpath={.status.conditions[?(@.type==\"" + type + "\")].status}");
  }

  /// The decision on each certificate request, empty while there is none.
  private List<String> conditionsOfRequests() {
    var requests = onHub.json("get", "certificatesigningrequests").path("items");
    return requests
        .valueStream()
        .map(each -> each.at("/status/conditions/0/type").asString(""))
        .toList();
  }

  /// Says of every pod of the application that it runs, as a kubelet would.
  private void actAsKubelet(String cluster) {
    try (var remote = Remote.open(clusters.get(cluster).kubeconfig())) {
      var pods = Until.present("two pods on " + cluster, () -> pods(remote));
      for (var pod : pods) {
        remote
            .client()
            .patch(
                PODS,
                pod,
                "status",
                Patch.merge(body -> {
                  var status = body.putObject("status").put("phase", "Running");
                  status
                      .putArray("conditions")
                      .addObject()
                      .put("type", "Ready")
                      .put("status", "True");
                }));
      }
    }
  }

  private static Optional<List<Key>> pods(Remote remote) {
    var found =
        remote.client().list(PODS, "demo", Selection.labelled("app.oam.dev/component", "web"));
    return Optional.of(found.items().stream().map(each -> each.key()).toList())
        .filter(each -> each.size() == 2);
  }

  private static RealCluster finished(java.util.concurrent.Future<RealCluster> starting)
      throws InterruptedException, ExecutionException {
    return starting.get();
  }
}
