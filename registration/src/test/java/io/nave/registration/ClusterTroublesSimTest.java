package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedCluster.Taint;
import io.nave.registration.api.ManagedClusterAddOn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clusters that fall silent, hubs that do not answer, wrong clocks, full disks.
final class ClusterTroublesSimTest extends RegistrationWorld {
  private static final Duration YEAR = Duration.ofDays(365);

  private static final String SYNCED = "True/ManagedClusterClockSynced";

  @Test
  void aSilentClusterIsUnknownAndTaintedUntilItsAgentReturns() {
    var agent = joined("east");
    hub.await(() -> hub.cluster("east").spec().taints().isEmpty());
    agent.stop();
    hub.world.runUntil(
        () ->
            hub.condition("east", ManagedCluster.AVAILABLE)
                .equals("Unknown/ManagedClusterLeaseUpdateStopped"),
        Duration.ofMinutes(7));
    hub.await(() ->
        hub.cluster("east").spec().taints().stream()
            .map(Taint::key)
            .toList()
            .equals(List.of("cluster.open-cluster-management.io/unreachable")));
    assertThat(hub.cluster("east").spec().taints().getFirst().timeAdded()).isNotNull();

    agent.start();
    hub.await(() -> hub.joined("east") && hub.cluster("east").spec().taints().isEmpty());
  }

  @Test
  void whatIsNotKnownOfASilentClusterIsNotKnownOfItsAddOns() {
    var agent = joined("east");
    var type = ResourceType.of(ManagedClusterAddOn.class);
    var search = Key.of("east", "search");
    hub.admin.create(
        type, ApiObject.named(type, "east", "search").edit(addOn -> addOn.putObject("spec")));
    hub.admin.patch(
        type,
        search,
        "status",
        new Patch(
            Patch.Form.MERGE,
            TestHub.object(
                    "{'status':{'conditions':[{'type':'Available','status':'True','reason':'Fine',"
                        + "'message':'','lastTransitionTime':'2026-01-01T00:00:00Z'}]}}")
                .json()));
    agent.stop();
    await(
        () ->
            hub.admin
                .get(type, search)
                .at("/status/conditions/0/reason")
                .asString("")
                .equals("ManagedClusterLeaseUpdateStopped"),
        Duration.ofMinutes(7));
    assertThat(hub.admin.get(type, search).at("/status/conditions/0/status").asString(""))
        .isEqualTo("Unknown");
    assertThat(told("east")).contains("AvailableUnknown");
  }

  @Test
  void anAgentThatRenewsItsLeaseStaysAvailable() {
    joined("east");
    hub.world.run(Duration.ofHours(1));
    assertThat(hub.joined("east")).isTrue();
  }

  @Test
  void aClusterWhoseApiDoesNotAnswerIsUnavailable() {
    var agent = joined("east");
    agent.clusterWell = false;
    hub.world.runUntil(
        () ->
            hub.condition("east", ManagedCluster.AVAILABLE)
                .equals("False/ManagedClusterKubeAPIServerUnavailable"),
        Duration.ofMinutes(3));
    agent.clusterWell = true;
    hub.world.runUntil(() -> hub.joined("east"), Duration.ofMinutes(1));
  }

  @Test
  void anUnreachableHubIsSaidAndWaitedFor() {
    var agent = joined("east");
    hub.reachable = false;
    hub.world.run(Duration.ofMinutes(3));
    assertThat(agent.state()).isInstanceOf(AgentState.HubUnreachable.class);
    assertThat(agent.state().line()).contains("connection refused");
    hub.reachable = true;
    hub.await(() -> agent.is(AgentState.Joined.class));
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void aFolderOfAnotherClusterIsRefused() {
    joined("east").stop();
    var agent = new TestAgent(hub, "east", "west", hub.token()).start();
    hub.await(() -> agent.is(AgentState.Faulty.class));
    assertThat(agent.state().line()).contains("belongs to the agent of cluster east");
  }

  @Test
  void aDiskThatCannotBeWrittenDoesNotKeepAnAgentFromItsHub() {
    var agent = joined("east");
    var before = agent.file("tls.crt");
    agent.host.disk().full(true);
    hub.world.run(Duration.ofHours(9)); // four lives of a certificate
    assertThat(hub.joined("east")).isTrue();
    assertThat(agent.file("tls.crt")).isEqualTo(before);
    assertThat(agent.states).anyMatch(state -> state.cause() == AgentState.Cause.AGENT);

    agent.host.disk().full(false);
    await(() -> !agent.file("tls.crt").equals(before), Duration.ofHours(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClockThatIsAYearOffIsSaidToBeWrongAndAsksOnlyOnce(boolean ahead) {
    var agent = new TestAgent(hub, "east", "east", hub.token());
    agent.host.skew(ahead ? YEAR : YEAR.negated());
    agent.start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of("east")));
    hub.accept("east", true);
    hub.await(() -> agent.is(AgentState.ClockWrong.class));
    assertThat(agent.state().line()).contains("set the clock");
    hub.world.run(Duration.ofMinutes(45));
    assertThat(hub.requests()).hasSize(1);
    assertThat(hub.joined("east")).isFalse();

    agent.host.skew(Duration.ZERO);
    await(() -> hub.joined("east"), Duration.ofMinutes(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClockThatGoesWrongLaterLosesNothing(boolean ahead) {
    var agent = joined("east");
    hub.world.run(Duration.ofMinutes(3));
    assertThat(hub.condition("east", ManagedCluster.CLOCK_SYNCED)).isEqualTo(SYNCED);
    agent.host.skew(ahead ? YEAR : YEAR.negated());
    hub.world.run(Duration.ofMinutes(30));
    assertThat(agent.state().cause()).isEqualTo(AgentState.Cause.CLOCK);

    agent.host.skew(Duration.ZERO);
    await(() -> hub.joined("east") && agent.is(AgentState.Joined.class), Duration.ofMinutes(15));
    await(
        () -> hub.condition("east", ManagedCluster.CLOCK_SYNCED).equals(SYNCED),
        Duration.ofMinutes(3));
  }

  @Test
  void aClockTenMinutesAheadIsToldByTheHubAndTheClusterStaysAvailable() {
    var agent = joined("east");
    agent.host.skew(Duration.ofMinutes(10));
    await(
        () ->
            hub.condition("east", ManagedCluster.CLOCK_SYNCED)
                .equals("False/ManagedClusterClockOutOfSync"),
        Duration.ofMinutes(3));
    await(() -> agent.is(AgentState.ClockWrong.class), Duration.ofMinutes(2));
    hub.world.run(Duration.ofHours(1));
    assertThat(hub.joined("east")).isTrue();
  }
}
