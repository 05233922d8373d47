package io.nave.workhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.kinds.Namespace;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Parts;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.Store;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ReplicaSetRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Replica sets on a real API server and store, in simulated time; placement and agents are played
/// by the test.
abstract class SetBench {
  static final ResourceType SET = ResourceType.of(ManifestWorkReplicaSet.class);
  static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  static final ResourceType REVISION = ResourceType.of(ReplicaSetRevision.class);
  static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);
  static final ResourceType NAMESPACE = ResourceType.of(Namespace.class);
  static final Key WEB = Key.of("default", "web");
  static final Duration SOON = Duration.ofSeconds(10);

  final SimWorld world = new SimWorld(7);
  final Parts parts = new Parts();
  SimHost host;
  SimHost controllers;
  MortalClient mortal; // of the controllers
  Store store;
  LocalClient client;

  @BeforeEach
  void start() {
    host = world.host("hub");
    var kinds =
        Stream.<Class<? extends Resource>>of(
                ManagedCluster.class,
                PlacementDecision.class,
                ManifestWork.class,
                ManifestWorkReplicaSet.class,
                ReplicaSetRevision.class)
            .map(kind -> ServedType.of(kind))
            .toList();
    var hub = parts.open(InMemoryApi.open(host, kinds, List.of(), Bootstrap.HUB_NAMESPACES));
    store = hub.store();
    client = hub.administrator();
    for (var name : List.of("a", "b", "c", "d")) {
      client.create(NAMESPACE, ApiObject.named(NAMESPACE, "", name));
      create(
          CLUSTER,
          "{metadata: {name: %s, labels: {size: '%s'}}, spec: {hubAcceptsClient: true}}"
              .formatted(name, name.equals("a") ? 5 : 2));
    }
    controllers = world.host("controllers");
    startControllers();
  }

  /// As a hub that was killed comes back: its store has what was committed.
  void restartControllers() {
    controllers.crash();
    startControllers();
  }

  private void startControllers() {
    mortal = new MortalClient(client);
    var _ = WorkHub.start(controllers, mortal, new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() {
    controllers.crash();
    parts.close();
    world.close();
    assertThat(world.taskFailures()).isEmpty();
  }

  void create(ResourceType type, String yaml) {
    client.create(type, ApiObject.of(Yaml.parseAll(yaml).getFirst()));
  }

  void merge(ResourceType type, Key key, String yaml) {
    client.patch(type, key, "", new Patch(Patch.Form.MERGE, Yaml.parseAll(yaml).getFirst()));
  }

  void decide(String clusters) {
    var decisions = new StringBuilder();
    for (var cluster : clusters.split(" ")) {
      decisions.append("{clusterName: %s, reason: ''},".formatted(cluster));
    }
    var key = Key.of("default", "all-decision-1");
    if (client.find(DECISION, key).isEmpty()) {
      create(
          DECISION,
          "{metadata: {name: all-decision-1, namespace: default, labels:"
              + " {cluster.open-cluster-management.io/placement: all}}}");
    }
    client.patch(
        DECISION,
        key,
        "status",
        new Patch(
            Patch.Form.MERGE,
            Yaml.parseAll("{status: {decisions: [" + decisions + "]}}").getFirst()));
  }

  void set(String more) {
    create(
        SET,
        """
        metadata: {name: web, namespace: default, labels: {team: blue}}
        spec:
          %s
          manifestWorkTemplate:
            workload:
              manifests:
              - {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {v: '1'}}
        """
            .formatted(more));
  }

  static String refs(String strategy) {
    return "placementRefs: [{name: all, rolloutStrategy: " + strategy + "}]";
  }

  void version(String value) {
    merge(
        SET,
        WEB,
        "{spec: {manifestWorkTemplate: {workload: {manifests: [{apiVersion: v1, kind: ConfigMap,"
            + " metadata: {name: c, namespace: shop}, data: {v: '%s'}}]}}}}".formatted(value));
  }

  List<ApiObject> works() {
    return client.list(WORK, "", Selection.all()).items();
  }

  /// Which clusters have which version, such as `a1 b1 c2`.
  String versions() {
    return String.join(
        " ",
        works().stream()
            .map(w -> w.namespace() + w.at("/spec/workload/manifests/0/data/v").asString("?"))
            .sorted()
            .toList());
  }

  ManifestWorkReplicaSet web() {
    return Codec.decode(client.get(SET, WEB), ManifestWorkReplicaSet.class);
  }

  String condition(String type) {
    return Condition.find(web().status().conditions(), type)
        .map(c -> c.status() + "/" + c.reason())
        .orElse("");
  }

  /// The cluster's agent reports.
  void report(String cluster, boolean progressing, boolean degraded) {
    for (var work : client.list(WORK, cluster, Selection.all()).items()) {
      var now = Instant.ofEpochSecond(host.now().getEpochSecond());
      var conditions = List.<Condition>of();
      for (var condition :
          List.of(
              Condition.of("Applied", true, "AppliedManifestWorkComplete", ""),
              Condition.of("Available", true, "ResourcesAvailable", ""),
              Condition.of("Progressing", progressing, "ConditionRulesAggregated", ""),
              Condition.of("Degraded", degraded, "ConditionRulesAggregated", ""))) {
        conditions = Condition.merge(conditions, condition.observed(work.generation()), now);
      }
      var all = conditions;
      client.patch(
          WORK,
          work.key(),
          "status",
          Patch.merge(body -> body.putObject("status").set("conditions", Json.tree(all))));
    }
  }

  void await(BooleanSupplier goal, String what) {
    world.runUntil(goal, SOON);
    assertThat(goal.getAsBoolean())
        .as(what + "; works " + versions() + ", status " + web().status())
        .isTrue();
  }

  void awaitVersions(String wanted) {
    world.runUntil(() -> versions().equals(wanted), SOON);
    assertThat(versions()).as(web().status().toString()).isEqualTo(wanted);
  }

  void settles() {
    world.run(Duration.ofSeconds(5));
    var revision = store.view().revision();
    world.run(Duration.ofMinutes(30));
    assertThat(store.view().revision()).as("writes while nothing changes").isEqualTo(revision);
  }
}
