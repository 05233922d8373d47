package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.LeaseReconciler.Decision;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Decisions of [LeaseReconciler], [TaintReconciler], [ClusterSetReconciler] and
/// [SetBindingReconciler].
final class AvailabilityDecisionTest {
  private static ApiObject object(String conditions, String taints) {
    return TestHub.object(
        ("{'metadata':{'name':'c1','uid':'u','resourceVersion':'5'},'spec':{'taints':[%s]},"
                + "'status':{'conditions':[%s]}}")
            .formatted(taints, conditions));
  }

  private static String condition(String type, String status) {
    return "{'type':'%s','status':'%s','reason':'R','message':''}".formatted(type, status);
  }

  private static Decision lease(String conditions, @Nullable Duration silence) {
    var cluster = Codec.decode(object(conditions, ""), ManagedCluster.class);
    var lease = silence == null ? null : TestHub.object("{'spec':{}}");
    return LeaseReconciler.decide(cluster, lease, silence == null ? Duration.ZERO : silence);
  }

  private static final String ACCEPTED = condition(ManagedCluster.ACCEPTED, "True");
  private static final String UNKNOWN = condition(ManagedCluster.AVAILABLE, "Unknown");

  @Test
  void aClusterThatWasNeverAcceptedHasNoLease() {
    assertThat(lease("", null)).isEqualTo(new Decision.Nothing());
    assertThat(LeaseReconciler.decide(null, null, Duration.ZERO)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void anAcceptedClusterGetsItsLease() {
    assertThat(lease(ACCEPTED, null)).isEqualTo(new Decision.Create(Duration.ofMinutes(5)));
    assertThat(lease(condition(ManagedCluster.ACCEPTED, "False"), null))
        .isInstanceOf(Decision.Create.class);
  }

  @Test
  void aRenewedLeaseIsLookedAtAgainWhenItsGraceEnds() {
    assertThat(lease(ACCEPTED, Duration.ofMinutes(1)))
        .isEqualTo(new Decision.Wait(Duration.ofMinutes(4)));
  }

  @Test
  void aLeaseThatWasNotRenewedForFiveTimesItsDurationIsReportedOnce() {
    assertThat(lease(ACCEPTED, Duration.ofMinutes(5))).isEqualTo(new Decision.Report());
    assertThat(lease(ACCEPTED + "," + UNKNOWN, Duration.ofMinutes(5)))
        .isEqualTo(new Decision.Nothing());
    assertThat(LeaseReconciler.STOPPED.message())
        .isEqualTo("Registration agent stopped updating its lease.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|unreachable",
        "Unknown|unreachable",
        "False|unavailable",
        "True|''",
      })
  void theTaintFollowsTheAvailability(String status, String taint) {
    var conditions = status.isEmpty() ? "" : condition(ManagedCluster.AVAILABLE, status);
    var own = "{'key':'mine','effect':'NoSelect'}";
    var both =
        own
            + ",{'key':'cluster.open-cluster-management.io/unreachable','effect':'NoSelect'}"
            + ",{'key':'cluster.open-cluster-management.io/unavailable','effect':'NoSelect'}";
    var patch = TaintReconciler.plan(object(conditions, both)).orElseThrow();
    var keys =
        patch.body().at("/spec/taints").valueStream().map(t -> t.path("key").asString("")).toList();
    var wanted = "cluster.open-cluster-management.io/" + taint;
    assertThat(keys).isEqualTo(taint.isEmpty() ? List.of("mine") : List.of("mine", wanted));
    var right = object(conditions, "").edit(t -> t.set("spec", patch.body().get("spec")));
    assertThat(TaintReconciler.plan(right)).isEmpty();
  }

  @Test
  void setsAndBindingsSayWhatUpstreamSays() {
    assertThat(ClusterSetReconciler.decide(0))
        .isEqualTo(
            Condition.of(
                "ClusterSetEmpty", true, "NoClusterMatched", "No ManagedCluster selected"));
    assertThat(ClusterSetReconciler.decide(3))
        .isEqualTo(
            Condition.of(
                "ClusterSetEmpty", false, "ClustersSelected", "3 ManagedClusters selected"));
    assertThat(SetBindingReconciler.decide("s", true).reason()).isEqualTo("ClusterSetBound");
    assertThat(SetBindingReconciler.decide("s", false).reason()).isEqualTo("ClusterSetNotFound");
  }
}
