package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.DEPLOYMENTS;
import static io.nave.agent.work.Bench.WIDGETS;
import static io.nave.agent.work.Bench.WORKS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.deployment;
import static io.nave.agent.work.Bench.merge;
import static io.nave.agent.work.Bench.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.testkit.Seeds;
import io.nave.work.Adoption;
import io.nave.work.ManifestWork;
import io.nave.work.Ownership;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;

/// What a work says comes to be in the cluster, and the hub is told. A hub, a cluster and an agent
/// in simulated time: [Bench].
class ApplyingSimTest {
  private static final String RUN = "-Dseed={0}";

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 5)
  void appliesAWorkAndReportsIt(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));

      var record = bench.record("w").orElseThrow();
      assertThat(record.spec().hubHash()).hasSize(64);
      assertThat(record.status().appliedResources())
          .extracting(r -> r.resource() + "/" + r.name())
          .containsExactly("configmaps/c", "deployments/web");
      var live = bench.inCluster(DEPLOYMENTS, "web").orElseThrow();
      assertThat(Ownership.isOwned(live, record.metadata().uid())).isTrue();
      assertThat(bench.condition("w", "Available").reason()).isEqualTo("ResourcesAvailable");
      var manifests = bench.status("w").resourceStatus().manifests();
      assertThat(manifests)
          .extracting(m -> m.resourceMeta().ordinal() + " " + m.resourceMeta().resource())
          .containsExactly("0 deployments", "1 configmaps");
      assertThat(bench.hub.get(WORKS, Key.of("east", "w")).finalizers())
          .containsExactly(ManifestWork.FINALIZER);
      assertThat(bench.gauge("agent_works_applied")).isEqualTo(1);
      assertThat(bench.gauge("agent_hub_connected")).isEqualTo(1);
      assertThat(bench.world.taskFailures()).isEmpty();
    }
  }

  /// What was there before is not written by a work that says which objects are its own, until it
  /// says that it takes this one over.
  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void takesOverOnlyWhatItIsToldTo(long seed) {
    try (var bench = new Bench(seed)) {
      bench.cluster.create(CONFIG_MAPS, object(configMap("c", "theirs")));
      bench.start();
      var mine = configMap("c", "mine").replace("'name'", "'labels':{'app':'web'},'name'");
      bench.hub.create(
          WORKS,
          object(
              "{'metadata':{'name':'w','namespace':'east','annotations':{'%s':'app'}},'spec':{'workload':{'manifests':[%s]}}}"
                  .formatted(Adoption.OWN, mine)));
      bench.await(() -> bench.status("w").resourceStatus() != null);
      var refused = bench.status("w").resourceStatus().manifests().getFirst().conditions();
      assertThat(Condition.find(refused, "Applied").orElseThrow().message())
          .contains("v1 ConfigMap shop/c exists but is not managed by this application");
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().at("/data/key").asString(""))
          .isEqualTo("theirs");
      bench.hub.patch(
          WORKS,
          Key.of("east", "w"),
          "",
          merge(
              "{'metadata':{'annotations':{'%s':'v1 ConfigMap shop/c'}}}"
                  .formatted(Adoption.TAKEN)));
      bench.world.runUntil(() -> bench.applied("w"), Duration.ofMinutes(2));
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().at("/data/key").asString(""))
          .isEqualTo("mine");
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 5)
  void oneBadManifestDoesNotStopTheOthers(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work(
          "w",
          "{'apiVersion':'x/v1','kind':'Nothing','metadata':{'name':'n'}}",
          "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','namespace':'absent'}}",
          "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c'}}",
          configMap("good", "1"));
      bench.await(() ->
          bench.inCluster(CONFIG_MAPS, "good").isPresent()
              && bench.status("w").resourceStatus() != null);
      assertThat(bench.condition("w", "Applied").reason()).isEqualTo("AppliedManifestWorkFailed");
      assertThat(bench.condition("w", "Available").message())
          .isEqualTo("1 of 4 resources are not available");
      assertThat(bench.status("w").resourceStatus().manifests())
          .extracting(m -> Condition.find(m.conditions(), "Applied").orElseThrow().message())
          .containsExactly(
              "Failed to apply manifest: the server doesn't have a resource type \"Nothing\"",
              "Failed to apply manifest: namespaces \"absent\" not found",
              "Failed to apply manifest: configmaps \"c\" needs metadata.namespace, since its kind"
                  + " is namespaced",
              "Apply manifest complete");
      assertThat(bench.status("w").resourceStatus().manifests())
          .extracting(m -> Condition.find(m.conditions(), "Available").orElseThrow().reason())
          .containsExactly(
              "IncompleteResourceMeta",
              "ResourceNotAvailable",
              "IncompleteResourceMeta",
              "ResourceAvailable");
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void aBadManifestIsTriedMoreSeldomAndDelaysNobody(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      var nowhere =
          "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'n','namespace':'nowhere'}}";
      bench.work("w", nowhere, configMap("c", "1"));
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "c").isPresent());
      bench.world.run(Duration.ofMinutes(10));
      var before = bench.clusterLine.writes.size();
      bench.cluster.delete(CONFIG_MAPS, Key.of("shop", "c"), null);
      bench.world.runUntil(
          () -> bench.inCluster(CONFIG_MAPS, "c").isPresent(), Duration.ofSeconds(2));
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isPresent();
      assertThat(bench.clusterLine.writes.size() - before)
          .as("the bad one waits for its own time")
          .isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void appliesAKindThatComesLater(long seed) {
    try (var bench = new Bench(seed)) {
      bench.hidden.add("Widget");
      bench.start();
      bench.work(
          "w", "{'apiVersion':'g/v1','kind':'Widget','metadata':{'name':'x','namespace':'shop'}}");
      bench.await(() -> bench.status("w").resourceStatus() != null);
      assertThat(bench.applied("w")).isFalse();
      bench.hidden.remove("Widget");
      bench.await(() -> bench.applied("w"));
      assertThat(bench.inCluster(WIDGETS, "x")).isPresent();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void keepsToTheUpdateStrategy(long seed) {
    try (var bench = new Bench(seed)) {
      bench.cluster.create(CONFIG_MAPS, object(configMap("read", "theirs")));
      bench.start();
      var strategy =
          "{'resourceIdentifier':{'resource':'configmaps','namespace':'shop','name':'%s'},"
              + "'updateStrategy':{'type':'%s'}}";
      bench.work(
          "w",
          "'manifestConfigs':[%s,%s],"
              .formatted(
                  strategy.formatted("once", "CreateOnly"), strategy.formatted("read", "ReadOnly")),
          new String[] {configMap("once", "1"), configMap("read", "1"), configMap("kept", "1")});
      bench.await(() -> bench.applied("w"));
      bench.rework("w", configMap("once", "2"), configMap("read", "2"), configMap("kept", "2"));
      bench.await(() -> bench.applied("w"));
      assertThat(bench.inCluster(CONFIG_MAPS, "once").orElseThrow().at("/data/key").asString())
          .isEqualTo("1");
      assertThat(bench.inCluster(CONFIG_MAPS, "read").orElseThrow().at("/data/key").asString())
          .isEqualTo("theirs");
      assertThat(bench.inCluster(CONFIG_MAPS, "read").orElseThrow().owners()).isEmpty();
      assertThat(bench.inCluster(CONFIG_MAPS, "kept").orElseThrow().at("/data/key").asString())
          .isEqualTo("2");
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void waitsForTheWorkThatComesFirst(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("second", "'dependsOn':[{'name':'first'}],", new String[] {configMap("b", "1")});
      bench.await(() -> !bench.status("second").conditions().isEmpty());
      assertThat(bench.status("second").conditions().getFirst().reason())
          .isEqualTo("WaitingForDependency");
      assertThat(bench.inCluster(CONFIG_MAPS, "b")).isEmpty();
      bench.work("first", configMap("a", "1"));
      bench.await(() -> bench.applied("second"));
      assertThat(bench.inCluster(CONFIG_MAPS, "b")).isPresent();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void onlyTellsWhatWouldHappenWhenAsked(long seed) {
    try (var bench = new Bench(seed)) {
      bench.cluster.create(CONFIG_MAPS, object(configMap("c", "9")));
      bench.start();
      bench.work("w", "'dryRun':true,", new String[] {configMap("c", "1"), configMap("d", "1")});
      bench.await(() -> bench.status("w").resourceStatus() != null);
      assertThat(bench.status("w").resourceStatus().manifests())
          .extracting(
              m -> m.conditions().getFirst().reason() + " " + m.conditions().getFirst().message())
          .satisfiesExactly(
              first -> assertThat(first).startsWith("DryRun would change: data."),
              second -> assertThat(second).isEqualTo("DryRun would be created"));
      assertThat(bench.inCluster(CONFIG_MAPS, "d")).isEmpty();
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().owners()).isEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void sendsFeedbackAtOnce(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work(
          "w",
          "'manifestConfigs':[{'resourceIdentifier':{'group':'apps','resource':'deployments',"
              + "'namespace':'shop','name':'*'},'feedbackRules':[{'type':'WellKnownStatus'}]}],",
          new String[] {deployment("web", 2)});
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(30));
      bench.cluster.patch(
          DEPLOYMENTS, Key.of("shop", "web"), "status", merge("{'status':{'readyReplicas':2}}"));
      bench.world.runUntil(
          () -> {
            var feedback =
                bench.status("w").resourceStatus().manifests().getFirst().statusFeedback();
            return feedback != null
                && feedback.values().getFirst().name().equals("ReadyReplicas")
                && Long.valueOf(2).equals(feedback.values().getFirst().fieldValue().integer());
          },
          Duration.ofSeconds(2));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void reportsTheConditionsThatTheWorkAsksFor(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work(
          "w",
          "'manifestConfigs':[{'resourceIdentifier':{'group':'','resource':'configmaps','namespace':'shop',"
              + "'name':'c'},'conditionRules':[{'type':'CEL','condition':'Progressing','celExpressions':"
              + "['!has(object.metadata.labels)']}]}],",
          new String[] {configMap("c", "1")});
      bench.await(() -> Condition.isTrue(bench.status("w").conditions(), "Progressing"));
      bench.cluster.patch(
          CONFIG_MAPS, Key.of("shop", "c"), "", merge("{'metadata':{'labels':{'done':'yes'}}}"));
      bench.await(() -> bench.condition("w", "Progressing").status().equals("False"));
      assertThat(bench.condition("w", "Progressing").message())
          .isEqualTo("Aggregated from 1 manifest conditions");
    }
  }
}
