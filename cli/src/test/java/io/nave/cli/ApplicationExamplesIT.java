package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.applications.api.ComponentDefinition;
import io.nave.work.ManifestIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: every example of the documentation does what it says, from the command line to the
///   clusters and back; and what `nave app diff` foretells is what happens.
/// - Method: one hub with ten practice clusters. All examples are asked about, then applied, then
///   looked at.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApplicationExamplesIT {
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final ResourceType DEPLOYMENT =
      ResourceType.of("apps", "v1", "Deployment", "deployments", true);

  /// Where examples stop, when that is not `running`.
  private static final Map<String, String> PHASES =
      Map.of(
          "canary", "workflowSuspending",
          "shop", "workflowSuspending",
          "fails", "runningWorkflow");

  @TempDir private static Path folder;

  private PracticeFleet fleet;
  private final Map<String, JsonNode> foretold = new TreeMap<>();

  private static Map<String, Map<String, String>> labels() {
    var labels = new TreeMap<String, Map<String, String>>();
    labels.put("east", Map.of("env", "prod", "fleet", "all"));
    labels.put("west", Map.of("env", "prod", "fleet", "all"));
    labels.put("north", Map.of("env", "test", "fleet", "all"));
    labels.put("south", Map.of("env", "dev", "fleet", "all"));
    for (var i = 1; i <= 6; i++) {
      labels.put("edge-" + i, Map.of("fleet", "all"));
    }
    return labels;
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.sorted().toList();
    }
  }

  static List<ObjectNode> applications() throws IOException {
    return files().stream()
        .flatMap(file -> Yaml.parseAll(text(file)).stream())
        .filter(object -> object.path("kind").asString("").equals("Application"))
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  void applyAll() throws IOException {
    fleet = PracticeFleet.start(folder, labels());
    fleet.cluster("east").create(DEPLOYMENT, legacy());
    for (var file : files()) {
      var documents = Yaml.parseAll(text(file));
      if (documents.size() == 1) {
        foretell(ApiObject.of(documents.getFirst()));
      }
      fleet.ok("app", "up", "-f", file.toString());
    }
  }

  /// What adoption.yaml finds.
  private static ApiObject legacy() {
    return ApiObject.of(
        Yaml.parseAll(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: legacy, namespace: default, labels: {made: by-hand}}
                spec:
                  replicas: 4
                  selector: {matchLabels: {app: legacy}}
                  template:
                    metadata: {labels: {app: legacy}}
                    spec: {containers: [{name: legacy, image: 'registry.example/legacy:1.0'}]}
                """)
            .getFirst());
  }

  private void foretell(ApiObject application) {
    var preview = Previews.ask(fleet.admin(), application);
    foretold.put(application.name(), preview.status());
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  private ApiObject application(String name) {
    return fleet.admin().get(AppOptions.APPLICATION, Key.of("default", name));
  }

  private void awaitPhase(String name, String phase) {
    fleet.until(
        name + " to be " + phase,
        () -> application(name).status().path("status").asString("").equals(phase),
        () -> Yaml.write(application(name).status()));
  }

  private ApiObject deployment(String cluster, String namespace, String name) {
    return fleet.cluster(cluster).get(DEPLOYMENT, Key.of(namespace, name));
  }

  private static String image(ApiObject deployment) {
    return deployment.at("/spec/template/spec/containers/0/image").asString("");
  }

  @Test
  @Order(1)
  void thereAreTwelveAndMore() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(12);
  }

  @Order(2)
  @ParameterizedTest
  @MethodSource("applications")
  void getsWhereItShould(ObjectNode example) {
    var name = example.at("/metadata/name").asString("");
    awaitPhase(name, PHASES.getOrDefault(name, "running"));
  }

  /// Of applications that have run to their end.
  @Order(3)
  @ParameterizedTest
  @MethodSource("applications")
  void becomesWhatWasForetold(ObjectNode example) {
    var name = example.at("/metadata/name").asString("");
    var preview = foretold.get(name);
    if (preview == null || PHASES.containsKey(name)) {
      return; // several in one file, or still on its way
    }
    assertThat(held(name)).isEqualTo(expected(preview));
  }

  private static Map<String, JsonNode> expected(JsonNode preview) {
    var expected = new TreeMap<String, JsonNode>();
    for (var object : preview.path("objects")) {
      assertThat(object.path("change").asString("")).isEqualTo("ADD");
      var identity = ManifestIdentity.of(object.path("after"));
      expected.put(object.path("cluster").asString("") + " " + identity, object.path("after"));
    }
    assertThat(expected).isNotEmpty();
    return expected;
  }

  /// What the works of an application hold.
  private Map<String, JsonNode> held(String name) {
    var held = new TreeMap<String, JsonNode>();
    for (var work :
        fleet
            .admin()
            .list(AppOptions.WORK, "", Selection.labelled("app.oam.dev/name", name))
            .items()) {
      for (var manifest : work.at("/spec/workload/manifests")) {
        held.put(work.namespace() + " " + ManifestIdentity.of(manifest), manifest);
      }
    }
    return held;
  }

  @Test
  @Order(4)
  void diffFindsNothingWhereNothingWouldChange() {
    var same = fleet.nave("app", "diff", "-f", EXAMPLES.resolve("stateless-web.yaml").toString());
    assertThat(same.exit()).as(same.out() + same.err()).isZero();
    assertThat(same.out()).contains("nothing would change");
  }

  @Test
  @Order(4)
  void diffSaysWhatWouldChangeInEachCluster() throws IOException {
    var edited = folder.resolve("edited.yaml");
    Files.writeString(
        edited, text(EXAMPLES.resolve("stateless-web.yaml")).replace("nginx:1.29", "nginx:1.30"));
    var diff = fleet.nave("app", "diff", "-f", edited.toString());
    assertThat(diff.exit()).as(diff.out() + diff.err()).isEqualTo(1);
    assertThat(diff.out())
        .contains(
            "cluster east",
            "cluster west",
            "MODIFY  Deployment storefront/stateless-web",
            "-         image: nginx:1.29",
            "+         image: nginx:1.30");
  }

  @Test
  @Order(4)
  void diffEndsWithTwoWhenItCannotTell() throws IOException {
    var wrong = folder.resolve("wrong.yaml");
    Files.writeString(
        wrong, text(EXAMPLES.resolve("stateless-web.yaml")).replace("image:", "imag:"));
    var diff = fleet.nave("app", "diff", "-f", wrong.toString());
    assertThat(diff.exit()).isEqualTo(2);
    assertThat(diff.err()).contains("spec.components[0].properties.image");
    var lost = folder.resolve("lost.yaml");
    Files.writeString(lost, text(EXAMPLES.resolve("cron.yaml")).replace("[north]", "[atlantis]"));
    var nowhere = fleet.nave("app", "diff", "-f", lost.toString());
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.out()).contains("cluster \"atlantis\" does not exist");
  }

  @Test
  @Order(5)
  void regionsDifferByOverrideOnly() {
    assertThat(image(deployment("east", "default", "regional-web")))
        .isEqualTo("registry.example/web:1.0");
    var west = deployment("west", "default", "regional-web");
    assertThat(image(west)).isEqualTo("registry.west.example/web:1.0");
    assertThat(west.at("/spec/replicas").asInt(0)).isEqualTo(3);
  }

  @Test
  @Order(5)
  void theFrontEndLearnsWhereTheBackEndIs() {
    assertThat(
            deployment("west", "default", "front-end")
                .at("/spec/template/spec/containers/0/env/0/value")
                .asString(""))
        .isEqualTo("back-end");
  }

  @Test
  @Order(5)
  void anAdoptedDeploymentKeepsWhatOthersScale() {
    var adopted = deployment("east", "default", "legacy");
    assertThat(image(adopted)).isEqualTo("registry.example/legacy:1.1");
    assertThat(adopted.at("/spec/replicas").asInt(0)).isEqualTo(4);
    assertThat(adopted.labels()).containsEntry("made", "by-hand");
  }

  @Test
  @Order(5)
  void allTenClustersRunIt() {
    assertThat(fleet.clusters())
        .hasSize(10)
        .allSatisfy(
            cluster -> assertThat(image(deployment(cluster, "default", "ten-agent"))).isNotEmpty());
  }

  @Test
  @Order(5)
  void statusShowsComponentsAndSteps() {
    var status = fleet.ok("app", "status", "regional");
    assertThat(status)
        .contains("Phase:      running", "Healthy:    2/2", "to-east", "to-west", "succeeded")
        .containsPattern("regional-web +west +default +Deployment +yes");
    var json = Json.parse(fleet.ok("app", "status", "regional", "-o", "json"));
    assertThat(json.at("/status/status").asString("")).isEqualTo("running");
    assertThat(fleet.ok("app", "list")).containsPattern("regional +running +2/2 +2");
  }

  @Test
  @Order(5)
  void aTypeOfTheHubIsShownAndDiffKnowsIt() throws IOException {
    var definition =
        """
        apiVersion: core.oam.dev/v1beta1
        kind: ComponentDefinition
        metadata: {name: note, namespace: default}
        spec:
          workload: {definition: {apiVersion: v1, kind: ConfigMap}}
          schematic:
            nave:
              parameter:
                type: object
                properties: {says: {type: string, description: What it says.}}
              output: {apiVersion: v1, kind: ConfigMap, data: {says: "${parameter.says}"}}
        """;
    fleet
        .admin()
        .create(
            ResourceType.of(ComponentDefinition.class),
            ApiObject.of(Yaml.parseAll(definition).getFirst()));

    assertThat(fleet.ok("def", "show", "note", "-n", "default")).contains("What it says.");
    assertThat(fleet.ok("def", "show", "note", "-n", "default", "-o", "yaml")).contains("uid:");
    assertThat(fleet.nave("def", "show", "note", "-n", "elsewhere").err())
        .contains("there is no type \"note\"");
    var file = folder.resolve("note.yaml");
    Files.writeString(
        file,
        """
        apiVersion: core.oam.dev/v1beta1
        kind: Application
        metadata: {name: reminder, namespace: default}
        spec:
          components: [{name: reminder, type: note, properties: {says: hello}}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    // What is rendered comes from what the hub's controllers know, which follows in a moment.
    fleet.until(
        "diff to know the type",
        () -> {
          var diff = fleet.nave("app", "diff", "-f", file.toString());
          return diff.exit() == 1 && diff.out().contains("reminder");
        },
        () -> fleet.nave("app", "diff", "-f", file.toString()).toString());
  }

  @Test
  @Order(5)
  void whySaysWhyTheOneThatFailsDoes() {
    var why = fleet.ok("app", "why", "fails");
    assertThat(why)
        .contains("application default/fails is not ready: runningWorkflow")
        .contains("component fails-web on east: ComponentUnhealthy", "Ready:0/1")
        .contains("cause:", "next:");
    assertThat(fleet.ok("app", "why", "stateless-web"))
        .contains("application default/stateless-web is ready: running");
  }

  @Test
  @Order(6)
  void theCanaryGoesOnWhenSomebodyApproves() {
    assertThat(fleet.cluster("west").find(DEPLOYMENT, Key.of("default", "canary-web"))).isEmpty();
    assertThat(fleet.ok("app", "why", "canary")).contains("step look: Suspend");
    fleet.ok("app", "approve", "canary", "--reason", "error rate is as before");
    awaitPhase("canary", "running");
    assertThat(image(deployment("west", "default", "canary-web")))
        .isEqualTo("registry.example/web:2.0");
    assertThat(fleet.ok("app", "logs", "canary"))
        .containsPattern("look: approved by .*: error rate is as before");
  }

  @Test
  @Order(6)
  void productionFollowsWhenSomebodyApproves() {
    assertThat(fleet.cluster("east").find(DEPLOYMENT, Key.of("shop", "shop-web"))).isEmpty();
    assertThat(image(deployment("south", "shop-dev", "shop-web"))).endsWith("shop:3.4");
    fleet.ok("app", "approve", "shop");
    awaitPhase("shop", "running");
    assertThat(deployment("east", "shop", "shop-web").at("/spec/replicas").asInt(0)).isEqualTo(3);
    assertThat(deployment("north", "shop-test", "shop-web").at("/spec/replicas").asInt(0))
        .isEqualTo(1);
  }

  @Test
  @Order(7)
  void aRollbackGoesToWhatWas() throws IOException {
    var edited = folder.resolve("rolled.yaml");
    Files.writeString(edited, text(EXAMPLES.resolve("sidecar.yaml")).replace("1.29", "1.30"));
    fleet.ok("app", "up", "-f", edited.toString(), "--wait", "--timeout", "120");
    assertThat(image(deployment("north", "default", "shipped"))).isEqualTo("nginx:1.30");
    assertThat(fleet.ok("app", "revisions", "sidecar")).contains("sidecar-v1", "sidecar-v2");
    fleet.ok("app", "rollback", "sidecar");
    fleet.until(
        "the old image",
        () -> image(deployment("north", "default", "shipped")).equals("nginx:1.29"));
  }

  @Test
  @Order(8)
  void whatIsDeletedGoesAndWhatIsToStayStays() {
    fleet.ok("app", "delete", "stateful", "--wait", "--timeout", "120");
    var claims = ResourceType.of("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);
    assertThat(fleet.cluster("east").list(claims, "databases", Selection.all()).items()).hasSize(1);
    fleet.ok("app", "delete", "first-sharer", "--wait", "--timeout", "120");
    var settings = ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
    assertThat(fleet.cluster("north").find(settings, Key.of("default", "common-settings")))
        .as("the second sharer still has it")
        .isPresent();
  }
}
