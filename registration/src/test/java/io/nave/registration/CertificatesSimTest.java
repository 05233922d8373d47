package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.certs.Certificates;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.registration.hub.TrustReconciler;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Certificates renewed, lost, expired and stolen, and the authority behind them replaced.
final class CertificatesSimTest extends RegistrationWorld {
  @Test
  void anAgentThatLostItsCertificateJoinsAgainWithItsKey() {
    var agent = joined("east");
    agent.stop();
    hub.world.run(Duration.ofMinutes(61)); // its first request is cleaned up
    assertThat(hub.requests()).isEmpty();
    agent.host.disk().delete(TestAgent.DATA.resolve("hub/tls.crt"));

    var again = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> again.is(AgentState.Joined.class));
  }

  @Test
  void anAgentRestartsFromItsDiskWithoutAToken() {
    joined("east").stop();
    var again = new TestAgent(hub, "east", "east", null).start();
    hub.await(() -> again.is(AgentState.Joined.class));
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void aCertificateIsRenewedBeforeItEnds() {
    var agent = joined("east");
    var first = agent.file("tls.crt");
    hub.world.run(Duration.ofMinutes(85)); // 70 % of its life
    assertThat(agent.file("tls.crt")).isEqualTo(first);
    hub.world.runUntil(() -> !agent.file("tls.crt").equals(first), Duration.ofMinutes(12));
    hub.world.run(Duration.ofMinutes(1));
    assertThat(agent.is(AgentState.Joined.class)).isTrue();
    assertThat(hub.joined("east")).isTrue();
  }

  @Test
  void anAgentThatWasAwayUntilItsCertificateExpiredComesBack() {
    var agent = joined("east");
    agent.stop();
    hub.world.run(Duration.ofHours(3));
    var again = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> hub.joined("east") && again.is(AgentState.Joined.class));
  }

  @Test
  void anAgentComesBackAloneAfterItsCertificateEnded() {
    joined("east").stop();
    hub.world.run(Duration.ofHours(30)); // its certificate was good for two
    var agent = again("east");
    hub.await(() -> hub.joined("east") && agent.is(AgentState.Joined.class));
  }

  @Test
  void aLookFromBesideTellsThatTheCertificateEndedAndWhoseTurnItIs() {
    var agent = joined("east");
    agent.stop();
    assertThat(agent.look(hub.token())).isInstanceOf(AgentState.Joined.class);
    hub.world.run(Duration.ofHours(30));
    var state = agent.look(hub.token());
    assertThat(state.cause()).isEqualTo(AgentState.Cause.AGENT);
    assertThat(state.line()).contains("its certificate ended at").contains("when it runs");
  }

  @Test
  void anAgentDoesNotComeBackWhereTheHubDoesNotAllowIt() {
    hubWith(
        RegistrationPolicy.usual()
            .withCertificateLifetimeMax(TestHub.CERTIFICATE_LIFETIME)
            .withReturnWithin(Duration.ofHours(1)));
    joined("east").stop();
    hub.world.run(Duration.ofHours(4));
    var agent = again("east");
    hub.await(() -> agent.is(AgentState.TokenRejected.class));
    assertThat(agent.state().cause()).isEqualTo(AgentState.Cause.TOKEN);

    agent.stop();
    var told = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> told.is(AgentState.Joined.class));
  }

  @Test
  void aStolenCertificateWhoseKeyIsNoLongerTheClustersDoesNotComeBack() {
    joined("east").stop();
    hub.world.run(Duration.ofHours(3));
    hub.admin.patch(
        TestHub.CLUSTER,
        Key.of("east"),
        "",
        Patch.merge(body ->
            body.putObject("metadata")
                .putObject("annotations")
                .put("nave.io/agent-key", "sha256:" + "0".repeat(64))));
    var agent = again("east");
    hub.world.run(Duration.ofMinutes(5));
    assertThat(agent.is(AgentState.TokenRejected.class)).isTrue();
    assertThat(hub.requests().getLast().why()).contains("KeyNotBound");
  }

  /// - Goal: two authorities overlap; agents move over by themselves; who is off meanwhile, also
  ///   beyond the life of its certificate, comes back; afterwards the old one can be forgotten.
  @ParameterizedTest
  @ValueSource(longs = {1, 3}) // its certificate is good for two
  void agentsMoveOverToANewAuthorityAndHalfOfThemLater(long hoursOff) {
    var names = List.of("east", "west");
    var agents = names.stream().map(this::joined).toList();
    agents.getLast().stop();
    wish(TrustReconciler.ROTATE, "2027");
    hub.await(() -> hub.succession.former().size() == 1);

    await(() -> ofPresent(agents.getFirst()), Duration.ofMinutes(30));
    hub.world.run(Duration.ofHours(hoursOff));
    var back = again("west");
    await(() -> ofPresent(back), Duration.ofMinutes(30));
    for (var name : names) {
      assertThat(hub.joined(name)).as(name).isTrue();
    }

    wish(TrustReconciler.FORGET, "nave-hub-2027");
    hub.await(() -> hub.succession.former().isEmpty());
    hub.world.run(Duration.ofHours(3));
    for (var name : names) {
      assertThat(hub.joined(name)).as(name).isTrue();
    }
    assertThat(HubTrust.pem(hub.admin.get(HubKinds.CONFIG_MAP, HubTrust.KEY)))
        .isEqualTo(hub.succession.trust().toPem());
  }

  private void wish(String annotation, String value) {
    hub.admin.patch(
        HubKinds.CONFIG_MAP,
        HubTrust.KEY,
        "",
        Patch.merge(
            body -> body.putObject("metadata").putObject("annotations").put(annotation, value)));
  }

  private boolean ofPresent(TestAgent agent) {
    var leaf = Certificates.parse(agent.file("tls.crt")).getFirst();
    return Certificates.signedBy(leaf, hub.succession.present().certificate())
        && agent.is(AgentState.Joined.class);
  }
}
