package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.Selection;
import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The rights of an accepted cluster: given, kept, taken, and confined.
final class RightsSimTest extends RegistrationWorld {
  private static final String EVERYTHING =
      "[{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]}]";

  @Test
  void aDeniedClusterLosesItsRightsAndAnAcceptedOneGetsThemBack() {
    var agent = joined("east");
    hub.accept("east", false);
    hub.await(
        () -> hub.condition("east", ManagedCluster.ACCEPTED).equals("False/HubClusterAdminDenied"));
    hub.world.runUntil(() -> agent.is(AgentState.Denied.class), Duration.ofMinutes(2));

    var lease = Key.of("east", HubKinds.LEASE_NAME);
    var refusal =
        catchThrowableOfType(ApiError.class, () -> agent.hubClient.get(HubKinds.LEASE, lease));
    assertThat(refusal.code()).isEqualTo(403);
    assertThat(agent.hubClient.get(TestHub.CLUSTER, Key.of("east")).name()).isEqualTo("east");

    hub.accept("east", true);
    hub.await(() -> agent.is(AgentState.Joined.class));
    assertThat(agent.hubClient.get(HubKinds.LEASE, lease).name()).isEqualTo(HubKinds.LEASE_NAME);
  }

  @Test
  void aDenialAndItsEndAreNoticedAtOnce() {
    var agent = joined("east");
    hub.accept("east", false);
    await(() -> agent.is(AgentState.Denied.class), Duration.ofSeconds(3));
    assertThat(agent.state().cause()).isEqualTo(AgentState.Cause.DENIED);
    hub.accept("east", true);
    await(() -> agent.is(AgentState.Joined.class), Duration.ofSeconds(3));
  }

  @Test
  void rightsThatWereEditedArePutBack() {
    joined("east");
    var role = Key.of("open-cluster-management:managedcluster:east");
    var before = hub.admin.get(HubKinds.CLUSTER_ROLE, role).json().get("rules");
    hub.admin.patch(
        HubKinds.CLUSTER_ROLE,
        role,
        "",
        Patch.merge(body -> body.set("rules", Json.parse(EVERYTHING))));
    hub.admin.delete(
        HubKinds.ROLE_BINDING,
        Key.of("east", "open-cluster-management:managedcluster:east:registration"),
        null);

    hub.await(() ->
        hub.admin.get(HubKinds.CLUSTER_ROLE, role).json().get("rules").equals(before)
            && hub.exists(
                HubKinds.ROLE_BINDING,
                Key.of("east", "open-cluster-management:managedcluster:east:registration")));
  }

  @Test
  void nothingIsWrittenWhileNothingChanges() {
    joined("east").stop();
    hub.world.run(Duration.ofSeconds(10));
    var before = hub.store.view().revision();
    hub.world.run(Duration.ofMinutes(4)); // less than the grace of the lease
    assertThat(hub.store.view().revision()).isEqualTo(before);
  }

  @Test
  void controllersThatStartAnewWriteNothing() {
    joined("east").stop();
    hub.world.run(Duration.ofSeconds(10));
    var before = hub.store.view().revision();
    hub.restartControllers();
    hub.world.run(Duration.ofMinutes(1));
    assertThat(hub.store.view().revision()).isEqualTo(before);
  }

  @Test
  void anAgentIsConfinedToItsOwnCluster() {
    var agent = joined("east");
    joined("west");
    for (var type : List.of(TestHub.CLUSTER)) {
      var refusal =
          catchThrowableOfType(ApiError.class, () -> agent.hubClient.get(type, Key.of("west")));
      assertThat(refusal.code()).isEqualTo(403);
    }
    var lease =
        catchThrowableOfType(
            ApiError.class,
            () -> agent.hubClient.get(HubKinds.LEASE, Key.of("west", HubKinds.LEASE_NAME)));
    assertThat(lease.code()).isEqualTo(403);
    var works =
        catchThrowableOfType(
            ApiError.class, () -> agent.hubClient.list(HubKinds.WORK, "west", Selection.all()));
    assertThat(works.code()).isEqualTo(403);
    assertThat(agent.hubClient.list(HubKinds.WORK, "east", Selection.all()).items()).isEmpty();
  }

  @Test
  void anAgentThatAsksForAnotherClustersCertificateIsDenied() {
    var agent = joined("east");
    joined("west");
    var keys = KeyPairs.generate(agent.host.secureRandom());
    var other = new AgentIdentity("west", "abcde");
    var wish = CertificateRequest.create(keys, other.user(), other.certificate().organisations());
    var sent = agent.hubClient.create(HubKinds.SIGNING_REQUEST, SigningRequest.of(other, wish));
    hub.await(() ->
        new SigningRequest(hub.admin.get(HubKinds.SIGNING_REQUEST, sent.key())).state()
            == SigningRequest.State.DENIED);
    assertThat(new SigningRequest(hub.admin.get(HubKinds.SIGNING_REQUEST, sent.key())).why())
        .contains("IdentityMismatch")
        .contains("may ask for its own certificate only");
  }
}
