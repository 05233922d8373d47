package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.api.ApplicationReasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppCommandsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ApiObject SHOP =
      ApiObject.of(
          Yaml.parseAll(
                  """
                  apiVersion: core.oam.dev/v1beta1
                  kind: Application
                  metadata: {name: shop, namespace: default, uid: u1, generation: 3,
                    creationTimestamp: '2026-03-01T11:00:00Z'}
                  spec: {components: []}
                  status:
                    status: workflowSuspending
                    observedGeneration: 3
                    latestRevision: {name: shop-v2}
                    conditions:
                    - {type: Parsed, status: 'True', reason: Available, message: ''}
                    - {type: Workflow, status: 'False', reason: Executing, message: 1 of 2 healthy}
                    - {type: Ready, status: 'False', reason: Executing, message: 1 of 2 healthy}
                    services:
                    - {name: web, cluster: east, namespace: shop, healthy: true, message: 'Ready:1/1',
                      workloadDefinition: {apiVersion: apps/v1, kind: Deployment}}
                    - {name: web, cluster: west, namespace: shop, healthy: false, message: 'Ready:0/1',
                      workloadDefinition: {apiVersion: apps/v1, kind: Deployment}}
                    workflow:
                      appRevision: shop-v2
                      mode: StepByStep-DAG
                      status: suspending
                      startTime: '2026-03-01T11:00:00Z'
                      steps:
                      - {name: dev, type: deploy, phase: succeeded, firstExecuteTime: '2026-03-01T11:00:01Z',
                        lastExecuteTime: '2026-03-01T11:00:05Z'}
                      - {name: look, type: suspend, phase: suspending, reason: Suspend,
                        firstExecuteTime: '2026-03-01T11:00:06Z', lastExecuteTime: '2026-03-01T11:00:06Z'}
                  """)
              .getFirst());

  @Test
  void statusShowsPhaseStepsAndComponents() {
    assertThat(AppStatusCommand.lines(SHOP, NOW, false))
        .containsExactly(
            "Name:       shop",
            "Namespace:  default",
            "Phase:      workflowSuspending",
            "Healthy:    1/2",
            "Revision:   shop-v2",
            "Age:        60m",
            "Workflow:  Executing: 1 of 2 healthy",
            "Ready:  Executing: 1 of 2 healthy",
            "",
            "Workflow StepByStep-DAG, suspending",
            "  STEP   TYPE      PHASE        REASON    MESSAGE",
            "  dev    deploy    succeeded    -",
            "  look   suspend   suspending   Suspend",
            "",
            "Components",
            "  COMPONENT   CLUSTER   NAMESPACE   KIND         HEALTHY   MESSAGE",
            "  web         east      shop        Deployment   yes       Ready:1/1",
            "  web         west      shop        Deployment   no        Ready:0/1");
  }

  @Test
  void listShowsOneLineForEach() {
    assertThat(AppListCommand.lines(List.of(SHOP), NOW, true))
        .containsExactly(
            "NAMESPACE   NAME   PHASE                HEALTHY   CLUSTERS   REVISION   AGE",
            "default     shop   workflowSuspending   1/2       2          shop-v2    60m");
    assertThat(AppListCommand.lines(List.of(), NOW, true)).containsExactly("no applications found");
  }

  @Test
  void logsTellTheWorkflowInOrderOfTime() {
    assertThat(AppLogsCommand.lines(SHOP, ""))
        .containsExactly(
            "2026-03-01T11:00:00Z  -: workflow of shop-v2 starts",
            "2026-03-01T11:00:01Z  dev: deploy starts",
            "2026-03-01T11:00:05Z  dev: succeeded",
            "2026-03-01T11:00:06Z  look: suspend starts",
            "2026-03-01T11:00:06Z  look: suspending (Suspend)");
    assertThat(AppLogsCommand.lines(SHOP, "dev")).hasSize(2);
  }

  @Test
  void whyNamesCauseAndNextStepOfAllThatIsNotReady() {
    var lines = String.join("\n", WhyApplication.lines(SHOP, List.of()));
    assertThat(lines)
        .startsWith("application default/shop is not ready: workflowSuspending")
        .contains("Workflow: Executing: 1 of 2 healthy")
        .contains("step look: Suspend")
        .contains("next:  nave app approve shop -n default --step look")
        .contains("component web on west: ComponentUnhealthy: Ready:0/1");
    assertThat(WhyApplication.behind(SHOP)).containsExactly("west");
  }

  @Test
  void whyIsContentWithWhatRuns() {
    var running =
        SHOP.edit(
            tree -> tree.set("status", Yaml.parse("{status: running, observedGeneration: 3}")));
    assertThat(WhyApplication.lines(running, List.of()))
        .containsExactly("application default/shop is ready: running");
  }

  @Test
  void aPreviewIsToldByCluster() {
    var preview =
        ApiObject.of(
            Yaml.parseAll(
                    """
                    status:
                      notices: [it changes nothing]
                      objects:
                      - {cluster: west, change: ADD, kind: Service, namespace: shop, name: web,
                        after: {kind: Service}}
                      - {cluster: east, change: MODIFY, kind: Deployment, namespace: shop, name: web,
                        before: {kind: Deployment, spec: {replicas: 1, paused: true}},
                        after: {kind: Deployment, spec: {replicas: 2, paused: true}}}
                      - {cluster: east, change: NONE, kind: Service, namespace: shop, name: web}
                    """)
                .getFirst());
    assertThat(PreviewText.changes(preview)).isTrue();
    assertThat(PreviewText.lines(preview, true))
        .containsExactly(
            "note: it changes nothing",
            "cluster east",
            "  MODIFY  Deployment shop/web",
            "      spec:",
            "    -   replicas: 1",
            "    +   replicas: 2",
            "cluster west",
            "  ADD     Service shop/web",
            "    + kind: Service");
  }

  @ParameterizedTest
  @CsvSource({
    "PT5S, 5s",
    "PT119S, 119s",
    "PT2M, 2m",
    "PT5M3S, 5m3s",
    "PT70M, 70m",
    "PT5H, 5h",
    "PT49H, 2d"
  })
  void agesReadAsKubectlWritesThem(java.time.Duration age, String text) {
    assertThat(Table.age(NOW.minus(age), NOW)).isEqualTo(text);
  }

  @Test
  void aRollbackTakesTheWholeSpecOfTheRevision() {
    var revision =
        ApiObject.of(
            Yaml.parseAll(
                    "{metadata: {name: shop-v1}, status: {succeeded: true}, spec: {application:"
                        + " {spec: {components: [{name: old}]}}}}")
                .getFirst());
    assertThat(AppRollbackCommand.lastGood(List.of(revision), "shop-v2")).isSameAs(revision);
    assertThat(AppRollbackCommand.lastGood(List.of(revision), "shop-v1")).isNull();
    assertThat(AppRollbackCommand.back(SHOP, revision).body())
        .isEqualTo(
            Json.parse(
                "[{\"op\":\"test\",\"path\":\"/metadata/uid\",\"value\":\"u1\"},"
                    + "{\"op\":\"replace\",\"path\":\"/spec\",\"value\":{\"components\":[{\"name\":\"old\"}]}}]"));
    assertThat(AppRevisionsCommand.lines(SHOP, List.of(revision), NOW))
        .containsExactly(
            "REVISION   CURRENT   SUCCEEDED   PUBLISH-VERSION   AGE",
            "shop-v1              yes         -                 <unknown>");
  }

  @Test
  void requestsToAWorkflowAreWrittenAsTheHubReadsThem() {
    assertThat(AppWorkflowCommand.text("approve", "prod", "tested"))
        .isEqualTo("approve prod: tested");
    assertThat(AppWorkflowCommand.text("suspend", "", "")).isEqualTo("suspend");
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      emptyValue = "",
      textBlock =
          """
          approve   | ''   | ''
          approve   | look | ''
          approve   | dev  | step "dev" waits for nobody, it is succeeded
          resume    | typo | application shop has no step "typo" that has begun; those that have are [dev, look]
          suspend   | ''   | ''
          suspend   | dev  | step "dev" is over: succeeded
          terminate | ''   | ''
          restart   | ''   | ''
          restart   | look | step "look" did not fail, it is suspending; without --step the workflow begins anew
          """)
  void aRequestThatWouldComeToNothingIsRefused(String verb, String step, String why) {
    assertThat(WorkflowHand.obstacle(SHOP, verb, step).orElse("")).isEqualTo(why);
  }

  @Test
  void aWorkflowThatHasEndedIsOnlyRestarted() {
    var ended =
        SHOP.edit(tree ->
            tree.withObjectProperty("status")
                .withObjectProperty("workflow")
                .put("finished", true)
                .put("status", "succeeded"));
    assertThat(WorkflowHand.obstacle(ended, "approve", "").orElse(""))
        .isEqualTo(
            "the workflow of application shop has ended: succeeded; to run it again: nave app"
                + " restart shop");
    assertThat(WorkflowHand.obstacle(ended, "restart", "")).isEmpty();
    var unseen = ended.editMeta(meta -> meta.put("generation", 4));
    assertThat(WorkflowHand.obstacle(unseen, "approve", "")).isEmpty();
  }

  @Test
  void whatNobodyWaitsForNeedsNoApproval() {
    var running =
        SHOP.edit(tree ->
            tree.withObjectProperty("status")
                .withObjectProperty("workflow")
                .putArray("steps")
                .addObject()
                .put("name", "dev")
                .put("phase", "running"));
    assertThat(WorkflowHand.obstacle(running, "approve", ""))
        .contains("no step of application shop waits for anybody; see: nave app status shop");
    var held =
        running.edit(tree ->
            tree.withObjectProperty("status")
                .withObjectProperty("workflow")
                .put("suspendState", "suspended by eve"));
    assertThat(WorkflowHand.obstacle(held, "resume", "")).isEmpty();
  }

  @Test
  void whyLooksAtAllClustersOfAnApplicationOnItsWayOut() {
    var leaving = SHOP.editMeta(meta -> meta.put("deletionTimestamp", "2026-03-01T11:30:00Z"));
    assertThat(WhyApplication.behind(leaving)).containsExactly("east", "west");
  }

  private static List<String> rolledBack(String annotations, String published) {
    var application =
        ApiObject.of(
            Yaml.parseAll(
                    "{metadata: {name: shop, uid: u1, annotations: %s}}".formatted(annotations))
                .getFirst());
    var revision =
        ApiObject.of(
            Yaml.parseAll(
                    "{spec: {application: {metadata: {annotations: %s}, spec: {}}}}"
                        .formatted(published))
                .getFirst());
    return AppRollbackCommand.back(application, revision)
        .body()
        .valueStream()
        .skip(2)
        .map(step -> step.path("op").asString("") + " " + step.path("path").asString(""))
        .toList();
  }

  @Test
  void aRollbackGoesBackToTheVersionThatWasPublished() {
    var path = "/metadata/annotations/app.oam.dev~1publishVersion";
    var one = "{app.oam.dev/publishVersion: a}";
    assertThat(rolledBack("{}", "{}")).isEmpty();
    assertThat(rolledBack("{app.oam.dev/publishVersion: b}", one))
        .containsExactly("replace " + path);
    assertThat(rolledBack("{app.oam.dev/publishVersion: b}", "{}"))
        .containsExactly("remove " + path);
    assertThat(rolledBack("{team: x}", one)).containsExactly("add " + path);
    assertThat(rolledBack("{}", one)).containsExactly("add /metadata/annotations", "add " + path);
  }

  /// Words that the code gives as reasons of conditions and steps.
  private static final Pattern REASON = Pattern.compile("\"([A-Z][A-Za-z]{3,})\"");

  /// Words of that form that are no reason of something that is not ready.
  private static final Set<String> NO_REASON = Set.of("Ready", "Available");

  @Test
  void everyReasonTheCodeCanGiveIsExplained() throws IOException {
    var found = new TreeSet<String>();
    for (var source : sources()) {
      var words = REASON.matcher(Files.readString(source));
      while (words.find()) {
        found.add(words.group(1));
      }
    }
    found.removeAll(NO_REASON);
    assertThat(found)
        .contains("Executing", "Unhealthy", "Deleting", "Suspending", "FailedAfterRetries");
    assertThat(found)
        .allSatisfy(reason ->
            assertThat(ApplicationReasons.of(reason))
                .as(reason + " needs an explanation in ApplicationReasons")
                .isPresent());
  }

  private static List<Path> sources() throws IOException {
    var root = Path.of("../applications/src/main/java/io/nave/applications");
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file ->
              List.of("Progress.java", "Reasons.java").contains(file.getFileName().toString()))
          .toList();
    }
  }
}
