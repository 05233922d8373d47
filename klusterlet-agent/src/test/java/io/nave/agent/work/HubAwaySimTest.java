package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.DEPLOYMENTS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.deployment;
import static io.nave.agent.work.Bench.merge;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/// The hub is silent, forgot, or came back older: the cluster is looked after all the same. A hub,
/// a cluster and an agent in simulated time: [Bench].
class HubAwaySimTest {
  private static final String RUN = "-Dseed={0}";
  private static final Duration GRACE = Duration.ofMinutes(60);

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
  @Seeds(runs = 3)
  void sendsOnlyDifferencesWhenItReturns(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      for (var name : List.of("one", "two", "three")) {
        bench.work(name, configMap(name, "1"));
      }
      bench.await(() -> bench.applied("one") && bench.applied("two") && bench.applied("three"));
      bench.world.run(Duration.ofSeconds(5));
      bench.hubLine.cut();
      bench.world.run(Duration.ofHours(1));
      bench.crash();
      bench.start();
      bench.world.run(Duration.ofMinutes(1));
      bench.rework("two", configMap("two", "2"));
      bench.hubLine.writes.clear();
      bench.hubLine.mend();
      bench.world.runUntil(() -> bench.applied("two"), Duration.ofMinutes(2));
      bench.world.run(Duration.ofMinutes(10));
      assertThat(bench.hubLine.writes)
          .isNotEmpty()
          .allMatch(write -> write.equals("patch manifestworks east/two"));
    }
  }

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 5)
  void removesAVanishedWorkOnlyAfterTheGracePeriodThatTheUserSet(long seed) {
    try (var bench = new Bench(seed)) {
      bench.settings = bench.settings.withEvictionGrace(GRACE);
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
      bench.settings = bench.settings.withEvictionGrace(GRACE);
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

  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void aHubThatCameBackEmptyRemovesNothing(long seed) {
    try (var bench = new Bench(seed)) {
      bench.settings = bench.settings.withEvictionGrace(GRACE);
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

  /// As one restored from a backup that was made before the second work was.
  @ParameterizedTest(name = RUN)
  @Seeds(runs = 3)
  void aHubThatCameBackOlderRemovesNothingWhereNoRuleWasSet(long seed) {
    try (var bench = new Bench(seed)) {
      bench.start();
      bench.work("old", configMap("old", "1"));
      bench.work("new", configMap("new", "1"));
      bench.await(() -> bench.applied("old") && bench.applied("new"));
      bench.hubLine.cut();
      bench.world.run(Duration.ofSeconds(5));
      bench.vanish("new");
      bench.hubLine.mend();
      bench.world.run(Duration.ofHours(24));
      bench.crash();
      bench.start();
      bench.world.run(Duration.ofHours(24));
      assertThat(bench.inCluster(CONFIG_MAPS, "new")).isPresent();
      bench.cluster.delete(CONFIG_MAPS, Key.of("shop", "new"), null);
      bench.await(() -> bench.inCluster(CONFIG_MAPS, "new").isPresent());

      bench.crash();
      bench.settings = bench.settings.withEvictionGrace(GRACE); // now the user sets one
      bench.start();
      bench.world.runUntil(
          () -> bench.inCluster(CONFIG_MAPS, "new").isEmpty(), Duration.ofMinutes(10));
      assertThat(bench.inCluster(CONFIG_MAPS, "old")).isPresent();
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
}
