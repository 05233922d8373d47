package io.nave.workhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.Selection;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// - Goal: replica sets on a real API server and store: rolled out in steps, held, split, turned
///   back and removed, without a write too many.
/// - Method: simulated time; placement and agents are played by the test.
class ReplicaSetSimTest extends SetBench {
  @Test
  void writesEveryWorkAtOnceInOneCommitAndReports() {
    decide("a b c");
    set(refs("{type: All}"));
    awaitVersions("a1 b1 c1");
    var revisions = works().stream().map(ApiObject::revision).sorted().toList();
    assertThat(revisions.getLast() - revisions.getFirst()).as("one commit").isEqualTo(2);
    assertThat(works().getFirst().labels())
        .containsEntry(ManifestWorkReplicaSet.LABEL, "default.web")
        .containsEntry(ManifestWorkReplicaSet.PLACEMENT_LABEL, "all")
        .containsEntry("team", "blue");
    await(
        () ->
            condition("PlacementVerified").equals("True/AsExpected")
                && condition("ManifestworkApplied").equals("False/NotAsExpected"),
        "verified");
    for (var cluster : List.of("a", "b", "c")) {
      report(cluster, false, false);
    }
    await(
        () ->
            condition("PlacementRolledOut").equals("True/Complete")
                && condition("ManifestworkApplied").equals("True/AsExpected"),
        "rolled out");
    var summary = web().status().summary();
    assertThat(summary).isEqualTo(new ManifestWorkReplicaSet.Summary(3, 3, 3, 3, 3, 0, 0));
    assertThat(web().status().placementSummary().getFirst().availableDecisionGroups())
        .isEqualTo("1 (3 / 3 clusters applied)");
    settles();
  }

  @Test
  void goesStepByStepAndStopsAtAFailure() {
    decide("a b c d");
    set(refs("{type: Progressive, progressive: {maxConcurrency: 1}}"));
    awaitVersions("a1");
    report("a", true, false);
    world.run(SOON);
    assertThat(versions()).isEqualTo("a1");
    report("a", false, false);
    awaitVersions("a1 b1");
    report("b", true, true);
    world.run(SOON);
    assertThat(versions()).isEqualTo("a1 b1");
    assertThat(web().status().rollout().breached()).isTrue();
    assertThat(web().status().rollout().failing().getFirst().cluster()).isEqualTo("b");
    report("b", false, false);
    awaitVersions("a1 b1 c1");
  }

  @Test
  void waitsForTheSoakAndGivesUpAtTheDeadline() {
    decide("a b c");
    set(
        refs(
            "{type: Progressive, progressive: {maxConcurrency: 1, minSuccessTime: 1m,"
                + " progressDeadline: 2m, maxFailures: 1}}"));
    awaitVersions("a1");
    report("a", false, false);
    world.run(Duration.ofSeconds(55));
    assertThat(versions()).as("while a soaks").isEqualTo("a1");
    awaitVersions("a1 b1");
    report("b", true, false);
    world.run(Duration.ofSeconds(115));
    assertThat(versions()).as("before b's deadline").isEqualTo("a1 b1");
    awaitVersions("a1 b1 c1");
    await(
        () ->
            web().status().rollout().failing().stream()
                .anyMatch(each -> each.cluster().equals("b") && each.reason().equals("TimeOut")),
        "the deadline to be told");
  }

  @Test
  void followsPlacementAndLeavesNothingWhereItIsNoLongerChosen() {
    decide("a b");
    set(refs("{type: Progressive, progressive: {maxConcurrency: 1}}"));
    awaitVersions("a1");
    report("a", false, false);
    awaitVersions("a1 b1");
    report("b", false, false);
    version("2");
    awaitVersions("a2 b1");
    decide("c");
    awaitVersions("c2");
    settles();
  }

