package io.nave.applications;

import static io.nave.applications.Samples.condition;
import static io.nave.applications.Samples.fleet;
import static io.nave.applications.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.api.Workflow;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What many passes over one application make of its workflow, works and revisions.
class ConductTest {
  private static final String PROMOTED =
      """
      components: [{name: web, type: webservice, properties: {image: "nginx:%s"}}]
      policies:
      - {name: dev, type: topology, properties: {clusters: [east]}}
      - {name: prod, type: topology, properties: {clusters: [west]}}
      workflow:
        steps:
        - {name: to-dev, type: deploy, properties: {policies: [dev]}}
        - {name: to-prod, type: deploy, properties: {auto: false, policies: [prod]}}
      """;

  private static FakeHub hub(String spec, String... clusters) {
    return new FakeHub(web(spec), fleet(clusters));
  }

  @Test
  void deliversStepByStepAndWaitsForAnApproval() {
    var hub = hub(PROMOTED.formatted("1"), "east", "west").settle();
    assertThat(hub.clusters()).containsExactly("east");
    assertThat(hub.phase()).isEqualTo("runningWorkflow");
    hub.report();
    assertThat(hub.phase()).isEqualTo("workflowSuspending");
    assertThat(hub.step("to-prod")).isEqualTo("suspending: Waiting approval...");
    assertThat(hub.clusters()).containsExactly("east");
    hub.hand("approve to-prod: tested", "alice");
    assertThat(hub.clusters()).containsExactly("east", "west");
    assertThat(hub.application.metadata().annotations()).isEmpty();
    hub.report();
    assertThat(hub.phase()).isEqualTo("running");
    var run = hub.application.status().workflow();
    assertThat(run).isNotNull();
    var approval = run.find("to-prod").orElseThrow().approval();
    assertThat(approval).isNotNull();
    assertThat(approval.by()).isEqualTo("alice");
    assertThat(hub.application.status().services()).hasSize(2);
  }

  @Test
  void namesTheAccountInWhoseNameItIsApplied() {
    var hub = new FakeHub(Samples.webOn("east"), fleet("east")).settle();
    assertThat(executor(hub)).isNull();
    hub.annotate("app.oam.dev/service-account-name", "deployer").settle();
    var executor = executor(hub);
    assertThat(executor).isNotNull();
    var account = executor.subject().serviceAccount();
    assertThat(account).isNotNull();
    assertThat(account.user()).isEqualTo("system:serviceaccount:shop:deployer");
    hub.annotate("app.oam.dev/service-account-name", "No Name").settle();
    assertThat(condition(hub.application.status(), "Parsed").message())
        .contains("metadata.annotations[app.oam.dev/service-account-name]", "\"No Name\"");
    assertThat(executor(hub)).as("what runs stays").isEqualTo(executor);
    hub.annotate("app.oam.dev/service-account-name", "").settle();
    assertThat(executor(hub)).isNull();
  }

  private static ManifestWork.@Nullable Executor executor(FakeHub hub) {
    assertThat(hub.works).hasSize(1);
    return hub.works.values().iterator().next().spec().executor();
  }

  /// Pods that carry it are not replaced when another component changes.
  @Test
  void theRevisionOfAComponentIsItsOwn() {
    var spec =
        """
        components:
        - {name: web, type: webservice, properties: {image: "nginx:%s", addRevisionLabel: true}}
        - {name: job, type: worker, properties: {image: "job:%s"}}
        policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        """;
    var hub = hub(spec.formatted(1, 1), "east").settle();
    var first = revisionLabel(hub);
    assertThat(first).matches("[0-9a-f]{8}");
    hub.edit(spec.formatted(1, 2)).settle();
    assertThat(hub.images("east")).contains("job:2");
    assertThat(revisionLabel(hub)).isEqualTo(first);
    hub.edit(spec.formatted(2, 2)).settle();
    assertThat(revisionLabel(hub)).matches("[0-9a-f]{8}").isNotEqualTo(first);
  }

  private static String revisionLabel(FakeHub hub) {
    return hub.works.values().stream()
        .flatMap(work -> Works.manifests(work).stream())
        .map(manifest ->
            manifest.at("/spec/template/metadata/labels").path("app.oam.dev/revision").asString(""))
        .filter(label -> !label.isEmpty())
        .findFirst()
        .orElse("");
  }

