package io.nave.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ScaleModelTest {
  private static final Costs COSTS =
      new Costs(0.01, 0.001, 0.002, 0.002, 0.0001, 0.00005, 5, 100e6, 100e3, 10e3);

  private static Outcome run(int clusters, int replicas, double changesPerHour) {
    return ScaleModel.run(
        COSTS, new Shape(clusters, replicas, 2, changesPerHour, 10, 400), new Random(1));
  }

  @Test
  void theSameSeedGivesTheSameOutcome() {
    assertThat(run(2_000, 2, 60)).isEqualTo(run(2_000, 2, 60));
  }

  /// 1,000 leases of 1 ms a minute and 1,000 statuses of 2 ms a minute are 0.05 cores, and pushes
  /// 10 x 2 ms in ten seconds 0.002: of two cores 2.6 %.
  @Test
  void whatIsSpentIsWhatTheCostsAddUpTo() {
    var outcome = run(1_000, 1, 60);
    assertThat(outcome.cpuShare()).isBetween(0.024, 0.028);
    assertThat(outcome.refused()).isZero();
    assertThat(outcome.conflated()).isLessThan(0.001);
    assertThat(outcome.replicaBytes()).isEqualTo(100e6 + 1_000 * 100e3 + 1_000 * 10e3);
    assertThat(outcome.holds()).isTrue();
  }

  /// Five seconds of start, then 3,000 handshakes of 10 ms on two cores.
  @Test
  void afterARestartAllComeBackAsFastAsHandshakesGo() {
    var outcome = run(3_000, 1, 0);
    assertThat(outcome.returned()).isBetween(5 + 15.0, 5 + 60.0);
    assertThat(outcome.silentAfter()).isZero();
  }

  @Test
  void aHubThatIsAskedForMoreThanItHasTurnsAwayAndConflatesAndSaysSo() {
    var outcome = run(6_000, 1, 1_200);
    assertThat(outcome.cpuShare()).isGreaterThan(0.98);
    assertThat(outcome.refused()).isGreaterThan(0.2);
    assertThat(outcome.conflated()).isGreaterThan(0.1);
    assertThat(outcome.holds()).isFalse();
  }

  /// What one cannot do, four can, although each hears of every write of the others.
  @Test
  void replicasShareRequestsAndEachHearsOfEveryWrite() {
    var one = run(6_000, 1, 1_200);
    var four = run(6_000, 4, 1_200);
    assertThat(one.holds()).isFalse();
    assertThat(four.cpuShare()).isLessThan(one.cpuShare());
    // 2,100 writes a second are 4.1 cores; each heard by three others, 0.63 more: 4.73 of eight.
    assertThat(four.cpuShare()).isBetween(0.56, 0.61);
  }

  @Test
  void aTreeTellsOfARegionAndOfItsRoot() {
    var figures = new TreeMap<String, Double>();
    var sizes = new HashMap<>(ScaleQuestion.sizes());
    sizes.putAll(Map.of("clusters", 4_000L, "regions", 4L, "seconds", 400L));
    ScaleQuestion.answer(sizes, new Random(1), figures::put);
    assertThat(figures)
        .containsEntry("regionHolds", 1.0)
        .containsEntry("rootHolds", 1.0)
        .containsKeys("regionReturnSeconds", "rootStatusP99Seconds");
  }

  @Test
  void aSizeThatCannotBeIsNamed() {
    assertThatThrownBy(() -> new Shape(0, 1, 2, 1, 1, 1))
        .hasMessage("clusters: expected 1 to 10000000, found 0");
    assertThatThrownBy(() -> new Shape(1, 0, 2, 1, 1, 1)).hasMessageContaining("replicas");
  }
}
