package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.DEPLOYMENTS;
import static io.nave.agent.work.Bench.RECORDS;
import static io.nave.agent.work.Bench.WIDGETS;
import static io.nave.agent.work.Bench.WORKS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.deployment;
import static io.nave.agent.work.Bench.merge;
import static io.nave.agent.work.Bench.object;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.testkit.Seeds;
import io.nave.work.Adoption;
import io.nave.work.ManifestWork;
import io.nave.work.Ownership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.node.ObjectNode;

/// A hub's registry, a cluster's registry and the work side of an agent, in simulated time.
class WorkAgentSimTest {
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
  @Seeds(runs = 5)
  void repairsDriftAtOnce(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(30));

      bench.cluster.patch(
          DEPLOYMENTS,
          Key.of("shop", "web"),
          "",
          merge("{'metadata':{'labels':{'mine':'1'}},'spec':{'replicas':9,'paused':true}}"));
      bench.cluster.delete(CONFIG_MAPS, Key.of("shop", "c"), null);
      bench.world.runUntil(
          () ->
              bench.inCluster(CONFIG_MAPS, "c").isPresent()
                  && bench.inCluster(DEPLOYMENTS, "web").orElseThrow().at("/spec/replicas").asInt()
                      == 2,
          Duration.ofSeconds(2));
      var web = bench.inCluster(DEPLOYMENTS, "web").orElseThrow();
      assertThat(web.labels()).containsEntry("mine", "1");
      assertThat(web.at("/spec/paused").asBoolean()).isTrue();
      bench.await(() -> bench.counter("agent_drift_repaired_total") == 2);
      assertThat(bench.applied("w")).isTrue();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void writesNothingOnceAllIsSettled(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(10));
      bench.hubLine.writes.clear();
      bench.clusterLine.writes.clear();
      bench.world.run(Duration.ofHours(1));
      assertThat(bench.hubLine.writes).isEmpty();
      assertThat(bench.clusterLine.writes).isEmpty();
    }
  }

  /// Kubernetes stores `1000m` as `1` and leaves `false` out: no reason to write again.
  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void acceptsHowTheServerSpellsThings(long seed) {
    try (var bench = new Bench(seed)) {
      bench.clusterLine.server =
          object ->
              object.edit(tree -> {
                if (tree.get("spec") instanceof ObjectNode spec) {
                  spec.put("cpu", "1").remove("hostNetwork");
                }
              });
      bench.start();
      var manifest =
          "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'shop'},"
              + "'spec':{'cpu':'1000m','hostNetwork':false,'replicas':1}}";
      bench.work("w", manifest);
      bench.await(() -> bench.applied("w"));
      bench.clusterLine.writes.clear();
      bench.world.run(Duration.ofHours(1));
      assertThat(bench.clusterLine.writes).isEmpty();
      bench.cluster.patch(DEPLOYMENTS, Key.of("shop", "web"), "", merge("{'spec':{'replicas':5}}"));
      bench.await(() ->
          bench.inCluster(DEPLOYMENTS, "web").orElseThrow().at("/spec/replicas").asInt() == 1);
    }
  }

  /// A one-of: laid over the old value, both would be there.
  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void replacesWhatTheServerCannotTakeMerged(long seed) {
    try (var bench = new Bench(seed)) {
      bench.clusterLine.server =
          object -> {
            if (object.spec().path("strategy").has("rollingUpdate")
                && object.at("/spec/strategy/type").asString("").equals("Recreate")) {
              throw ApiError.invalid(DEPLOYMENTS, object.name(), List.of());
            }
            return object;
          };
      bench.start();
      var manifest =
          "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'shop'},"
              + "'spec':{'strategy':{'type':'%s'}}}";
      bench.work("w", manifest.formatted("RollingUpdate"));
      bench.await(() -> bench.applied("w"));
      bench.cluster.patch(
          DEPLOYMENTS,
          Key.of("shop", "web"),
          "",
          merge("{'spec':{'strategy':{'rollingUpdate':{'maxSurge':'25%'}}}}"));
      bench.rework("w", manifest.formatted("Recreate"));
      bench.await(() -> bench.applied("w"));
      assertThat(bench.inCluster(DEPLOYMENTS, "web").orElseThrow().at("/spec/strategy").size())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void removesAFieldThatLeftTheManifest(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      var manifest =
          "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web','namespace':'shop'},"
              + "'spec':{'nodeSelector':{%s}}}";
      bench.work("w", manifest.formatted("'a':'1','b':'2'"));
      bench.await(() -> bench.applied("w"));
      bench.crash(); // what was applied last is remembered
      bench.rework("w", manifest.formatted("'a':'1'"));
      bench.start();
      bench.await(() -> bench.applied("w"));
      assertThat(bench.inCluster(DEPLOYMENTS, "web").orElseThrow().at("/spec/nodeSelector").size())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void doesNotFightForEver(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2));
      bench.await(() -> bench.applied("w"));
      bench.clusterHost.start(
          "rival",
          () -> {
            while (true) {
              var web = bench.inCluster(DEPLOYMENTS, "web").orElseThrow();
              if (web.at("/spec/replicas").asInt() == 2) {
                bench.cluster.patch(DEPLOYMENTS, web.key(), "", merge("{'spec':{'replicas':3}}"));
              }
              bench.clusterHost.sleep(Duration.ofMillis(20));
            }
          });
      bench.world.run(Duration.ofMinutes(5));
      // 20 at once and one every 5 s of 300 s.
      assertThat(bench.counter("agent_drift_repaired_total")).isBetween(30.0, 82.0);
      assertThat(bench.applied("w")).isTrue();
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
  @Seeds(runs = 5)
  void removesWhatLeftTheWork(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.rework("w", deployment("web", 3));
      bench.await(() -> bench.applied("w") && bench.inCluster(CONFIG_MAPS, "c").isEmpty());
      assertThat(bench.inCluster(DEPLOYMENTS, "web").orElseThrow().at("/spec/replicas").asInt())
          .isEqualTo(3);
      bench.await(() -> bench.record("w").orElseThrow().status().appliedResources().size() == 1);
      assertThat(bench.status("w").resourceStatus().manifests()).hasSize(1);
      assertThat(bench.counter("agent_drift_repaired_total")).isZero();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void keepsAnObjectWhoseKindCannotBeLookedUpForAMoment(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      var widget =
          "{'apiVersion':'g/v1','kind':'Widget','metadata':{'name':'x','namespace':'shop'}}";
      bench.work("w", widget);
      bench.await(() -> bench.applied("w"));
      bench.hidden.add("Widget");
      bench.rework("w", widget, configMap("c", "1"));
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "c").isPresent());
      bench.world.run(Duration.ofMinutes(1));
      assertThat(bench.inCluster(WIDGETS, "x")).isPresent();
      assertThat(bench.record("w").orElseThrow().status().appliedResources()).hasSize(2);
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 5)
  void removesEverythingWhenTheWorkIsDeleted(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.hub.delete(WORKS, Key.of("east", "w"), null);
      bench.await(() -> bench.hub.find(WORKS, Key.of("east", "w")).isEmpty());
      assertThat(bench.inCluster(DEPLOYMENTS, "web")).isEmpty();
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isEmpty();
      assertThat(bench.record("w")).isEmpty();
      bench.await(() -> bench.agentHost.disk().list(Bench.FOLDER).isEmpty());
      bench.await(() -> bench.gauge("agent_works_applied") == 0);
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void waitsForObjectsThatAreHeldByFinalizers(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      var key = Key.of("shop", "c");
      bench.cluster.patch(CONFIG_MAPS, key, "", merge("{'metadata':{'finalizers':['x/y']}}"));
      bench.hub.delete(WORKS, Key.of("east", "w"), null);
      bench.world.run(Duration.ofSeconds(20));
      assertThat(bench.condition("w", "Deleting").reason()).isEqualTo("WorkDeleting");
      assertThat(bench.record("w").orElseThrow().status().appliedResources()).hasSize(1);
      bench.cluster.patch(CONFIG_MAPS, key, "", merge("{'metadata':{'finalizers':[]}}"));
      bench.world.runUntil(
          () -> bench.hub.find(WORKS, Key.of("east", "w")).isEmpty(), Duration.ofMinutes(1));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void leavesOrphansBehind(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work(
          "w",
          "'deleteOption':{'propagationPolicy':'SelectivelyOrphan','selectivelyOrphans':"
              + "{'orphaningRules':[{'resource':'configmaps','namespace':'shop','name':'c'}]}},",
          new String[] {deployment("web", 2), configMap("c", "1")});
      bench.await(() -> bench.applied("w"));
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().owners()).isEmpty();
      bench.hub.delete(WORKS, Key.of("east", "w"), null);
      bench.await(() -> bench.hub.find(WORKS, Key.of("east", "w")).isEmpty());
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isPresent();
      assertThat(bench.inCluster(DEPLOYMENTS, "web")).isEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void leavesAnObjectToTheOtherWorkThatOwnsIt(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("one", configMap("c", "1"));
      bench.work("two", configMap("c", "1"));
      bench.await(() -> bench.applied("one") && bench.applied("two"));
      bench.hub.delete(WORKS, Key.of("east", "one"), null);
      bench.await(() -> bench.hub.find(WORKS, Key.of("east", "one")).isEmpty());
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().owners())
          .extracting(owner -> owner.uid())
          .containsExactly(bench.record("two").orElseThrow().metadata().uid());
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
  @Seeds(runs = 5)
  void goesOnWithoutTheHubAfterARestart(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(5));
      bench.crash();
      bench.hubLine.cut();
      bench.cluster.delete(CONFIG_MAPS, Key.of("shop", "c"), null);

      bench.start();
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "c").isPresent());
      assertThat(bench.gauge("agent_hub_connected")).isZero();
      bench.cluster.delete(DEPLOYMENTS, Key.of("shop", "web"), null);
      bench.world.run(Duration.ofHours(5));
      assertThat(bench.inCluster(DEPLOYMENTS, "web")).isPresent();

      bench.hubLine.mend();
      bench.rework("w", deployment("web", 4), configMap("c", "1"));
      bench.world.runUntil(() -> bench.applied("w"), Duration.ofMinutes(2));
      assertThat(bench.world.taskFailures()).isEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void worksWithNoHubAtAllAfterARestart(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(5));
      bench.crash();
      bench.cluster.delete(CONFIG_MAPS, Key.of("shop", "c"), null);
      bench.startAlone();
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "c").isPresent());
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void tellsTheHubWhatHappenedWhileItWasAway(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work(
          "w",
          "'manifestConfigs':[{'resourceIdentifier':{'group':'apps','resource':'deployments',"
              + "'namespace':'shop','name':'web'},'feedbackRules':[{'type':'WellKnownStatus'}]}],",
          new String[] {deployment("web", 2)});
      bench.await(() -> bench.applied("w"));
      bench.hubLine.cut();
      bench.world.run(Duration.ofMinutes(1));
      bench.cluster.patch(
          DEPLOYMENTS, Key.of("shop", "web"), "status", merge("{'status':{'replicas':2}}"));
      bench.world.run(Duration.ofMinutes(10));
      bench.hubLine.mend();
      bench.world.runUntil(
          () -> bench.status("w").resourceStatus().manifests().getFirst().statusFeedback() != null,
          Duration.ofMinutes(1));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 5)
  void removesAVanishedWorkOnlyAfterTheGracePeriod(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("other", configMap("other", "1"));
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w") && bench.applied("other"));
      bench.hubLine.cut();
      bench.world.run(Duration.ofSeconds(5));
      bench.vanish("w");
      bench.world.run(Duration.ofHours(3));
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).as("while the hub is silent").isPresent();

      bench.hubLine.mend();
      bench.world.runUntil(
          () -> bench.record("w").orElseThrow().status().evictionStartTime() != null,
          Duration.ofMinutes(2));
      bench.world.run(Duration.ofMinutes(30));
      bench.crash(); // the clock runs on across a restart
      bench.start();
      bench.world.run(Duration.ofMinutes(20));
      bench.cluster.delete(CONFIG_MAPS, Key.of("shop", "c"), null);
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "c").isPresent());
      bench.world.run(Duration.ofMinutes(20));
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isEmpty();
      assertThat(bench.record("w")).isEmpty();
      assertThat(bench.inCluster(CONFIG_MAPS, "other")).isPresent();
      assertThat(bench.agentHost.disk().list(Bench.FOLDER)).hasSize(1);
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void aWorkThatReappearsIsNoLongerMissed(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("other", configMap("other", "1"));
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.hubLine.cut();
      bench.world.run(Duration.ofSeconds(5));
      bench.vanish("w");
      bench.hubLine.mend();
      bench.world.run(Duration.ofMinutes(50));
      assertThat(bench.record("w").orElseThrow().status().evictionStartTime()).isNotNull();
      var uid = bench.inCluster(CONFIG_MAPS, "c").orElseThrow().uid();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.await(() -> bench.record("w").orElseThrow().status().evictionStartTime() == null);
      bench.world.run(Duration.ofHours(2));
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().uid()).isEqualTo(uid);
    }
  }

  /// Seen with upstream's agent beside ours in one cluster, both on the same hub.
  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void doesNotMissTheWorksOfAnotherAgent(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      var own = bench.inCluster(RECORDS, bench.settings.recordName("w")).orElseThrow();
      var theirs =
          ApiObject.named(RECORDS, "", bench.settings.recordName("theirs"))
              .edit(tree -> {
                var spec = tree.putObject("spec");
                spec.put("hubHash", own.spec().path("hubHash").asString(""));
                spec.put("manifestWorkName", "theirs").put("agentID", "another");
              });
      bench.cluster.create(RECORDS, theirs);
      bench.world.run(Duration.ofHours(3));
      assertThat(bench.record("theirs").orElseThrow().status().evictionStartTime()).isNull();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void aHubThatCameBackEmptyRemovesNothing(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("one", configMap("c1", "1"));
      bench.work("two", configMap("c2", "1"));
      bench.await(() -> bench.applied("one") && bench.applied("two"));
      bench.hubLine.cut();
      bench.world.run(Duration.ofSeconds(5));
      bench.vanish("one");
      bench.vanish("two");
      bench.hubLine.mend();
      bench.world.run(Duration.ofHours(48));
      assertThat(bench.inCluster(CONFIG_MAPS, "c1")).isPresent();
      assertThat(bench.inCluster(CONFIG_MAPS, "c2")).isPresent();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void findsItsObjectsAgainAfterLosingItsDisk(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("other", configMap("other", "1"));
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w") && bench.applied("other"));
      bench.world.run(Duration.ofSeconds(5));
      bench.crash();
      for (var file : bench.agentHost.disk().list(Bench.FOLDER)) {
        bench.agentHost.disk().write(file, "rubbish".getBytes(UTF_8));
      }
      bench.vanish("w");
      bench.start();
      bench.world.run(Duration.ofMinutes(50));
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isPresent();
      bench.world.run(Duration.ofMinutes(20));
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isEmpty();
      assertThat(bench.inCluster(CONFIG_MAPS, "other")).isPresent();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void makesTheObjectsAnewWhenSomeoneDeletesTheRecord(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      var old = bench.record("w").orElseThrow().metadata().uid();
      bench.cluster.delete(RECORDS, Key.of(bench.settings.recordName("w")), null);
      bench.await(() ->
          bench.record("w").filter(r -> !r.metadata().uid().equals(old)).isPresent()
              && bench
                  .inCluster(CONFIG_MAPS, "c")
                  .filter(c -> !Ownership.isOwned(c, old))
                  .isPresent());
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void saysWhenTheClusterCannotHoldItsRecords(long seed) {
    try (var bench = new Bench(seed)) {
      bench.hidden.add("AppliedManifestWork");
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.world.runUntil(() -> bench.status("w").resourceStatus() != null, Duration.ofMinutes(1));
      var manifest = bench.status("w").resourceStatus().manifests().getFirst();
      assertThat(Condition.find(manifest.conditions(), "Applied").orElseThrow().message())
          .isEqualTo(
              "Failed to apply manifest: the cluster serves neither"
                  + " appliedmanifestworks.work.open-cluster-management.io nor"
                  + " CustomResourceDefinitions to add it; give it the kind");
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isEmpty();
      bench.hub.delete(WORKS, Key.of("east", "w"), null);
      bench.world.runUntil(
          () -> bench.hub.find(WORKS, Key.of("east", "w")).isEmpty(), Duration.ofMinutes(1));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void bringsTheDefinitionOfItsRecords(long seed) {
    try (var bench = new Bench(seed)) {
      bench.hidden.add("AppliedManifestWork");
      bench.hidden.remove("CustomResourceDefinition");
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.inCluster(Bench.CRDS, RECORDS.resource()).isPresent());
      bench.hidden.remove("AppliedManifestWork");
      bench.await(() -> bench.applied("w"));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void waitsForAClusterThatDoesNotAnswer(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> bench.applied("w"));
      bench.clusterLine.cut();
      bench.rework("w", configMap("c", "2"));
      bench.world.run(Duration.ofMinutes(10));
      assertThat(bench.applied("w")).isFalse();
      bench.clusterLine.mend();
      bench.world.runUntil(() -> bench.applied("w"), Duration.ofMinutes(2));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void refusesToBorrowRightsItWasNotGiven(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work(
          "w",
          "'executor':{'subject':{'type':'ServiceAccount','serviceAccount':"
              + "{'namespace':'shop','name':'limited'}}},",
          new String[] {configMap("c", "1")});
      bench.await(() -> bench.status("w").resourceStatus() != null);
      assertThat(bench.applied("w")).isFalse();
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void appliesWithTheRightsOfTheExecutor(long seed) {
    try (var bench = new Bench(seed)) {
      bench.allowLimited("'get','create','update','patch'");
      bench.start();
      bench.work(
          "w",
          "'executor':{'subject':{'type':'ServiceAccount','serviceAccount':"
              + "{'namespace':'shop','name':'limited'}}},",
          new String[] {configMap("c", "1")});
      bench.await(() -> bench.status("w").resourceStatus() != null);
      assertThat(bench.told("w"))
          .contains(
              "not allowed to apply the resource  configmaps, shop c, will try again in 1m0s;",
              "may not delete it");
      bench.allowLimited("'get','create','update','patch','delete'");
      bench.world.runUntil(() -> bench.applied("w"), Duration.ofMinutes(2));
      assertThat(bench.applied("w")).as("looked again within a minute").isTrue();
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
  @Seeds(runs = 1)
  void whatWouldHappenIsTriedAsTheExecutor(long seed) {
    try (var bench = new Bench(seed)) {
      bench.allowLimited("'get','create','update','patch'");
      bench.start();
      var executor =
          "'executor':{'subject':{'type':'ServiceAccount','serviceAccount':"
              + "{'namespace':'shop','name':'limited'}}},'dryRun':true,";
      bench.work("w", executor, new String[] {configMap("c", "1")});
      bench.await(() -> bench.status("w").resourceStatus() != null);
      assertThat(bench.told("w"))
          .startsWith("would be refused: not allowed to apply")
          .contains("may not delete it");
      assertThat(bench.clusterLine.triedAs).isEmpty();

      bench.allowLimited("'get','create','update','patch','delete'");
      bench.rework("w", configMap("c", "2"));
      bench.await(() -> bench.told("w").equals("would be created"));
      assertThat(bench.clusterLine.triedAs).containsExactly("system:serviceaccount:shop:limited");
      assertThat(bench.inCluster(CONFIG_MAPS, "c")).isEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void refusesAnEarlierStateThanItApplied(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", configMap("c", "2"));
      var key = Key.of("east", "w");
      number(bench, key, "20", "2");
      bench.await(() -> bench.applied("w"));
      number(bench, key, "10", "1");
      bench.await(() ->
          bench.status("w").conditions().stream()
              .anyMatch(c -> c.reason().equals("OlderThanApplied")));
      bench.world.run(Duration.ofMinutes(10));
      assertThat(bench.inCluster(CONFIG_MAPS, "c").orElseThrow().json().toString())
          .contains("\"2\"");
      number(bench, key, "30", "3");
      bench.await(() ->
          bench.inCluster(CONFIG_MAPS, "c").orElseThrow().json().toString().contains("\"3\""));
      bench.await(() -> bench.applied("w"));
    }
  }

  /// As a hub of another time would show it.
  private static void number(Bench bench, Key key, String number, String value) {
    bench.hub.patch(
        Bench.WORKS,
        key,
        "",
        merge(
            "{'metadata':{'annotations':{'work.nave.io/sequence':'%s'}},'spec':{'workload':{'manifests':[%s]}}}"
                .formatted(number, configMap("c", value))));
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
  @Seeds(runs = 1)
  void looksFromTimeToTimeWhereItHasNoWatchLeft(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      var manifests = new ArrayList<String>();
      for (int i = 0; i < Watched.WATCHES_MAX + 5; i++) {
        manifests.add(
            "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'n%03d'}}".formatted(i));
      }
      bench.work("w", manifests.toArray(String[]::new));
      bench.await(() -> bench.applied("w"));
      var last = Key.of("n%03d".formatted(Watched.WATCHES_MAX + 4));
      bench.cluster.patch(Bench.NAMESPACES, last, "", merge("{'metadata':{'ownerReferences':[]}}"));
      bench.world.runUntil(
          () -> !bench.cluster.get(Bench.NAMESPACES, last).owners().isEmpty(),
          Duration.ofSeconds(25));
    }
  }
}