  @Test
  void leavesTheOldWhereTheNewHasNotHadItsTurn() {
    var hub = hub(PROMOTED.formatted("1"), "east", "west").settle().report();
    hub.hand("approve", "alice").report();
    assertThat(hub.phase()).isEqualTo("running");
    hub.edit(PROMOTED.formatted("2")).settle().report();
    assertThat(hub.phase()).isEqualTo("workflowSuspending");
    assertThat(hub.images("east")).containsExactly("nginx:2");
    assertThat(hub.images("west")).containsExactly("nginx:1");
    hub.hand("terminate", "eve");
    assertThat(hub.phase()).isEqualTo("workflowTerminated");
    assertThat(hub.images("west")).containsExactly("nginx:1");
    hub.edit(PROMOTED.formatted("3")).settle().report();
    hub.hand("approve", "alice").report();
    assertThat(hub.images("west")).containsExactly("nginx:3");
    assertThat(hub.phase()).isEqualTo("running");
  }

  @Test
  void removesWhatNobodyWantsOnlyWhenTheRunSucceeded() {
    var hub = hub(PROMOTED.formatted("1"), "east", "west", "north").settle().report();
    hub.hand("approve", "alice").report();
    hub.edit(PROMOTED.formatted("1").replace("[west]", "[north]")).settle().report();
    assertThat(hub.clusters()).containsExactly("east", "west");
    hub.hand("approve", "alice");
    assertThat(hub.clusters()).containsExactly("east", "north", "west");
    hub.report();
    assertThat(hub.clusters()).containsExactly("east", "north");
  }

  @Test
  void anApprovalOfTheOldRevisionIsNoneOfTheNew() {
    var hub = hub(PROMOTED.formatted("1"), "east", "west").settle().report();
    hub.edit(PROMOTED.formatted("2")).hand("approve", "alice").report();
    assertThat(hub.phase()).isEqualTo("workflowSuspending");
    assertThat(hub.clusters()).containsExactly("east");
  }

  @Test
  void deliversAComponentWhenThoseItDependsOnAreHealthyThere() {
    var hub =
        hub(
                """
                components:
                - {name: web, type: webservice, properties: {image: nginx}, dependsOn: [db]}
                - {name: db, type: webservice, properties: {image: postgres}}
                policies: [{name: where, type: topology, properties: {clusters: [east, west]}}]
                """,
                "east",
                "west")
            .settle();
    assertThat(hub.names("east")).containsExactly("Deployment/db");
    assertThat(hub.application.status().services())
        .extracting(Application.Service::message)
        .contains("waits until component db is healthy");
    hub.report("east");
    assertThat(hub.names("east")).containsExactlyInAnyOrder("Deployment/web", "Deployment/db");
    assertThat(hub.names("west")).containsExactly("Deployment/db");
    // What has come is not taken back when what it depends on falls ill.
    hub.report("east").report(live -> FakeAgent.deployment(live, 0), _ -> null);
    assertThat(hub.names("east")).containsExactlyInAnyOrder("Deployment/web", "Deployment/db");
    hub.report();
    hub.report();
    assertThat(hub.phase()).isEqualTo("running");
  }

  private static ObjectNode withAddress(ObjectNode live) {
    FakeAgent.rolledOut(live);
    if (live.path("kind").asString("").equals("Service")) {
      live.withObjectProperty("spec").put("clusterIP", "10.0.0.7");
    }
    return live;
  }

  @Test
  void passesLiveValuesFromOneComponentToTheNext() {
    var hub =
        hub(
                """
                components:
                - name: web
                  type: webservice
                  inputs: [{from: address, parameterKey: image}]
                - name: db
                  type: webservice
                  properties: {image: postgres, ports: [{port: 5432, expose: true}]}
                  outputs: [{name: address, valueFrom: "outputs.webserviceExpose.spec.clusterIP"}]
                policies: [{name: where, type: topology, properties: {clusters: [east]}}]
                """,
                "east")
            .settle();
    assertThat(hub.images("east")).containsExactly("postgres");
    hub.report(ConductTest::withAddress, _ -> null);
    assertThat(hub.images("east")).containsExactlyInAnyOrder("postgres", "10.0.0.7");
    hub.report(ConductTest::withAddress, _ -> null);
    assertThat(hub.phase()).isEqualTo("running");
  }

  private static final String ROLLOUT =
      """
      components: [{name: web, type: webservice, properties: {image: "nginx:%s"}}]
      policies: [{name: all, type: topology, properties: {clusterLabelSelector: {env: prod}}}]
      workflow:
        steps: [{name: out, type: deploy, properties: {policies: [all], %s}}]
      """;

