package io.nave.applications;

import static io.nave.applications.Samples.condition;
import static io.nave.applications.Samples.decide;
import static io.nave.applications.Samples.fleet;
import static io.nave.applications.Samples.webOn;
import static io.nave.applications.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Condition;
import io.nave.applications.api.Application;
import io.nave.work.ManifestWork;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: health says what the cluster says, in words that help.
/// - Method: the work of an application is reported on by the code that agents use.
class HealthTest {
  private static final Application SCALED =
      Samples.web(
          """
          components:
          - name: web
            type: webservice
            properties: {image: nginx, ports: [{port: 80, expose: true}]}
            traits: [{type: scaler, properties: {replicas: 2}}]
          policies:
          - {name: where, type: topology, properties: {clusters: [east]}}
          """);

  private static ManifestWork work(Application application) {
    return FakeAgent.stored(decide(application, List.of(), fleet("east")).create().getFirst(), 1);
  }

  private static Application.Service service(Application application, ManifestWork work) {
    return decide(application, List.of(work), fleet("east")).status().services().getFirst();
  }

  @ParameterizedTest(name = "replicas {0}, ready {1}, updated {2}, total {3}, observed {4}")
  @CsvSource({
    "2, 2, 2, 2, 1, true, Ready:2/2",
    "2, 1, 2, 2, 1, false, Ready:1/2",
    "2, 2, 1, 2, 1, false, Ready:2/2",
    "2, 2, 2, 3, 1, false, Ready:2/2",
    "2, 2, 2, 2, 0, false, Ready:2/2",
    "2, -1, -1, -1, -1, false, Ready:0/2",
    "0, -1, -1, -1, 1, true, Ready:0/0",
  })
  void ofAWebserviceIsThatOfItsDeployment(
      int replicas,
      int ready,
      int updated,
      int total,
      int observed,
      boolean healthy,
      String message) {
    // Given
    UnaryOperator<ObjectNode> live =
        object -> {
          object.withObjectProperty("metadata").put("generation", 1);
          object.withObjectProperty("spec").put("replicas", replicas);
          var status = object.withObjectProperty("status");
          put(status, "readyReplicas", ready);
          put(status, "updatedReplicas", updated);
          put(status, "replicas", total);
          put(status, "observedGeneration", observed);
          return object;
        };
    // When
    var service = service(SCALED, FakeAgent.reported(work(SCALED), live));
    // Then
    assertThat(service.healthy()).isEqualTo(healthy);
    assertThat(service.message()).isEqualTo(message);
  }

  private static void put(ObjectNode status, String field, int value) {
    if (value >= 0) {
      status.put(field, value);
    }
  }

  @Test
  void isNotAskedOfAnObjectThatSaysSo() {
    var application =
        Samples.web(
            """
            components:
            - name: web
              type: webservice
              properties: {image: nginx}
              traits:
              - {type: annotations, properties: {app.oam.dev/disable-health-check: "true"}}
            policies:
            - {name: where, type: topology, properties: {clusters: [east]}}
            """);
    var reported = FakeAgent.reported(work(application), object -> object);
    assertThat(service(application, reported).healthy()).isTrue();
  }

  @Test
  void waitsForAReport() {
    assertThat(service(SCALED, work(SCALED)).message())
        .isEqualTo("waiting for cluster east to report");
  }

  @Test
  void doesNotTrustAReportAboutAnEarlierState() {
    var before = FakeAgent.reported(work(SCALED), FakeAgent::rolledOut);
    var edited =
        new ManifestWork(FakeAgent.stored(before, 2).metadata(), before.spec(), before.status());
    assertThat(service(SCALED, edited).healthy()).isFalse();
    assertThat(service(SCALED, edited).message()).isEqualTo("waiting for cluster east to report");
  }

