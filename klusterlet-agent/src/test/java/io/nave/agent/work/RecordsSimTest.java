package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.RECORDS;
import static io.nave.agent.work.Bench.WORKS;
import static io.nave.agent.work.Bench.configMap;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.testkit.Seeds;
import io.nave.work.Ownership;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;

/// The records of what was applied, and clusters that cannot hold them. A hub, a cluster and an
/// agent in simulated time: [Bench].
class RecordsSimTest {
  private static final String RUN = "-Dseed={0}";

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
  void findsItsObjectsAgainAfterLosingItsDisk(long seed) {
    try (var bench = new Bench(seed)) {
      bench.settings = bench.settings.withEvictionGrace(Duration.ofMinutes(60));
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
}