  @Test
  void passesLiveValuesIntoTraits() {
    var hub =
        hub(
                """
                components:
                - {name: db, type: webservice, properties: {image: pg}, outputs: [{name: n, valueFrom: output.status.readyReplicas}]}
                - name: web
                  type: webservice
                  properties: {image: nginx}
                  inputs: [{from: n, parameterKey: 'traits[0].properties.replicas'}]
                  traits: [{type: scaler, properties: {replicas: 7}}]
                policies:
                - {name: where, type: topology, properties: {clusters: [east]}}
                """,
                "east")
            .settle();
    assertThat(hub.names("east")).containsExactly("Deployment/db");
    hub.report();
    var web =
        hub.works.values().stream()
            .flatMap(work -> Works.manifests(work).stream())
            .filter(manifest -> manifest.at("/metadata/name").asString("").equals("web"))
            .findFirst()
            .orElseThrow();
    assertThat(web.at("/spec/replicas").asInt(0)).isEqualTo(1);
  }

  @Test
  void rollsOutOverClustersAFewAtATime() {
    var hub = hub(ROLLOUT.formatted("1", "parallelism: 2"), "c1", "c2", "c3", "c4", "c5").settle();
    assertThat(hub.clusters()).containsExactly("c1", "c2");
    hub.report("c2");
    assertThat(hub.clusters()).containsExactly("c1", "c2", "c3");
    hub.report().report().report();
    assertThat(hub.clusters()).hasSize(5);
    assertThat(hub.phase()).isEqualTo("running");
    // The next version goes the same way, over what runs.
    hub.edit(ROLLOUT.formatted("2", "parallelism: 2")).settle();
    assertThat(hub.images("c2")).containsExactly("nginx:2");
    assertThat(hub.images("c3")).containsExactly("nginx:1");
  }

  @Test
  void stopsWhenTooManyClustersRefuse() {
    var spec = ROLLOUT.formatted("1", "parallelism: 1, maxUnavailableClusters: 1");
    var hub = hub(spec, "c1", "c2", "c3", "c4").settle();
    hub.report("c1", FakeAgent::rolledOut, _ -> "quota exceeded");
    hub.settle();
    assertThat(hub.clusters()).containsExactly("c1", "c2");
    hub.report("c2", FakeAgent::rolledOut, _ -> "quota exceeded");
    hub.settle();
    assertThat(hub.clusters()).containsExactly("c1", "c2");
    assertThat(hub.phase()).isEqualTo("workflowTerminated");
    assertThat(hub.step("out"))
        .startsWith(
            "failed: 2 of 4 clusters failed, more than maxUnavailableClusters 1 bears: c1: ")
        .contains("quota exceeded");
  }

  @Test
  void doesNotTellOneClusterMoreThanItsTurnAfterARestart() {
    var hub = hub(ROLLOUT.formatted("1", "parallelism: 1"), "c1", "c2").settle();
    var again =
        ApplicationReconciler.decide(
            hub.application, java.util.List.copyOf(hub.works.values()), hub.scene());
    assertThat(again.nothing(hub.application.status())).isTrue();
  }

  @Test
  void writesObjectsOfItsOwnAndReadsThemBack() {
    var hub =
        hub(
                """
                components: []
                policies: [{name: all, type: topology, properties: {clusters: [east, west]}}]
                workflow:
                  steps:
                  - name: make
                    type: apply-object
                    outputs: [{name: ip, valueFrom: "apply.$returns.value.spec.clusterIP"}]
                    properties:
                      cluster: east
                      value: {apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 1}]}}
                  - name: share
                    type: export-data
                    inputs: [{from: ip, parameterKey: data.address}]
                    properties: {name: shared, topology: all, data: {}}
                  - {name: say, type: print-message-in-status, properties: {message: done}}
                """,
                "east",
                "west")
            .settle();
    assertThat(hub.names("east")).containsExactly("Service/s");
    hub.report(ConductTest::withAddress, _ -> null);
    assertThat(hub.names("west")).containsExactly("ConfigMap/shared");
    hub.report(ConductTest::withAddress, _ -> null);
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(hub.names("east")).containsExactlyInAnyOrder("Service/s", "ConfigMap/shared");
    assertThat(hub.step("say")).isEqualTo("succeeded: done");
  }

  @Test
  void refusesToWriteToTheHub() {
    var hub =
        hub(
                """
                components: []
                workflow:
                  steps:
                  - name: make
                    type: export2config
                    properties: {configName: c, data: {a: b}}
                """,
                "east")
            .settle();
    assertThat(hub.step("make")).startsWith("failed: cluster: Required value");
    assertThat(hub.phase()).isEqualTo("workflowFailed");
  }