  @Test
  void keepsEverythingWhereDecisionsAreMissing() {
    decide("a");
    set(refs("{type: All}"));
    awaitVersions("a1");
    client.delete(DECISION, Key.of("default", "all-decision-1"), null);
    await(
        () -> condition("PlacementVerified").equals("False/PlacementDecisionNotFound"), "missing");
    assertThat(versions()).isEqualTo("a1");
  }

  @Test
  void pausesAndRecordsWhatItRolledOut() {
    decide("a b");
    set(refs("{type: All}"));
    awaitVersions("a1 b1");
    merge(SET, WEB, "{spec: {paused: true}}");
    version("2");
    world.run(SOON);
    assertThat(versions()).isEqualTo("a1 b1");
    merge(SET, WEB, "{spec: {paused: false}}");
    awaitVersions("a2 b2");
    version("1");
    awaitVersions("a1 b1");
    world.run(SOON);
    assertThat(
            client.list(REVISION, "default", Selection.all()).items().stream()
                .map(r -> r.at("/spec/revision").asLong(0)))
        .as("what is said again takes a new number and the old one goes")
        .containsExactly(2L, 3L);
    assertThat(web().status().rollout().revision()).isEqualTo(3);
    settles();
  }

  @Test
  void fillsInWhatDiffersFromClusterToCluster() {
    decide("a b");
    set(
        refs("{type: All}")
            + "\n  clusterValues: {table: {b: {tier: gold}, '*': {tier: iron}}, set: [{path:"
            + " /workload/manifests/0/data/v, expression: 'cluster.name + cluster.labels.size +"
            + " row.tier'}]}");
    awaitVersions("aa5iron bb2gold");
    merge(CLUSTER, Key.of("a"), "{metadata: {labels: {size: '9'}}}");
    awaitVersions("aa9iron bb2gold");
    merge(CLUSTER, Key.of("b"), "{metadata: {labels: {size: null}}}");
    await(() -> !web().status().rollout().failing().isEmpty(), "a value that cannot be had");
    assertThat(web().status().rollout().failing().getFirst().reason())
        .isEqualTo("ClusterValuesInvalid");
    assertThat(versions()).isEqualTo("aa9iron bb2gold");
    settles();
  }

  @Test
  void waitsForTheSetThatComesFirst() {
    decide("a b");
    set(refs("{type: All}") + "\n  dependsOn: [{name: base}]");
    await(() -> condition("PlacementVerified").startsWith("True"), "looked at");
    assertThat(works()).isEmpty();
    create(
        SET,
        """
        metadata: {name: base, namespace: default}
        spec:
          placementRefs: [{name: all}]
          manifestWorkTemplate: {workload: {manifests: [{apiVersion: v1, kind: Namespace, metadata: {name: shop}}]}}
        """);
    world.run(SOON);
    assertThat(versions()).isEqualTo("a? b?");
    report("a", false, false);
    awaitVersions("a1 a? b?");
  }

