package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Caller;
import io.nave.certs.CertificateRequest;
import io.nave.certs.KeyPairs;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedCluster.Taint;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.SigningRequest;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// Hub and agents in one world: the whole handshake, and what may go wrong with it.
final class HandshakeSimTest {
  private static final String EVERYTHING =
      "[{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]}]";

  private final TestHub hub = new TestHub(11);

  @AfterEach
  void close() {
    assertThat(hub.world.taskFailures()).isEmpty();
    hub.close();
  }

  private TestAgent joined(String cluster) {
    var agent = new TestAgent(hub, cluster, cluster, hub.token()).start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of(cluster)));
    hub.accept(cluster, true);
    hub.await(() -> hub.joined(cluster));
    return agent;
  }

  @Test
  void aClusterJoinsOnceAnAdministratorAcceptsIt() {
    var agent = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> agent.is(AgentState.WaitingForAcceptance.class));

    hub.accept("east", true);
    hub.await(() -> hub.joined("east"));

    hub.await(() -> agent.is(AgentState.Joined.class));
    assertThat(hub.condition("east", ManagedCluster.ACCEPTED))
        .isEqualTo("True/HubClusterAdminAccepted");
    var status = hub.cluster("east").status();
    assertThat(status.version()).isEqualTo(new ManagedCluster.Version("v1.36.0"));
    assertThat(status.capacity()).isEqualTo(Map.of("cpu", "8", "memory", "32Gi"));
    assertThat(status.allocatable()).isEqualTo(Map.of("cpu", "3500m", "memory", "15Gi"));
    assertThat(status.clusterClaims()).containsExactly(new ManagedCluster.Claim("id.k8s.io", "42"));
    assertThat(agent.hubClient.get(TestHub.CLUSTER, Key.of("east")).name()).isEqualTo("east");
  }

  @Test
  void aClusterThatIsNotAcceptedGetsNothing() {
    var agent = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> agent.is(AgentState.WaitingForAcceptance.class));
    hub.world.run(Duration.ofMinutes(10));

    assertThat(hub.requests()).hasSize(1);
    assertThat(hub.requests().getFirst().state()).isEqualTo(SigningRequest.State.PENDING);
    assertThat(hub.exists(HubKinds.NAMESPACE, Key.of("east"))).isFalse();
    assertThat(agent.hubClient).isNull();
    assertThat(hub.condition("east", ManagedCluster.ACCEPTED)).isEmpty();
  }

  @Test
  void aClusterThatWasDeletedWhileItWaitedAsksAgain() {
    var agent = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> agent.is(AgentState.WaitingForAcceptance.class));
    hub.admin.delete(TestHub.CLUSTER, Key.of("east"), null);
    hub.world.runUntil(() -> hub.exists(TestHub.CLUSTER, Key.of("east")), Duration.ofMinutes(1));
    hub.accept("east", true);
    hub.await(() -> hub.joined("east"));
  }

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
  void anAgentKeepsItsKeyWhenItRestartsBeforeItIsAccepted() {
    var agent = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> agent.is(AgentState.WaitingForAcceptance.class));
    var key = agent.file("tls.key");
    agent.stop();
    agent.start();
    hub.world.run(Duration.ofMinutes(1));

    assertThat(agent.file("tls.key")).isEqualTo(key).contains("EC PRIVATE KEY");
    assertThat(hub.requests()).hasSize(1);
    hub.accept("east", true);
    hub.await(() -> hub.joined("east"));
  }

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
  void aSecondClusterOfTheSameNameIsDeniedWithAClearMessage() {
    joined("east");
    var second = new TestAgent(hub, "impostor", "east", hub.token()).start();
    hub.await(() -> second.is(AgentState.Denied.class));

    assertThat(second.state().line())
        .contains("NameTaken")
        .contains("cluster name east is taken")
        .contains("kubectl annotate managedcluster east nave.io/agent-key-");
    assertThat(second.file("tls.crt")).isEmpty();
    assertThat(second.hubClient).isNull();
    assertThat(hub.joined("east")).isTrue();
  }

  @Test
  void ofTwoAgentsThatFightForANameTheFirstGetsItAlsoBeforeAcceptance() {
    var token = hub.token();
    var first = new TestAgent(hub, "a", "east", token).start();
    hub.await(() -> first.is(AgentState.WaitingForAcceptance.class));
    var second = new TestAgent(hub, "b", "east", token).start();
    hub.await(() -> second.is(AgentState.Denied.class));

    hub.accept("east", true);
    hub.await(() -> first.is(AgentState.Joined.class));
    hub.world.run(Duration.ofMinutes(30));
    assertThat(second.file("tls.crt")).isEmpty();
    assertThat(hub.requests()).hasSize(2);
  }

  @Test
  void anAdministratorFreesANameByRemovingTheKey() {
    joined("east").stop();
    var second = new TestAgent(hub, "new-east", "east", hub.token()).start();
    hub.await(() -> second.is(AgentState.Denied.class));

    hub.admin.patch(
        TestHub.CLUSTER,
        Key.of("east"),
        "",
        Patch.merge(body ->
            body.putObject("metadata").putObject("annotations").putNull(AgentKey.ANNOTATION)));
    hub.world.runUntil(() -> second.is(AgentState.Joined.class), Duration.ofMinutes(2));
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
  void labelsAreSentWhenTheClusterIsCreatedAndTheDefaultSetIsJoined() {
    var settings =
        new AgentSettings(
            "east",
            "one",
            hub.token(),
            TestAgent.DATA,
            Map.of("region", "eu"),
            Map.of("rack", "7"));
    new TestAgent(hub, "east", settings).start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of("east")));
    assertThat(hub.cluster("east").metadata().labels())
        .containsEntry("region", "eu")
        .containsEntry(ManagedCluster.SET_LABEL, "default");
    hub.accept("east", true);
    hub.await(() -> hub.joined("east"));
    assertThat(hub.cluster("east").status().clusterClaims())
        .contains(new ManagedCluster.Claim("rack", "7"));
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
    hub.await(() -> agent.is(AgentState.Refused.class));
    assertThat(agent.state().line()).contains("managedclustersets/join");
  }

  @Test
  void aDeletedClusterGoesInOrderAndItsNamespaceStays() {
    joined("east").stop();
    hub.admin.create(
        HubKinds.WORK,
        TestHub.object("{'metadata':{'name':'w','namespace':'east','finalizers':['x/y']}}"));
    hub.admin.delete(TestHub.CLUSTER, Key.of("east"), null);
    hub.await(() -> hub.condition("east", "Deleting").equals("False/ResourceRemaining"));
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
  void theSetsSayWhetherTheyHaveMembers() {
    joined("east");
    var set = ResourceType.of(ManagedClusterSet.class);
    for (var name : List.of("default", "global")) {
      hub.await(() ->
          hub.admin
              .get(set, Key.of(name))
              .at("/status/conditions/0/message")
              .asString("")
              .equals("1 ManagedClusters selected"));
    }
  }

  /// - Goal: whatever stops the agent or the hub's answers, and whenever, the agent joins in the
  ///   end, with the key it had from the beginning.
  /// - Method: the agent is stopped and started, the hub cut off, the acceptance given, all at
  ///   random instants of the first seconds.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void anAgentJoinsWheneverItWasStopped(long seed) {
    var random = new SplittableRandom(seed);
    try (var other = new TestHub(seed)) {
      var agent = new TestAgent(other, "east", "east", other.token()).start();
      var key = "";
      for (var i = 0; i < 6; i++) {
        other.world.run(Duration.ofMillis(random.nextInt(1, i % 2 == 0 ? 20 : 3000)));
        switch (random.nextInt(3)) {
          case 0 -> {
            agent.stop();
            agent.start();
          }
          case 1 -> other.reachable = !other.reachable;
          default -> {
            if (other.exists(TestHub.CLUSTER, Key.of("east"))) {
              other.accept("east", true);
            }
          }
        }
        key = key.isEmpty() ? agent.file("tls.key") : key;
      }
      other.reachable = true;
      other.world.runUntil(
          () -> other.exists(TestHub.CLUSTER, Key.of("east")), Duration.ofMinutes(5));
      other.accept("east", true);
      other.world.runUntil(() -> other.joined("east"), Duration.ofMinutes(5));
      assertThat(agent.file("tls.key")).startsWith(key).isNotEmpty();
      assertThat(other.requests()).hasSize(1);
      assertThat(other.world.taskFailures()).isEmpty();
    }
  }

  @Test
  void theSameSeedGivesTheSameStory() {
    assertThat(story(5)).isEqualTo(story(5)).isNotEqualTo(story(6));
  }

  private static String story(long seed) {
    try (var other = new TestHub(seed)) {
      new TestAgent(other, "east", "east", other.token()).start();
      other.await(() -> other.exists(TestHub.CLUSTER, Key.of("east")));
      other.accept("east", true);
      other.await(() -> other.joined("east"));
      other.world.run(Duration.ofMinutes(5));
      return other.world.eventLog() + other.store.view().revision();
    }
  }
}