  @Test
  void waitsForAnotherApplication() {
    var hub =
        hub(
                """
                components: []
                workflow:
                  steps: [{name: w, type: depends-on-app, properties: {name: db, namespace: data}}]
                """,
                "east")
            .settle();
    assertThat(hub.step("w"))
        .isEqualTo("running: waits until application data/db is running, which does not exist");
    assertThat(hub.last.again()).isEqualTo(hub.now.plusSeconds(10));
    var db = web("components: []");
    hub.others.put(
        Key.of("data", "db"),
        Samples.with(db, Codec.decode(Yaml.parse("{status: running}"), Application.Status.class)));
    hub.after(Duration.ofSeconds(10));
    assertThat(hub.phase()).isEqualTo("running");
  }

  @Test
  void asksServicesAndUsesWhatTheyAnswer() {
    var hub =
        hub(
                """
                components: []
                workflow:
                  steps:
                  - name: ask
                    type: request
                    outputs: [{name: a, valueFrom: response.asked}]
                    properties: {url: "https://example.org/x"}
                  - name: say
                    type: print-message-in-status
                    inputs: [{from: a, parameterKey: message}]
                """,
                "east")
            .settle();
    assertThat(hub.step("say")).isEqualTo("succeeded: https://example.org/x");
  }

  @Test
  void namesTheStepTypeItDoesNotHave() {
    var hub = hub("components: []\nworkflow: {steps: [{name: b, type: ship-it}]}", "east").settle();
    assertThat(condition(hub.application.status(), "Workflow").message())
        .startsWith(
            "spec.workflow.steps[0].type: workflow step type \"ship-it\" is not supported by"
                + " this version; supported types are apply-application, ");
  }

  @Test
  void followsTheWorkflowItNames() {
    var spec =
        """
        components: [{name: web, type: webservice, properties: {image: nginx}}]
        policies: [{name: where, type: topology, properties: {clusters: [east]}}]
        workflow: {ref: standard}
        """;
    var hub = hub(spec, "east").settle();
    assertThat(condition(hub.application.status(), "Workflow").message())
        .startsWith("spec.workflow.ref: there is no Workflow \"standard\" in namespace shop");
    hub.workflows.put(
        "standard",
        Codec.decode(
            Yaml.parse(
                "{metadata: {name: standard}, steps: [{name: go, type: deploy, properties: {policies:"
                    + " [where]}}]}"),
            Workflow.class));
    hub.settle().report();
    assertThat(hub.phase()).isEqualTo("running");
    assertThat(hub.step("go")).isEqualTo("succeeded: null");
    var revision = hub.revisions.get(Key.of("shop", "web-v1"));
    assertThat(revision).isNotNull();
    assertThat(revision.spec().workflow()).isNotNull();
    // An edit of the Workflow is a new revision of what names it.
    hub.workflows.put(
        "standard",
        Codec.decode(
            Yaml.parse(
                "{metadata: {name: standard}, steps: [{name: go2, type: deploy, properties: {policies:"
                    + " [where]}}]}"),
            Workflow.class));
    hub.settle();
    assertThat(hub.revisions.keySet()).contains(Key.of("shop", "web-v2"));
  }

  private static String image(String tag) {
    return """
    components: [{name: web, type: webservice, properties: {image: "nginx:%s"}}]
    policies: [{name: where, type: topology, properties: {clusters: [east]}}]
    """
        .formatted(tag);
  }

  @Test
  void makesARevisionForEachChangeAndKeepsTwoOldOnes() {
    var hub = hub(image("1"), "east").settle().report();
    assertThat(hub.revisions.keySet()).containsExactly(Key.of("shop", "web-v1"));
    hub.settle().annotate("note", "x").settle();
    assertThat(hub.revisions).hasSize(1);
    for (var tag = 2; tag <= 5; tag++) {
      hub.edit(image("" + tag)).settle().report();
    }
    assertThat(hub.revisions.keySet())
        .containsExactly(
            Key.of("shop", "web-v3"), Key.of("shop", "web-v4"), Key.of("shop", "web-v5"));
    var latest = hub.application.status().latestRevision();
    assertThat(latest).isNotNull();
    assertThat(latest.name()).isEqualTo("web-v5");
  }