  @Test
  void splitsWhatIsTooLargeForOneWorkAndReportsItAsOne() {
    decide("a");
    var manifests = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      manifests.append(
          "{apiVersion: v1, kind: ConfigMap, metadata: {name: c%d, namespace: shop}, data: {v: %s}},"
              .formatted(i, "x".repeat(300_000)));
    }
    create(
        SET,
        "{metadata: {name: web, namespace: default}, spec: {placementRefs: [{name: all}],"
            + " manifestWorkTemplate: {workload: {manifests: ["
            + manifests
            + "]}}}}");
    await(() -> works().size() == 3, "three parts");
    report("a", false, false);
    await(() -> condition("PlacementRolledOut").equals("True/Complete"), "reported as one");
    assertThat(web().status().summary().total()).isEqualTo(1);
    assertThat(web().status().rollout().parts()).isEqualTo(3);
    version("1");
    await(() -> works().size() == 1, "surplus parts go");
  }

  @Test
  void goesWithItsWorks() {
    decide("a");
    set(refs("{type: All}") + "\n  cascadeDeletionPolicy: Foreground");
    awaitVersions("a1");
    var work = works().getFirst().key();
    merge(WORK, work, "{metadata: {finalizers: [" + ManifestWork.FINALIZER + "]}}");
    client.delete(SET, WEB, null);
    world.run(SOON);
    assertThat(client.find(SET, WEB)).as("waits for the work").isPresent();
    assertThat(works().getFirst().deleting()).isTrue();
    merge(WORK, work, "{metadata: {finalizers: null}}");
    world.runUntil(() -> client.find(SET, WEB).isEmpty(), SOON);
    assertThat(client.find(SET, WEB)).isEmpty();
  }

  /// Spec §14 row 14.
  @Test
  void saysWhyAClusterNeverCountsAsSucceeded() {
    decide("a");
    set(refs("{type: All}"));
    awaitVersions("a1");
    var work = works().getFirst();
    var now = Instant.ofEpochSecond(host.now().getEpochSecond());
    var applied =
        Condition.of("Applied", true, "AppliedManifestWorkComplete", "")
            .observed(work.generation());
    var conditions = Condition.merge(List.of(), applied, now);
    client.patch(
        WORK,
        work.key(),
        "status",
        Patch.merge(body -> body.putObject("status").set("conditions", Json.tree(conditions))));
    await(
        () ->
            Condition.find(web().status().conditions(), "PlacementRolledOut")
                .filter(c -> c.message().contains("1 have it applied and say nothing about"))
                .isPresent(),
        "the reason");
  }

  /// Spec §14 row 15: upstream's misses what becomes of its works.
  @Test
  void aSetWithADotInItsNameHearsOfItsWorks() {
    decide("a");
    create(
        SET,
        """
        metadata: {name: web.v1, namespace: default}
        spec:
          placementRefs: [{name: all}]
          manifestWorkTemplate: {workload: {manifests: [{apiVersion: v1, kind: Namespace, metadata: {name: shop}}]}}
        """);
    world.runUntil(() -> works().size() == 1, SOON);
    report("a", false, false);
    var dotted = Key.of("default", "web.v1");
    world.runUntil(
        () -> client.get(SET, dotted).at("/status/summary/available").asInt(0) == 1, SOON);
    assertThat(client.get(SET, dotted).at("/status/summary/available").asInt(0)).isEqualTo(1);
  }

  @Test
  void goesAtOnceWhereItsWorksMayFollow() {
    decide("a");
    set(refs("{type: All}"));
    awaitVersions("a1");
    var work = works().getFirst().key();
    merge(WORK, work, "{metadata: {finalizers: [" + ManifestWork.FINALIZER + "]}}");
    client.delete(SET, WEB, null);
    world.runUntil(() -> client.find(SET, WEB).isEmpty(), SOON);
    assertThat(client.find(SET, WEB)).isEmpty();
    assertThat(works().getFirst().deleting()).isTrue();
  }

  @Test
  void removesAFinishedWorkAfterItsTime() {
    create(
        WORK,
        "{metadata: {name: job, namespace: a}, spec: {deleteOption: {propagationPolicy: Foreground,"
            + " ttlSecondsAfterFinished: 60}, workload: {manifests: [{apiVersion: v1, kind:"
            + " Namespace, metadata: {name: x}}]}}}");
    var now = Instant.ofEpochSecond(host.now().getEpochSecond());
    var complete =
        Condition.merge(
            List.of(), Condition.of("Complete", true, "ConditionRulesAggregated", ""), now);
    client.patch(
        WORK,
        Key.of("a", "job"),
        "status",
        Patch.merge(body -> body.putObject("status").set("conditions", Json.tree(complete))));
    world.run(Duration.ofSeconds(50));
    assertThat(works()).hasSize(1);
    world.run(Duration.ofSeconds(15));
    assertThat(works()).isEmpty();
  }
}
