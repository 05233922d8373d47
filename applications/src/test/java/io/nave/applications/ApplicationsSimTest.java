package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.kinds.CoreKinds;
import io.nave.apiserver.kinds.Namespace;
import io.nave.apiserver.rbac.Rbac;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.ComponentDefinition;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Environment;
import io.nave.applications.api.Policy;
import io.nave.applications.api.PolicyDefinition;
import io.nave.applications.api.TraitDefinition;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.api.WorkflowStepDefinition;
import io.nave.placement.PlacementHub;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.runtime.Parts;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import io.nave.work.ManifestWork;
import io.nave.work.WorkStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// - Goal: the application layer on a real API server and store: delivered, healthy, moved, broken,
///   mended and deleted, without a write too many.
/// - Method: simulated time; agents are played by the test.
class ApplicationsSimTest {
  private static final ResourceType APPLICATION = ResourceType.of(Application.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final ResourceType CONFIG =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final Key WEB = Key.of("default", "web");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final SimWorld world = new SimWorld(11);
  private final Parts parts = new Parts();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private EmbeddedStore store;
  private LocalClient client;

  @BeforeEach
  void start() {
    var host = world.host("hub");
    store = parts.open(EmbeddedStore.open(host, new MemoryEngine(), Limits.defaults(), metrics));
    var rbac = new Rbac(host, store);
    var types = new ArrayList<>(CoreKinds.all(rbac));
    List.of(
            ManagedCluster.class,
            ManagedClusterSet.class,
            ManagedClusterSetBinding.class,
            Placement.class,
            PlacementDecision.class,
            AddOnPlacementScore.class,
            ManifestWork.class,
            Application.class,
            ApplicationRevision.class,
            Workflow.class,
            Policy.class,
            WorkflowRun.class,
            Environment.class,
            ComponentDefinition.class,
            TraitDefinition.class,
            PolicyDefinition.class,
            WorkflowStepDefinition.class,
            DefinitionRevision.class)
        .forEach(kind -> types.add(ServedType.of(kind)));
    var registry = new Registry(host, store, types, rbac, List.of());
    client = new LocalClient(registry, Caller.of("admin", Caller.MASTERS, Caller.AUTHENTICATED));
    Bootstrap.run(client, Bootstrap.HUB_NAMESPACES);
    for (var cluster : List.of("east", "west", "north")) {
      client.create(
          ResourceType.of(Namespace.class),
          ApiObject.named(ResourceType.of(Namespace.class), "", cluster));
      create(
          CLUSTER,
          "{metadata: {name: %s, labels: {env: prod}}, spec: {hubAcceptsClient: true}}"
              .formatted(cluster));
    }
    parts.open(PlacementHub.start(host, client, metrics));
    parts.open(ApplicationsHub.start(host, client, metrics));
  }

  @AfterEach
  void stop() {
    parts.close();
    world.close();
    assertThat(world.taskFailures()).isEmpty();
  }

  private void create(ResourceType type, String yaml) {
    client.create(type, ApiObject.of(Yaml.parseAll(yaml).getFirst()));
  }

  private void createWeb(String topology) {
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: web, type: webservice, properties: {image: nginx}}]
          policies: [{name: where, type: topology, properties: %s}]
        """
            .formatted(topology));
  }

  private Application web() {
    return Codec.decode(client.get(APPLICATION, WEB), Application.class);
  }

  private List<ManifestWork> works() {
    return client.list(WORK, "", Selection.all()).items().stream()
        .map(object -> Codec.decode(object, ManifestWork.class))
        .toList();
  }

  private List<String> clusters() {
    return works().stream().map(work -> work.metadata().namespace()).toList();
  }

  /// All agents report what they would once everything is rolled out.
  private void report() {
    for (var work : works()) {
      var reported = FakeAgent.reported(work, FakeAgent::rolledOut);
      if (!reported.status().equals(work.status())) {
        client.patch(
            WORK,
            work.key(),
            "status",
            Patch.merge(body -> body.set("status", WorkStatus.json(reported.status()))));
      }
    }
  }

  private void awaitPhase(String phase) {
    world.runUntil(() -> phase.equals(web().status().status()), SOON);
    assertThat(web().status().status()).isEqualTo(phase);
  }

  /// - Goal: what a component refers to is read from the hub, and why nothing is delivered is said.
  @Test
  void deliversObjectsOfTheHub() {
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components:
          - {name: settings, type: ref-objects, properties: {objects: [{resource: configmaps}]}}
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    awaitPhase("rendering");
    assertThat(Samples.condition(web().status(), "Render").message())
        .contains("nothing is there that they name");
    create(CONFIG, "{metadata: {name: settings, namespace: default}, data: {by: hub}}");
    world.runUntil(() -> by().equals("hub"), SOON);
    assertThat(by()).isEqualTo("hub");
    merge(CONFIG, Key.of("default", "settings"), "{data: {by: changed}}");
    world.runUntil(() -> by().equals("changed"), SOON);
    assertThat(by()).as("without waiting for a look").isEqualTo("changed");
    create(CONFIG, "{metadata: {name: other, namespace: default}, data: {by: nobody}}");
    var passes = passes();
    merge(CONFIG, Key.of("default", "other"), "{data: {by: anybody}}");
    world.run(Duration.ofMinutes(5));
    assertThat(passes()).as("others of the kind are no reason to look").isEqualTo(passes);
  }

  /// - Goal: objects that are chosen by label come, change and go with their label.
  @Test
  void followsObjectsThatComeAndGoByTheirLabel() {
    create(CONFIG, "{metadata: {name: a, namespace: default, labels: {for: web}}, data: {by: a}}");
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components:
          - name: settings
            type: ref-objects
            properties: {objects: [{resource: configmaps, labelSelector: {for: web}}]}
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    world.runUntil(() -> delivered().equals(List.of("a")), SOON);
    create(CONFIG, "{metadata: {name: b, namespace: default, labels: {for: web}}, data: {by: b}}");
    world.runUntil(() -> delivered().equals(List.of("a", "b")), SOON);
    assertThat(delivered()).containsExactly("a", "b");
    merge(CONFIG, Key.of("default", "a"), "{metadata: {labels: {for: nobody}}}");
    rollOut();
    assertThat(delivered()).containsExactly("b");
  }

  /// The ConfigMaps in works.
  private List<String> delivered() {
    return works().stream()
        .flatMap(work -> Works.manifests(work).stream())
        .filter(manifest -> manifest.path("kind").asString("").equals("ConfigMap"))
        .map(manifest -> manifest.at("/metadata/name").asString(""))
        .sorted()
        .toList();
  }

  private double passes() {
    return metrics
        .find("hub_controller_reconciles_total")
        .tag("controller", "application")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  /// - Goal: creating an application costs no look that brings nothing: its finalizer (which the
  ///   hub's admission sets, and this API server has none), its works, and each cluster's report.
  @Test
  void looksAtAnApplicationOnlyWhenThereIsNews() {
    createWeb("{clusters: [east, west]}");
    awaitWorksOn("east", "west");
    world.run(Duration.ofMinutes(1));
    assertThat(passes()).isEqualTo(2);
    report();
    awaitPhase("running");
    world.run(Duration.ofMinutes(1));
    assertThat(passes()).isEqualTo(4);
    merge(
        APPLICATION,
        WEB,
        "{spec: {components: [{name: web, type: webservice, properties: {image: 'nginx:2'}}]}}");
    world.run(Duration.ofMinutes(1));
    assertThat(passes()).isEqualTo(5);
    report();
    awaitPhase("running");
    assertThat(images()).containsExactly("nginx:2", "nginx:2");
  }

  /// - Goal: what somebody does to a work while its writer looks away is found.
  @Test
  void anEditOfAWorkJustAfterItWasWrittenIsUndone() {
    createWeb("{clusters: [east]}");
    awaitWorksOn("east");
    merge(WORK, works().getFirst().key(), "{spec: {workload: {manifests: []}}}");
    world.runUntil(() -> images().equals(List.of("nginx")), SOON);
    assertThat(images()).containsExactly("nginx");
  }

  /// - Goal: a template that explodes stops its own application, with the reason, and no other.
  @Test
  void aTemplateThatExplodesHoldsUpNobodyElse() {
    var bomb = "x";
    for (var level = 0; level < 5; level++) {
      bomb =
          "{forEach: '${[1,2,3,4,5,6,7,8,9,0]}', as: v%d, key: 'k${v%d}', template: %s}"
              .formatted(level, level, bomb);
    }
    create(
        ResourceType.of(ComponentDefinition.class),
        """
        metadata: {name: bomb, namespace: default}
        spec: {schematic: {nave: {output: {apiVersion: v1, kind: ConfigMap, data: %s}}}}
        """
            .formatted(bomb));
    create(
        APPLICATION,
        """
        metadata: {name: bomb, namespace: default}
        spec:
          components: [{name: bomb, type: bomb}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    createWeb("{clusters: [east]}");
    world.runUntil(() -> clusters().contains("east"), SOON);
    report();
    awaitPhase("running");
    var stopped =
        Codec.decode(client.get(APPLICATION, Key.of("default", "bomb")), Application.class);
    assertThat(Samples.condition(stopped.status(), "Render").message())
        .contains("component \"bomb\"", "produces more than 50000 values");
  }

