package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.runtime.Transport;
import io.nave.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/// The handshake: who asks, who is let in, and who is not.
final class JoiningSimTest extends RegistrationWorld {
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
  void aHubThatAcceptsByItselfDoesSoOnlyOnce() {
    hubWith(RegistrationPolicy.usual().withAutoAccept(true));
    var agent = new TestAgent(hub, "east", "east", hub.token()).start();
    hub.await(() -> hub.joined("east"));
    assertThat(hub.cluster("east").metadata().annotations())
        .containsKey(ManagedCluster.AUTO_ACCEPTED);
    assertThat(told("east")).contains("ManagedClusterAutoApproved");

    hub.accept("east", false);
    hub.await(() -> agent.is(AgentState.Denied.class));
    hub.world.run(Duration.ofMinutes(30));
    assertThat(hub.cluster("east").accepted()).isFalse();
  }

  @Test
  void anAgentStopsAskingWhereTheHubHoldsTooManyRequests() {
    joined("east");
    var pem = hub.requests().getFirst().pem();
    for (var i = 0; i < 10; i++) {
      var name = "jam-" + i;
      hub.admin.create(
          HubKinds.SIGNING_REQUEST,
          ApiObject.named(HubKinds.SIGNING_REQUEST, "", name)
              .edit(tree -> {
                tree.withObjectProperty("metadata")
                    .putObject("labels")
                    .put(ManagedCluster.NAME_LABEL, "east");
                tree.putObject("spec")
                    .put("signerName", "example.com/other")
                    .put(
                        "request",
                        Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)))
                    .putArray("usages")
                    .add("client auth");
              }));
    }
    await(
        () ->
            hub.condition("east", ManagedCluster.ROTATED)
                .equals("False/ClientCertificateUpdateFailed"),
        Duration.ofHours(2));
    assertThat(told("east")).contains("ClientCertificateCreationHalted");

    for (var request : hub.requests()) {
      if (request.name().startsWith("jam-")) {
        hub.admin.delete(HubKinds.SIGNING_REQUEST, Key.of(request.name()), null);
      }
    }
    await(
        () -> hub.condition("east", ManagedCluster.ROTATED).equals("True/ClientCertificateUpdated"),
        Duration.ofHours(1));
  }

  @Test
  void aProvidersClusterIsImportedOnceAndTriedAgainWhenItDoesNotAnswer() {
    hubWith(RegistrationPolicy.usual());
    var asked = new ArrayList<String>();
    hub.installer =
        (cluster, kubeconfig) -> {
          asked.add(cluster + " " + kubeconfig);
          if (asked.size() == 1) {
            throw new Transport.Unreachable("no such host", null);
          }
        };
    hub.restartControllers();
    hub.admin.create(
        TestHub.CLUSTER,
        ApiObject.named(TestHub.CLUSTER, "", "east").edit(tree -> tree.putObject("spec")));
    hub.admin.create(HubKinds.NAMESPACE, ApiObject.named(HubKinds.NAMESPACE, "", "east"));
    hub.admin.create(
        HubKinds.SECRET,
        TestHub.object(
            "{'metadata':{'name':'east-kubeconfig','namespace':'east','labels':"
                + "{'cluster.x-k8s.io/cluster-name':'east'}},'data':{'value':'a2V5'}}"));
    hub.world.run(TestHub.SOON);
    assertThat(asked).as("nobody has let it in").isEmpty();

    hub.accept("east", true);
    hub.await(
        () -> hub.condition("east", ManagedCluster.IMPORTED).equals("False/ClusterImportFailed"));
    await(
        () -> hub.condition("east", ManagedCluster.IMPORTED).equals("True/ClusterImported"),
        Duration.ofMinutes(2));
    hub.world.run(Duration.ofMinutes(10));
    assertThat(asked).containsExactly("east key", "east key");
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