  @Test
  void takesUpAnOldRevisionOfTheSameContent() {
    var hub = hub(image("1"), "east").settle().report();
    hub.edit(image("2")).settle();
    hub.edit(image("1")).settle().report();
    assertThat(hub.revisions).hasSize(2);
    var latest = hub.application.status().latestRevision();
    assertThat(latest).isNotNull();
    assertThat(latest.name()).isEqualTo("web-v1");
    assertThat(hub.images("east")).containsExactly("nginx:1");
    hub.edit(image("3")).settle();
    assertThat(hub.revisions.keySet()).contains(Key.of("shop", "web-v3"));
  }

  @Test
  void aPublishedVersionPinsWhatIsDelivered() {
    var hub = hub(image("1"), "east").annotate("app.oam.dev/publishVersion", "a").settle().report();
    hub.edit(image("2")).settle();
    assertThat(hub.images("east")).containsExactly("nginx:1");
    assertThat(hub.revisions).hasSize(1);
    hub.annotate("app.oam.dev/publishVersion", "b").settle().report();
    assertThat(hub.images("east")).containsExactly("nginx:2");
    assertThat(hub.revisions).hasSize(2);
    // The same version again makes no new revision, another one of the same spec does.
    hub.annotate("app.oam.dev/publishVersion", "c").settle();
    assertThat(hub.revisions).hasSize(3);
  }

  @Test
  void aPublishedVersionKeepsWhatCameWithTheHub() {
    var hub = hub(image("1"), "east").annotate("app.oam.dev/publishVersion", "a").settle();
    var kept = hub.keptDefinitions.keySet();
    assertThat(kept)
        .extracting(key -> key.namespace() + "/" + key.name().replaceAll("-[0-9a-f]{12}$", ""))
        .contains("shop/shipped-component-webservice", "shop/shipped-policy-topology");
    var revision = hub.revisions.get(Key.of("shop", "web-v1"));
    assertThat(revision).isNotNull();
    assertThat(revision.spec().definitions())
        .allSatisfy(used -> assertThat(used.revision()).startsWith("shop/shipped-"));
    // Gone, they are missed, and what runs stays.
    hub.keptAreThere = false;
    hub.annotate("note", "x").settle();
    assertThat(Samples.condition(hub.application.status(), "Revision").message())
        .contains(
            "web-v1 holds on to ComponentDefinition \"webservice\" in DefinitionRevision shop/");
    assertThat(hub.images("east")).containsExactly("nginx:1");
  }

  @Test
  void goesBackToARevision() {
    var hub = hub(image("1"), "east").settle().report();
    hub.edit(image("2")).settle().report();
    var old = hub.revisions.get(Key.of("shop", "web-v1"));
    assertThat(old).isNotNull();
    var spec = old.rollback().body().get(0).path("value");
    assertThat(spec.at("/components/0/properties/image").asString()).isEqualTo("nginx:1");
    assertThat(Yaml.write(spec)).contains("where");
  }

  @Test
  void remembersHowTheRunOfARevisionEnded() {
    var hub = hub(image("1"), "east").settle();
    assertThat(hub.last.revising().ended()).isNull();
    hub.report("east");
    assertThat(hub.phase()).isEqualTo("running");
  }

  @Test
  void beginsAnewWhenTheAnnotationSaysSo() {
    var hub = hub(image("1"), "east").settle().report();
    var before = hub.application.status().workflow();
    hub.after(Duration.ofMinutes(1)).annotate(Hands.RESTART, "true").settle();
    var run = hub.application.status().workflow();
    assertThat(run).isNotNull();
    assertThat(before).isNotNull();
    assertThat(run.startTime()).isAfter(before.startTime());
    assertThat(hub.application.metadata().annotations()).isEmpty();
    // Every so often, kept until it is taken off.
    hub.annotate(Hands.RESTART, "1h").settle();
    assertThat(hub.last.again()).isEqualTo(hub.now.plus(Duration.ofHours(1)));
    assertThat(hub.application.status().workflowRestartScheduledAt()).isEqualTo(hub.last.again());
    hub.after(Duration.ofHours(1));
    assertThat(hub.application.metadata().annotations()).isEqualTo(Map.of(Hands.RESTART, "1h"));
    assertThat(hub.application.status().workflow().startTime()).isEqualTo(hub.now);
  }

  @Test
  void refusesAMissingClusterBeforeAnythingIsDelivered() {
    var hub = hub(PROMOTED.formatted("1").replace("[west]", "[mars]"), "east").settle();
    assertThat(hub.clusters()).isEmpty();
    assertThat(hub.phase()).isEqualTo("generatingPolicy");
    assertThat(condition(hub.application.status(), "Ready").message())
        .contains("\"mars\" does not exist");
  }
}
