package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.testkit.Seeds;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;

/// Works that are applied with the rights of a service account. A hub, a cluster and an agent in
/// simulated time: [Bench].
class ExecutorSimTest {
  private static final String RUN = "-Dseed={0}";
  private static final String LIMITED =
      "'executor':{'subject':{'type':'ServiceAccount','serviceAccount':"
          + "{'namespace':'shop','name':'limited'}}},";

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 1)
  void refusesToBorrowRightsItWasNotGiven(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("w", LIMITED, new String[] {configMap("c", "1")});
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
      bench.work("w", LIMITED, new String[] {configMap("c", "1")});
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
  void whatWouldHappenIsTriedAsTheExecutor(long seed) {
    try (var bench = new Bench(seed)) {
      bench.allowLimited("'get','create','update','patch'");
      bench.start();
      bench.work("w", LIMITED + "'dryRun':true,", new String[] {configMap("c", "1")});
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
}
