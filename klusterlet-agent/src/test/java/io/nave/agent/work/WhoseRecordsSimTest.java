package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.RECORDS;
import static io.nave.agent.work.Bench.configMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.work.AppliedManifestWork;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Which records of a cluster are an agent's own: beside other agents, after its hub moved, after
/// another agent was there before it.
class WhoseRecordsSimTest {
  private static final String MOVED = "https://moved.example:6443";

  private static List<AppliedManifestWork> records(
      Bench bench, Predicate<AppliedManifestWork> which) {
    return bench.cluster.list(RECORDS, "", Selection.all()).items().stream()
        .map(AppliedRecords::read)
        .filter(which)
        .toList();
  }

  private static WorkSettings moved() {
    return WorkSettings.of("east", MOVED, Bench.FOLDER);
  }

  private static boolean isThere(Bench bench, String name) {
    return bench.inCluster(CONFIG_MAPS, name).isPresent();
  }

  @Test
  void twoAgentsOfOneHubInOneClusterKeepTheirWorksApart() {
    try (var bench = new Bench(1)) {
      bench.start();
      var other = bench.startAnother("west");
      for (var cluster : List.of("east", "west")) {
        for (var work : List.of("same", cluster)) {
          var map = configMap(cluster + "-" + work, "1");
          bench.workOf(cluster, work, "", new String[] {map});
        }
      }
      bench.await(() ->
          isThere(bench, "east-same")
              && isThere(bench, "west-same")
              && isThere(bench, "east-east")
              && isThere(bench, "west-west"));
      bench.world.run(Duration.ofMinutes(90)); // longer than anyone is missed
      assertThat(records(bench, _ -> true))
          .hasSize(4)
          .allSatisfy(record -> assertThat(record.status().evictionStartTime()).isNull());
      assertThat(isThere(bench, "west-same") && isThere(bench, "east-same")).isTrue();

      bench.hub.delete(Bench.WORKS, Key.of("east", "same"), null);
      bench.await(() -> !isThere(bench, "east-same"));
      bench.world.run(Duration.ofMinutes(90));
      assertThat(isThere(bench, "west-same")).isTrue();
      assertThat(records(bench, r -> r.spec().manifestWorkName().equals("same"))).hasSize(1);
      other.close();
    }
  }

  @Test
  void whatCameFromTheHubsFormerAddressGoesWithItsLastOwner() {
    try (var bench = new Bench(2)) {
      bench.start();
      bench.work("kept", configMap("kept", "1"));
      bench.work("gone", configMap("gone", "1"));
      bench.await(() -> isThere(bench, "kept") && isThere(bench, "gone"));
      bench.crash();
      bench.vanish("gone");
      bench.settings = moved().withEvictionGrace(Duration.ofMinutes(60));
      bench.start();
      bench.world.run(Duration.ofMinutes(50));
      assertThat(isThere(bench, "gone")).as("within the grace period").isTrue();

      bench.world.run(Duration.ofMinutes(40));
      assertThat(isThere(bench, "gone")).isFalse();
      assertThat(isThere(bench, "kept")).isTrue();
      assertThat(records(bench, _ -> true))
          .singleElement()
          .satisfies(left -> assertThat(left.spec().hubHash()).isEqualTo(bench.settings.hubHash()));

      bench.hub.delete(Bench.WORKS, Key.of("east", "kept"), null);
      bench.await(() -> !isThere(bench, "kept"));
    }
  }

  @Test
  void withoutARuleOnlyWhatMovedAlongChangesItsOwner() {
    try (var bench = new Bench(5)) {
      bench.start();
      bench.work("kept", configMap("kept", "1"));
      bench.work("missed", configMap("missed", "1"));
      bench.await(() -> isThere(bench, "kept") && isThere(bench, "missed"));
      bench.crash();
      bench.vanish("missed");
      bench.settings = moved();
      bench.start();
      bench.world.run(Duration.ofHours(4));
      assertThat(isThere(bench, "missed")).isTrue();
      assertThat(records(bench, r -> r.spec().manifestWorkName().equals("kept")))
          .singleElement()
          .satisfies(left -> assertThat(left.spec().hubHash()).isEqualTo(bench.settings.hubHash()));

      bench.hub.delete(Bench.WORKS, Key.of("east", "kept"), null);
      bench.await(() -> !isThere(bench, "kept"));
    }
  }

  @Test
  void aHubWithoutWorksAtItsNewAddressTakesNothingAway() {
    try (var bench = new Bench(3)) {
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> isThere(bench, "c"));
      bench.crash();
      bench.vanish("w");
      bench.settings = moved().withEvictionGrace(Duration.ofMinutes(60));
      bench.start();
      bench.world.run(Duration.ofHours(4));
      assertThat(isThere(bench, "c")).isTrue();
    }
  }

  /// As upstream's agent makes it, whose `agentID` is the hub's hash where it was given none.
  @Test
  void aRecordOfUpstreamsAgentIsTakenOverByWhoHasTheWork() {
    try (var bench = new Bench(4)) {
      for (var work : List.of("w", "unknown")) {
        bench.cluster.create(RECORDS, foreign(bench, work, bench.settings.hubHash()));
      }
      bench.start();
      bench.work("w", configMap("c", "1"));
      bench.await(() -> isThere(bench, "c"));
      bench.world.run(Duration.ofMinutes(90));
      assertThat(bench.record("w").orElseThrow().spec().agentID())
          .isNotEqualTo(bench.settings.hubHash());
      assertThat(bench.record("unknown").orElseThrow().status().evictionStartTime())
          .as("it may be another agent's")
          .isNull();
    }
  }

  private static ApiObject foreign(Bench bench, String work, String agent) {
    return ApiObject.named(RECORDS, "", bench.settings.recordName(work))
        .edit(tree ->
            tree.putObject("spec")
                .put("hubHash", bench.settings.hubHash())
                .put("manifestWorkName", work)
                .put("agentID", agent));
  }
}
