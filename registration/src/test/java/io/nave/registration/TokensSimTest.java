package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.hub.BootstrapTokens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a bootstrap token is good for, and what not.
final class TokensSimTest extends RegistrationWorld {
  @Test
  void aBootstrapTokenCannotAcceptItsOwnCluster() {
    var bootstrap =
        hub.as(
            Caller.of("system:bootstrap:x", AgentIdentity.BOOTSTRAP_GROUP, Caller.AUTHENTICATED));
    hub.await(() -> hub.exists(HubKinds.CLUSTER_ROLE, Key.of("open-cluster-management:bootstrap")));
    var wish = TestHub.object("{'metadata':{'name':'east'},'spec':{'hubAcceptsClient':true}}");
    var refusal =
        catchThrowableOfType(ApiError.class, () -> bootstrap.create(TestHub.CLUSTER, wish));
    assertThat(refusal.code()).isEqualTo(403);
    assertThat(refusal).hasMessageContaining("managedclusters/accept");
  }

  @Test
  void aWrongTokenIsSaidToBeWrong() {
    var agent = new TestAgent(hub, "east", "east", "abcdef.0123456789abcdef").start();
    hub.await(() -> agent.is(AgentState.TokenRejected.class));
    assertThat(agent.state().line()).contains("unknown bootstrap token").contains("nave get token");
    assertThat(agent.state().line()).doesNotContain("0123456789abcdef");
    assertThat(hub.exists(TestHub.CLUSTER, Key.of("east"))).isFalse();
  }

  @Test
  void anExpiredTokenIsSaidToBeExpired() {
    var token = hub.token();
    hub.world.run(Duration.ofHours(2));
    var agent = new TestAgent(hub, "east", "east", token).start();
    hub.await(() -> agent.is(AgentState.TokenExpired.class));
  }

  @Test
  void aTokenDoesNotLetAClusterChooseItsSet() {
    var settings =
        new AgentSettings(
            "east",
            "one",
            hub.token(),
            TestAgent.DATA,
            Map.of(ManagedCluster.SET_LABEL, "prod"),
            Map.of());
    var agent = new TestAgent(hub, "east", settings).start();
    hub.await(() -> agent.is(AgentState.TokenForbids.class));
    assertThat(agent.state().line()).contains("managedclustersets/join");
  }

  @Test
  void aTokenForOneClusterIsForNoOther() {
    var wish = new BootstrapTokens.Wish(Duration.ofHours(1), "east", false, List.of());
    var agent = new TestAgent(hub, "west", "west", hub.token(wish)).start();
    hub.await(() -> agent.is(AgentState.TokenForbids.class));
    assertThat(agent.state().line()).contains("for cluster east only");
    assertThat(hub.exists(TestHub.CLUSTER, Key.of("west"))).isFalse();
  }

  @Test
  void aTokenForOneUseLetsOneInAndIsGoneThen() {
    var wish = new BootstrapTokens.Wish(Duration.ofHours(1), null, true, List.of());
    var token = hub.token(wish);
    var first = new TestAgent(hub, "east", "east", token).start();
    hub.await(() -> first.is(AgentState.WaitingForAcceptance.class));
    var second = new TestAgent(hub, "west", "west", token).start();
    hub.await(() -> second.is(AgentState.TokenForbids.class));
    assertThat(second.state().line()).contains("lets one cluster in, and east used it");

    hub.accept("east", true);
    hub.await(() -> first.is(AgentState.Joined.class));
    var secret = BootstrapTokens.key(token.substring(0, 6));
    await(() -> !hub.exists(HubKinds.SECRET, secret), Duration.ofMinutes(2));
    await(() -> second.is(AgentState.TokenRejected.class), Duration.ofMinutes(5));
  }

  @Test
  void aTokenWithTheRightToASetBringsItsClusterThere() {
    var set = ResourceType.of(ManagedClusterSet.class);
    hub.admin.create(set, ApiObject.named(set, "", "prod"));
    hub.admin.commit(BootstrapTokens.roles("prod"));
    var wish = new BootstrapTokens.Wish(Duration.ofHours(1), null, false, List.of("prod"));
    var settings =
        new AgentSettings(
            "east",
            null,
            hub.token(wish),
            TestAgent.DATA,
            Map.of(ManagedCluster.SET_LABEL, "prod", "region", "eu"),
            Map.of());
    new TestAgent(hub, "east", settings).start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of("east")));
    assertThat(hub.cluster("east").metadata().labels())
        .containsEntry(ManagedCluster.SET_LABEL, "prod")
        .containsEntry("region", "eu");
  }
}
