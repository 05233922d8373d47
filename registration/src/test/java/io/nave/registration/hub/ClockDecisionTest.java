package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedCluster;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClockDecisionTest {
  private static ManagedCluster cluster(String reason, String annotations, int lease) {
    var conditions =
        reason.isEmpty()
            ? ""
            : "{'type':'ManagedClusterConditionClockSynced','status':'X','reason':'%s','message':''}"
                .formatted(reason);
    return Codec.decode(
        TestHub.object(
            ("{'metadata':{'name':'c1','annotations':{%s}},'spec':{'leaseDurationSeconds':%d},"
                    + "'status':{'conditions':[%s]}}")
                .formatted(annotations, lease, conditions)),
        ManagedCluster.class);
  }

  private static @Nullable Condition decide(String reason, Duration ahead) {
    return ClockReconciler.decide(cluster(reason, "", 60), ahead);
  }

  @ParameterizedTest
  @CsvSource({"0,true", "299,true", "-299,true", "300,false", "-300,false", "31536000,false"})
  void fiveLeasesAreTheBound(long seconds, boolean synced) {
    assertThat(decide("", Duration.ofSeconds(seconds)))
        .isEqualTo(synced ? ClockReconciler.SYNCED : ClockReconciler.OUT_OF_SYNC);
  }

  @Test
  void whatStandsIsNotWrittenAgain() {
    assertThat(decide("ManagedClusterClockSynced", Duration.ZERO)).isNull();
    assertThat(decide("ManagedClusterClockOutOfSync", Duration.ofHours(1))).isNull();
    assertThat(decide("ManagedClusterClockOutOfSync", Duration.ZERO))
        .isEqualTo(ClockReconciler.SYNCED);
  }

  @Test
  void aClockIsNotJudgedWhereThatIsTurnedOffOrNothingWasRenewed() {
    var skip = "'registration.open-cluster-management.io/skip-clock-sync-check':'true'";
    assertThat(ClockReconciler.decide(cluster("", skip, 60), Duration.ofDays(1))).isNull();
    assertThat(ClockReconciler.decide(cluster("", "", 60), null)).isNull();
  }

  @Test
  void theTimesOfLeasesAreRead() {
    var came = Instant.parse("2026-01-01T00:00:00Z");
    assertThat(ClockReconciler.ahead("2026-01-01T00:10:00.000000Z", came))
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(ClockReconciler.ahead("", came)).isNull();
    assertThat(ClockReconciler.ahead("yesterday", came)).isNull();
  }
}
