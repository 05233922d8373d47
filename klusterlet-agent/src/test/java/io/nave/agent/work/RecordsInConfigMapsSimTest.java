package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.CRDS;
import static io.nave.agent.work.Bench.DEPLOYMENTS;
import static io.nave.agent.work.Bench.RECORDS;
import static io.nave.agent.work.Bench.WORKS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.deployment;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.testkit.Seeds;
import io.nave.work.Ownership;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The work side of an agent in a cluster that a custom resource would crash.
class RecordsInConfigMapsSimTest {
  private static final String RUN = "-Dseed={0}";
  private static final String OLD = "v1.20.2";

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void appliesRepairsChangesAndRemovesWithoutCustomResources(long seed) {
    try (var bench = new Bench(seed)) {
      bench.startWithoutRecords(OLD);
      bench.work("w", deployment("web", 2), configMap("c", "1"));
      bench.await(() -> bench.applied("w"));

      assertThat(records(bench)).hasSize(1);
      assertThat(bench.cluster.list(RECORDS, "", Selection.all()).items()).isEmpty();
      assertThat(bench.cluster.list(CRDS, "", Selection.all()).items()).isEmpty();
      var web = bench.inCluster(DEPLOYMENTS, "web").orElseThrow();
      assertThat(Ownership.isOwned(web, records(bench).getFirst().uid())).isTrue();

      bench.cluster.delete(DEPLOYMENTS, Key.of("shop", "web"), null);
      bench.await(() -> bench.inCluster(DEPLOYMENTS, "web").isPresent());

      bench.rework("w", deployment("web", 2));
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "c").isEmpty());

      bench.hub.delete(WORKS, Key.of("east", "w"), null);
      bench.await(() -> bench.hub.find(WORKS, Key.of("east", "w")).isEmpty());
      assertThat(bench.inCluster(DEPLOYMENTS, "web")).isEmpty();
      assertThat(records(bench)).isEmpty();
      assertThat(bench.world.taskFailures()).isEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void findsItsRecordsAgainAfterACrash(long seed) {
    try (var bench = new Bench(seed)) {
      bench.startWithoutRecords(OLD);
      bench.work("w", deployment("web", 2));
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(30));
      var record = records(bench).getFirst();
      bench.crash();
      bench.hub.delete(WORKS, Key.of("east", "w"), null);

      bench.startWithoutRecords(OLD);
      bench.await(() -> bench.inCluster(DEPLOYMENTS, "web").isEmpty());

      bench.await(() -> records(bench).isEmpty());
      assertThat(record.finalizers()).isNotEmpty();
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void writesNothingOnceAllIsSettled(long seed) {
    try (var bench = new Bench(seed)) {
      bench.startWithoutRecords(OLD);
      bench.work("w", deployment("web", 2));
      bench.await(() -> bench.applied("w"));
      bench.world.run(Duration.ofSeconds(30));
      var writes = List.copyOf(bench.clusterLine.writes);

      bench.world.run(Duration.ofMinutes(30));

      assertThat(bench.clusterLine.writes).isEqualTo(writes);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v1.16.0, true",
    "v1.20.2, true",
    "v1.22.17-eks-0a21954, true",
    "1.20.1, true",
    "v1.23.0, false",
    "v1.31.0+nave, false",
    "v1.120.0, false",
    "v2.0.0, false",
    "'', false",
    "unknown, false"
  })
  void onlyServersBefore123AreSpared(String version, boolean spared) {
    assertThat(RecordsInConfigMaps.crashesOnCustomResources(version)).isEqualTo(spared);
  }

  private static List<ApiObject> records(Bench bench) {
    return bench
        .cluster
        .list(CONFIG_MAPS, RecordsInConfigMaps.NAMESPACE, Selection.all())
        .items()
        .stream()
        .filter(each -> !each.name().equals("kube-root-ca.crt"))
        .toList();
  }
}