  private static String config(String namespace, String value) {
    return """
    metadata: {name: config, namespace: %s}
    spec:
      schematic:
        nave:
          parameter: {required: [text], properties: {text: {type: string}}}
          output: {apiVersion: v1, kind: ConfigMap, data: {text: '${parameter.text}', by: %s}}
    """
        .formatted(namespace, value);
  }

  private String by() {
    return works().isEmpty()
        ? ""
        : Works.manifests(works().getFirst()).getLast().at("/data/by").asString("");
  }

  /// - Goal: who changes a definition sees the applications that use it follow, and no others; what
  ///   it was is kept as a revision.
  @Test
  void applicationsFollowTheDefinitionsTheyUse() {
    var type = ResourceType.of(ComponentDefinition.class);
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: note, type: config, properties: {text: hello}}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """);
    awaitPhase("rendering"); // its type is not there yet
    create(type, config("vela-system", "system"));
    world.runUntil(() -> by().equals("system"), SOON);
    assertThat(by()).isEqualTo("system");
    create(type, config("default", "own"));
    world.runUntil(() -> by().equals("own"), SOON);
    assertThat(by()).isEqualTo("own");
    client.patch(
        type,
        Key.of("default", "config"),
        "",
        Patch.merge(body ->
            body.putObject("spec")
                .putObject("schematic")
                .putObject("nave")
                .putObject("output")
                .putObject("data")
                .put("by", "changed")));
    world.runUntil(() -> by().equals("changed"), SOON);
    assertThat(by()).isEqualTo("changed");
    var revisions =
        client
            .list(ResourceType.of(DefinitionRevision.class), "default", Selection.all())
            .items()
            .stream()
            .map(ApiObject::name)
            .toList();
    assertThat(revisions).containsExactly("config-v1", "config-v2");
  }

  private void createNote(String version) {
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default, annotations: {%s}}
        spec:
          components: [{name: note, type: config, properties: {text: hello}}]
          policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """
            .formatted(version));
  }

  private void changeDefinition(String value) {
    merge(
        ResourceType.of(ComponentDefinition.class),
        Key.of("vela-system", "config"),
        "{spec: {schematic: {nave: {output: {data: {by: %s}}}}}}".formatted(value));
    world.run(SOON);
  }

  /// - Goal: what is published is rendered by the definitions it was published with, however often
  ///   they change, until another version is published.
  @Test
  void whatIsPublishedKeepsItsDefinitions() {
    create(ResourceType.of(ComponentDefinition.class), config("vela-system", "first"));
    world.run(SOON);
    createNote("app.oam.dev/publishVersion: a");
    world.runUntil(() -> by().equals("first"), SOON);
    for (var value : List.of("second", "third", "fourth", "fifth")) {
      changeDefinition(value);
    }
    client.delete(
        ResourceType.of(ManifestWork.class), works().getFirst().key(), null); // is written anew
    world.run(SOON);
    assertThat(by()).isEqualTo("first");
    var revision =
        Codec.decode(
            client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
            ApplicationRevision.class);
    assertThat(revision.spec().definitions())
        .filteredOn(used -> used.name().equals("config"))
        .singleElement()
        .satisfies(used -> {
          assertThat(used.revision()).isEqualTo("vela-system/config-v1");
          assertThat(used.definition()).isNull();
        });
    merge(
        APPLICATION,
        Key.of("default", "web"),
        "{metadata: {annotations: {app.oam.dev/publishVersion: b}}}");
    world.runUntil(() -> by().equals("fifth"), SOON);
    assertThat(by()).isEqualTo("fifth");
  }

  /// - Goal: an application that goes back to a revision has what it had then.
  @Test
  void goingBackToARevisionGoesBackToItsDefinitions() {
    create(ResourceType.of(ComponentDefinition.class), config("vela-system", "first"));
    world.run(SOON);
    createNote("");
    world.runUntil(() -> by().equals("first"), SOON);
    merge(
        APPLICATION,
        Key.of("default", "web"),
        "{spec: {components: [{name: note, type: config, properties: {text: changed}}]}}");
    changeDefinition("second");
    assertThat(by()).isEqualTo("second");
    client.patch(
        APPLICATION,
        Key.of("default", "web"),
        "",
        Codec.decode(
                client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
                ApplicationRevision.class)
            .rollback());
    world.run(SOON);
    assertThat(by()).isEqualTo("first");
    changeDefinition("third");
    assertThat(by()).isEqualTo("first");
  }

  /// - Goal: one can go back to a revision whose definition was deleted; what nobody holds on to
  ///   goes with its definition.
  @Test
  void aRevisionOutlivesTheDefinitionsItHolds() {
    create(ResourceType.of(ComponentDefinition.class), config("vela-system", "first"));
    create(
        ResourceType.of(ComponentDefinition.class),
        config("vela-system", "unused").replace("name: config,", "name: unused,"));
    world.run(SOON);
    createNote("");
    world.runUntil(() -> by().equals("first"), SOON);
    merge(
        APPLICATION,
        WEB,
        "{spec: {components: [{name: note, type: k8s-objects, properties: {objects: [{apiVersion: v1,"
            + " kind: ConfigMap, metadata: {name: other}, data: {by: nobody}}]}}]}}");
    rollOut();
    assertThat(by()).isEqualTo("nobody");
    for (var name : List.of("config", "unused")) {
      client.delete(ResourceType.of(ComponentDefinition.class), Key.of("vela-system", name), null);
    }
    world.run(SOON);
    assertThat(definitionRevisions()).containsExactly("config-v1");
    client.patch(
        APPLICATION,
        WEB,
        "",
        Codec.decode(
                client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
                ApplicationRevision.class)
            .rollback());
    rollOut();
    assertThat(by()).isEqualTo("first");
    // The last to hold on to it goes.
    client.delete(APPLICATION, WEB, null);
    for (var name : List.of("web-v1", "web-v2")) {
      client.delete(ResourceType.of(ApplicationRevision.class), Key.of("default", name), null);
    }
    world.run(DefinitionReconciler.LEFT_LOOK.multipliedBy(2));
    assertThat(definitionRevisions()).isEmpty();
  }

  /// Agents report what they were told, and what becomes of that.
  private void rollOut() {
    for (var round = 0; round < 3; round++) {
      world.run(SOON);
      report();
    }
    world.run(SOON);
  }

  private List<String> definitionRevisions() {
    return client
        .list(ResourceType.of(DefinitionRevision.class), "vela-system", Selection.all())
        .items()
        .stream()
        .map(ApiObject::name)
        .toList();
  }

  private void awaitWorksOn(String... expected) {
    world.runUntil(() -> clusters().equals(List.of(expected)), SOON);
    assertThat(clusters()).containsExactly(expected);
  }

  private void merge(ResourceType type, Key key, String patch) {
    client.patch(type, key, "", new Patch(Patch.Form.MERGE, Yaml.parse(patch)));
  }

  @Test
  void deliversAndBecomesHealthyAndThenWritesNoMore() {
    createWeb("{clusters: [east, west]}");
    awaitWorksOn("east", "west");
    awaitPhase("runningWorkflow");
    report();
    awaitPhase("running");
    var revision = store.view().revision();
    world.run(Duration.ofMinutes(10));
    assertThat(store.view().revision()).isEqualTo(revision);
    assertThat(web().status().services())
        .extracting(Application.Service::message)
        .containsExactly("Ready:1/1", "Ready:1/1");
  }

  @Test
  void writesNothingAfterARestart() {
    createWeb("{clusterLabelSelector: {env: prod}}");
    awaitWorksOn("east", "north", "west");
    report();
    awaitPhase("running");
    var revision = store.view().revision();
    parts.open(ApplicationsHub.start(world.host("hub2"), client, new SimpleMeterRegistry()));
    world.run(Duration.ofMinutes(1));
    assertThat(store.view().revision()).isEqualTo(revision);
  }

  @Test
  void movesWithItsPlacement() {
    create(
        ResourceType.of(ManagedClusterSet.class),
        "{metadata: {name: all}, spec: {clusterSelector: {selectorType: LabelSelector,"
            + " labelSelector: {}}}}");
    create(
        ResourceType.of(ManagedClusterSetBinding.class),
        "{metadata: {name: all, namespace: default}, spec: {clusterSet: all}}");
    create(
        ResourceType.of(Placement.class),
        "{metadata: {name: two, namespace: default}, spec: {numberOfClusters: 2}}");
    createWeb("{placement: two}");
    awaitWorksOn("east", "north");
    report();
    awaitPhase("running");
    merge(CLUSTER, Key.of("east"), "{spec: {taints: [{key: cordon, effect: NoSelect}]}}");
    awaitWorksOn("north", "west");
    report();
    awaitPhase("running");
    assertThat(web().status().services())
        .extracting(Application.Service::cluster)
        .containsExactly("north", "west");
  }

  @Test
  void keepsWhatRunsWhileItIsBrokenAndGoesOnWhenItIsMended() {
    createWeb("{clusters: [east]}");
    awaitWorksOn("east");
    report();
    awaitPhase("running");
    merge(
        APPLICATION,
        WEB,
        "{spec: {components: [{name: web, type: webservce, properties: {image: nginx}}]}}");
    awaitPhase("rendering");
    assertThat(clusters()).containsExactly("east");
    assertThat(Condition.find(web().status().conditions(), "Parsed").orElseThrow().message())
        .contains("type \"webservce\" of component \"web\" is unknown");
    merge(
        APPLICATION,
        WEB,
        "{spec: {components: [{name: web, type: webservice, properties: {image: 'nginx:2'}}]}}");
    awaitPhase("runningWorkflow");
    report();
    awaitPhase("running");
    assertThat(images()).containsExactly("nginx:2");
  }

  private List<String> images() {
    return works().stream()
        .flatMap(work -> Works.manifests(work).stream())
        .map(manifest -> manifest.at("/spec/template/spec/containers/0/image"))
        .map(JsonNode::asString)
        .toList();
  }

  @Test
  void startsWhenTheClusterItNamesIsThere() {
    createWeb("{clusters: [south]}");
    awaitPhase("generatingPolicy");
    client.create(
        ResourceType.of(Namespace.class),
        ApiObject.named(ResourceType.of(Namespace.class), "", "south"));
    create(CLUSTER, "{metadata: {name: south}, spec: {hubAcceptsClient: true}}");
    awaitWorksOn("south");
    awaitPhase("runningWorkflow");
  }

  @Test
  void putsAWorkBackThatSomeoneDeletedOrChanged() {
    createWeb("{clusters: [east]}");
    awaitWorksOn("east");
    var key = works().getFirst().key();
    client.delete(WORK, key, null);
    awaitWorksOn("east");
    merge(WORK, key, "{spec: {manifestConfigs: null}}");
    world.runUntil(() -> !works().getFirst().spec().manifestConfigs().isEmpty(), SOON);
    assertThat(works().getFirst().spec().manifestConfigs()).hasSize(1);
  }

  /// As `nave app delete --orphan` asks.
  @Test
  void anApplicationThatLeavesItsObjectsBehindGoesItself() {
    createWeb("{clusters: [east]}");
    awaitWorksOn("east");
    merge(
        APPLICATION,
        WEB,
        "{metadata: {finalizers: [%s, %s]}}"
            .formatted(ApplicationReconciler.FINALIZER, Dismantling.ORPHAN));
    client.delete(APPLICATION, WEB, null);
    world.runUntil(() -> client.find(APPLICATION, WEB).isEmpty(), SOON);
    assertThat(works()).isEmpty();
  }

  @Test
  void takesTheNamespaceOutOfTheDeletionAgain() {
    createWeb("{clusters: [east], namespace: shop}");
    awaitWorksOn("east");
    var option = works().getFirst().spec().deleteOption();
    assertThat(option).isNotNull();
    merge(
        APPLICATION,
        WEB,
        "{spec: {policies: [{name: where, type: topology, properties: {clusters: [east]}}]}}");
    // The old stays until the new is healthy.
    world.runUntil(() -> Works.manifests(works().getFirst()).size() == 3, SOON);
    report();
    world.runUntil(() -> Works.manifests(works().getFirst()).size() == 1, SOON);
    report();
    awaitPhase("running");
    var after = works().getFirst().spec().deleteOption();
    assertThat(after == null ? "Foreground" : after.propagationPolicy()).isEqualTo("Foreground");
    var revision = store.view().revision();
    world.run(Duration.ofMinutes(1));
    assertThat(store.view().revision()).isEqualTo(revision);
  }

  /// - Goal: approval, revision and end of a run survive a hub that is replaced in between.
  @Test
  void goesOnWhereItWasInAnotherHub() {
    create(
        APPLICATION,
        """
        metadata: {name: web, namespace: default}
        spec:
          components: [{name: web, type: webservice, properties: {image: nginx}}]
          policies:
          - {name: dev, type: topology, properties: {clusters: [east]}}
          - {name: prod, type: topology, properties: {clusters: [west]}}
          workflow:
            steps:
            - {name: to-dev, type: deploy, properties: {policies: [dev]}}
            - {name: to-prod, type: deploy, properties: {policies: [prod], auto: false}}
        """);
    awaitWorksOn("east");
    report();
    awaitPhase("workflowSuspending");
    parts.open(ApplicationsHub.start(world.host("hub2"), client, new SimpleMeterRegistry()));
    var revision = store.view().revision();
    world.run(Duration.ofHours(1));
    assertThat(store.view().revision()).as("waiting writes nothing").isEqualTo(revision);
    merge(
        APPLICATION,
        WEB,
        "{metadata: {annotations: {nave.io/workflow: 'approve: fine', nave.io/workflow-by:"
            + " '2026-11-26T07:00:00Z alice'}}}");
    awaitWorksOn("east", "west");
    report();
    awaitPhase("running");
    var run = web().status().workflow();
    assertThat(run).isNotNull();
    var approval = run.find("to-prod").orElseThrow().approval();
    assertThat(approval).isNotNull();
    assertThat(approval.by()).isEqualTo("alice");
    assertThat(web().metadata().annotations()).isEmpty();
    var kept =
        Codec.decode(
            client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
            ApplicationRevision.class);
    assertThat(kept.status().succeeded()).isTrue();
    var settled = store.view().revision();
    world.run(Duration.ofHours(1));
    assertThat(store.view().revision()).isEqualTo(settled);
  }

  @Test
  void executesAWorkflowRunOnceAndLeavesWhatItMade() {
    var type = ResourceType.of(WorkflowRun.class);
    var key = Key.of("default", "once");
    create(
        type,
        """
        metadata: {name: once, namespace: default}
        spec:
          workflowSpec:
            steps:
            - name: make
              type: export2config
              properties: {cluster: east, configName: made, data: {a: b}}
            - {name: ask, type: suspend}
            - {name: say, type: print-message-in-status, properties: {message: done}}
        """);
    awaitWorksOn("east");
    report();
    world.runUntil(
        () -> "suspending".equals(client.get(type, key).at("/status/status").asString("")), SOON);
    merge(
        type,
        key,
        "{metadata: {annotations: {nave.io/workflow: resume, nave.io/workflow-by:"
            + " '2026-11-26T07:00:00Z alice'}}}");
    world.runUntil(
        () -> "succeeded".equals(client.get(type, key).at("/status/status").asString("")), SOON);
    var revision = store.view().revision();
    world.run(Duration.ofMinutes(10));
    assertThat(store.view().revision()).isEqualTo(revision);
    client.delete(type, key, null);
    world.run(Duration.ofMinutes(1));
    assertThat(Works.manifests(works().getFirst()).getFirst().at("/metadata/name").asString())
        .isEqualTo("made");
  }

  @Test
  void goesOnlyWhenItsWorksAreGone() {
    createWeb("{clusters: [east]}");
    awaitWorksOn("east");
    var key = works().getFirst().key();
    merge(WORK, key, "{metadata: {finalizers: [" + ManifestWork.FINALIZER + "]}}");
    client.delete(APPLICATION, WEB, null);
    awaitPhase("deleting");
    assertThat(works().getFirst().metadata().deleting()).isTrue();
    merge(WORK, key, "{metadata: {finalizers: null}}");
    world.runUntil(() -> client.find(APPLICATION, WEB).isEmpty(), SOON);
    assertThat(client.find(APPLICATION, WEB)).isEmpty();
    assertThat(works()).isEmpty();
  }

  @Test
  void doesNotTakeOverAWorkThatIsNotItsOwn() {
    create(
        WORK,
        "{metadata: {name: app-default.web, namespace: east}, spec: {workload: {manifests:"
            + " [{apiVersion: v1, kind: Namespace, metadata: {name: mine}}]}}}");
    createWeb("{clusters: [east]}");
    awaitPhase("rendering");
    assertThat(Condition.find(web().status().conditions(), "Render").orElseThrow().message())
        .isEqualTo(
            "ManifestWork east/app-default.web is there and not ours; delete it or rename the"
                + " application");
    assertThat(Works.manifests(works().getFirst()).getFirst().at("/metadata/name").asString())
        .isEqualTo("mine");
    client.delete(WORK, works().getFirst().key(), null);
    world.run(Duration.ofMinutes(1));
    assertThat(Works.manifests(works().getFirst()).getFirst().at("/metadata/name").asString())
        .isEqualTo("web");
  }

  @Test
  void servesItsKindByItsOwnSchema() {
    var error =
        catchThrowableOfType(
            ApiError.class,
            () ->
                create(
                    APPLICATION,
                    "{metadata: {name: x, namespace: default}, spec: {components: [{name: a}]}}"));
    assertThat(error.reason()).isEqualTo(ApiError.Reason.INVALID);
    assertThat(Json.text(error.toStatus())).contains("spec.components[0].type");
  }
}