  @Test
  void saysWhenTheClusterCannotReport() {
    var silent =
        Samples.cluster(
            """
            metadata: {name: east}
            spec: {hubAcceptsClient: true}
            status:
              conditions:
              - type: ManagedClusterConditionAvailable
                status: Unknown
                reason: ManagedClusterLeaseUpdateStopped
                message: Registration agent stopped updating its lease.
            """);
    var fleet = new Samples.FakeFleet(List.of(silent), List.of());
    var service = decide(SCALED, List.of(work(SCALED)), fleet).status().services().getFirst();
    assertThat(service.message())
        .isEqualTo(
            "waiting for cluster east to report; it is not available: Registration agent stopped"
                + " updating its lease.");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"Deployment web", "Service web", "Namespace shop"})
  void showsWhyAClusterRefusesAManifest(String refused) {
    var work =
        FakeAgent.reported(
            work(SCALED),
            FakeAgent::rolledOut,
            id -> (id.kind() + " " + id.name()).equals(refused) ? "no such thing" : null);
    var service = service(SCALED, work);
    assertThat(service.healthy()).isFalse();
    assertThat(service.message()).isEqualTo(refused + ": Failed to apply manifest: no such thing");
  }

  @Test
  void isTheSumOfAllTraitsAndObjects() {
    var status =
        decide(
                SCALED,
                List.of(FakeAgent.reported(work(SCALED), FakeAgent::rolledOut)),
                fleet("east"))
            .status();
    assertThat(status.services().getFirst().traits())
        .containsExactly(new Application.TraitStatus("scaler", true, null, null, Map.of()));
    assertThat(status.status()).isEqualTo("running");
    assertThat(condition(status, "Ready"))
        .extracting(Condition::status, Condition::message)
        .containsExactly("True", "1 of 1 healthy");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {apiVersion: v1, kind: ConfigMap}                        | {}                                                                  | true  |
          {apiVersion: batch/v1, kind: Job}                        | {status: {succeeded: 0}}                                            | false | Job x: Succeeded:0
          {apiVersion: batch/v1, kind: Job}                        | {status: {succeeded: 1, conditions: [{type: Complete, status: 'True'}]}} | true | Succeeded:1
          {apiVersion: batch/v1, kind: Job}                        | {status: {conditions: [{type: Failed, status: 'True'}]}}            | false | Job x: Failed
          {apiVersion: apps/v1, kind: DaemonSet}                   | {}                                                                  | false | DaemonSet x: Ready:0/0
          {apiVersion: apps/v1, kind: DaemonSet}                   | {status: {observedGeneration: 1, numberReady: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2}} | true | Ready:2/2
          {apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 1}} | {status: {observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1}} | true | Ready:1/1
          {apiVersion: v1, kind: PersistentVolumeClaim}            | {status: {phase: Pending}}                                          | false | PersistentVolumeClaim x: Pending
          {apiVersion: example.org/v1, kind: Thing}                | {}                                                                  | true  |
          {apiVersion: example.org/v1, kind: Thing}                | {status: {conditions: [{type: Ready, status: 'False'}]}}            | false | Thing x: Ready:False
          {apiVersion: example.org/v1, kind: Thing}                | {status: {conditions: [{type: Ready, status: 'True'}]}}             | true  | Ready:True
          """)
  void ofAnyObjectIsJudgedByItsKind(String object, String live, boolean healthy, String message) {
    var application =
        Samples.web(
            """
            components:
            - name: x
              type: k8s-objects
              properties: {objects: [%s]}
            policies:
            - {name: where, type: topology, properties: {clusters: [east]}}
            """
                .formatted(object));
    var fields = (ObjectNode) io.nave.api.Yaml.parse(live);
    var reported = FakeAgent.reported(work(application), manifest -> manifest.setAll(fields));
    var service = service(application, reported);
    assertThat(service.healthy()).isEqualTo(healthy);
    assertThat(service.message()).isEqualTo(message);
  }

  @Test
  void isUnhealthyOnlyAfterItWasOnceDelivered() {
    // Given an application that was running
    var running =
        decide(
                SCALED,
                List.of(FakeAgent.reported(work(SCALED), FakeAgent::rolledOut)),
                fleet("east"))
            .status();
    var degraded = FakeAgent.reported(work(SCALED), o -> FakeAgent.deployment(o, 1));
    // When a pod goes
    var after = decide(with(SCALED, running), List.of(degraded), fleet("east")).status();
    var first = decide(SCALED, List.of(degraded), fleet("east")).status();
    // Then
    assertThat(after.status()).isEqualTo("unhealthy");
    assertThat(condition(after, "Workflow").status()).isEqualTo("True");
    assertThat(condition(after, "Ready").reason()).isEqualTo("Unhealthy");
    assertThat(first.status()).isEqualTo("runningWorkflow");
    assertThat(condition(first, "Workflow").message())
        .isEqualTo("step deploy-where: 0 of 1 clusters healthy; web on east: Ready:1/2");
  }

  @Test
  void listsTheUnhealthyFirstWhenThereAreVeryMany() {
    // Given 400 clusters, the last of them not reporting
    var names = java.util.stream.IntStream.range(1000, 1400).mapToObj(i -> "c" + i).toList();
    var application = webOn(names.toArray(String[]::new));
    var fleet = fleet(names.toArray(String[]::new));
    var works =
        decide(application, List.of(), fleet).create().stream()
            .map(work -> FakeAgent.stored(work, 1))
            .map(work ->
                work.metadata().namespace().equals("c1399")
                    ? work
                    : FakeAgent.reported(work, FakeAgent::rolledOut))
            .toList();
    // When
    var status = decide(application, works, fleet).status();
    // Then
    assertThat(status.services()).hasSize(300);
    assertThat(status.services().getFirst().cluster()).isEqualTo("c1399");
    assertThat(condition(status, "Ready").message()).startsWith("399 of 400 healthy; web on c1399");
    assertThat(condition(status, "Policy").message()).endsWith("c1009 and 390 more");
  }
}
