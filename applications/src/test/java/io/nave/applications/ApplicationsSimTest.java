package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.kinds.Namespace;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.WorkflowRun;
import io.nave.placement.api.Placement;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// - Goal: the application layer on a real API server and store: delivered, healthy, moved, broken,
///   mended and deleted, without a write too many.
/// - Method: simulated time; agents are played by the test.
class ApplicationsSimTest extends ApplicationsOnHub {
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
        "{metadata: {annotations: {nave.io/workflow: 'approve to-prd', nave.io/workflow-by:"
            + " '2026-11-26T06:00:00Z alice'}}}");
    world.run(SOON);
    assertThat(web().metadata().annotations()).isEmpty();
    assertThat(notes("NothingToDo"))
        .containsExactly(
            "nave.io/workflow: \"approve to-prd\" changed nothing: there is no step \"to-prd\";"
                + " there are to-dev, to-prod");
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
    assertThat(notes("NothingToDo")).as("what counted is no event").hasSize(1);
    var kept =
        Codec.decode(
            client.get(ResourceType.of(ApplicationRevision.class), Key.of("default", "web-v1")),
            ApplicationRevision.class);
    assertThat(kept.status().succeeded()).isTrue();
    var settled = store.view().revision();
    world.run(Duration.ofHours(1));
    assertThat(store.view().revision()).isEqualTo(settled);
  }

  /// What events with a reason say.
  private List<String> notes(String reason) {
    return client.list(HubKinds.EVENT, "default", Selection.all()).items().stream()
        .filter(event -> event.at("/reason").asString("").equals(reason))
        .map(event -> event.at("/note").asString(""))
        .toList();
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
}
