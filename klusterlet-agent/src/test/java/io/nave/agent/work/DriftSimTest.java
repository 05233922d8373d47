package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.DEPLOYMENTS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.deployment;
import static io.nave.agent.work.Bench.merge;
import static io.nave.agent.work.Bench.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.node.ObjectNode;

/// What others change is put back; what only looks changed is left alone. A hub, a cluster and an
/// agent in simulated time: [Bench].
class DriftSimTest {
  private static final String RUN = "-Dseed={0}";

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
