package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// How a cluster goes, by request, for good, or behind the hub's back.
final class LeavingSimTest extends RegistrationWorld {
  /// East joined, fell silent and was deleted, and waits for a work that nobody finishes.
  private void leaveWithAWorkThatStays() {
    joined("east").stop();
    hub.admin.create(
        HubKinds.WORK,
        TestHub.object("{'metadata':{'name':'w','namespace':'east','finalizers':['x/y']}}"));
    hub.admin.delete(TestHub.CLUSTER, Key.of("east"), null);
    hub.await(() -> hub.condition("east", "Deleting").equals("False/ResourceRemaining"));
  }

  @Test
  void aDeletedClusterGoesInOrderAndItsNamespaceStays() {
    leaveWithAWorkThatStays();
    assertThat(
            hub.exists(
                HubKinds.CLUSTER_ROLE, Key.of("open-cluster-management:managedcluster:east")))
        .isTrue();

    hub.admin.patch(
        HubKinds.WORK,
        Key.of("east", "w"),
        "",
        Patch.merge(body -> body.putObject("metadata").putNull("finalizers")));
    hub.await(() -> !hub.exists(TestHub.CLUSTER, Key.of("east")));
    hub.await(() ->
        !hub.exists(
            HubKinds.CLUSTER_ROLE, Key.of("open-cluster-management:managedcluster:registration")));
    assertThat(
            hub.exists(
                HubKinds.CLUSTER_ROLE, Key.of("open-cluster-management:managedcluster:east")))
        .isFalse();
    assertThat(hub.exists(HubKinds.NAMESPACE, Key.of("east"))).isTrue();
  }

  @Test
  void anAgentWhoseClusterWasRemovedSaysSoAndAsksAgainWhenItIsStartedAnew() {
    var agent = joined("east");
    hub.admin.delete(TestHub.CLUSTER, Key.of("east"), null);
    await(() -> agent.is(AgentState.NoRights.class), Duration.ofSeconds(30));
    assertThat(agent.state().cause()).isEqualTo(AgentState.Cause.RIGHTS);
    hub.world.run(Duration.ofMinutes(30));
    assertThat(hub.exists(TestHub.CLUSTER, Key.of("east"))).isFalse();

    agent.stop();
    var anew = new TestAgent(hub, "east", "east", hub.token()).start();
    await(() -> anew.is(AgentState.WaitingForAcceptance.class), Duration.ofMinutes(1));
    hub.accept("east", true);
    await(() -> anew.is(AgentState.Joined.class), Duration.ofMinutes(2));
  }

  @Test
  void aClusterThatIsGoneForGoodIsDetachedByForce() {
    leaveWithAWorkThatStays();
    hub.world.run(Duration.ofHours(1));
    assertThat(hub.exists(TestHub.CLUSTER, Key.of("east"))).isTrue();

    hub.admin.patch(
        TestHub.CLUSTER,
        Key.of("east"),
        "",
        Patch.merge(body ->
            body.putObject("metadata")
                .putObject("annotations")
                .put(ManagedCluster.FORCE_DETACH, "gone")));
    hub.await(() -> !hub.exists(TestHub.CLUSTER, Key.of("east")));
    assertThat(hub.exists(HubKinds.WORK, Key.of("east", "w"))).isFalse();
  }

  /// Someone took its finalizers off by hand, and it vanished before it was cleaned up.
  @Test
  void worksOfAClusterThatVanishedGoAllTheSame() {
    joined("east").stop();
    var work = Key.of("east", "w");
    hub.admin.create(HubKinds.WORK, TestHub.object("{'metadata':{'name':'w','namespace':'east'}}"));
    hub.admin.patch(
        TestHub.CLUSTER,
        Key.of("east"),
        "",
        Patch.merge(body -> body.putObject("metadata").putArray("finalizers")));
    hub.admin.delete(TestHub.CLUSTER, Key.of("east"), null);
    hub.await(() -> !hub.exists(HubKinds.WORK, work));
    hub.await(() ->
        !hub.exists(HubKinds.CLUSTER_ROLE, Key.of("open-cluster-management:managedcluster:east")));
    assertThat(hub.exists(HubKinds.NAMESPACE, Key.of("east"))).isTrue();
  }
}
