package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.DEPLOYMENTS;
import static io.nave.agent.work.Bench.WIDGETS;
import static io.nave.agent.work.Bench.WORKS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.deployment;
import static io.nave.agent.work.Bench.merge;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.testkit.Seeds;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;

/// What no work wants any more goes, and nothing else. A hub, a cluster and an agent in simulated
/// time: [Bench].
class RemovingSimTest {
  private static final String RUN = "-Dseed={0}";

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
}
