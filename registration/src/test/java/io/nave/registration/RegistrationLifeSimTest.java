package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.certs.Certificates;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.Portrait;
import io.nave.registration.api.ClusterProfile;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.registration.hub.TrustReconciler;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of clusters after they joined: decisions about them, absences, wrong clocks,
/// another authority, the end; and what narrows who may join.
final class RegistrationLifeSimTest {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final String SYNCED = "True/ManagedClusterClockSynced";

  private TestHub hub = new TestHub(12);

  @AfterEach
  void close() {
    assertThat(hub.world.taskFailures()).isEmpty();
    hub.close();
  }

  private void hubWith(RegistrationPolicy policy) {
    hub.close();
    hub = new TestHub(12, policy);
  }

  private TestAgent joined(String cluster) {
    var agent = new TestAgent(hub, cluster, cluster, hub.token()).start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of(cluster)));
    hub.accept(cluster, true);
    hub.await(() -> hub.joined(cluster) && agent.is(AgentState.Joined.class));
    return agent;
  }

  private TestAgent again(String cluster) {
    return new TestAgent(hub, cluster, cluster, null).start();
  }

  private void await(java.util.function.BooleanSupplier condition, Duration atMost) {
    hub.world.runUntil(condition, atMost);
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
  void anAgentComesBackAloneAfterItsCertificateEnded() {
    joined("east").stop();
    hub.world.run(Duration.ofHours(30)); // its certificate was good for two
    var agent = again("east");
    hub.await(() -> hub.joined("east") && agent.is(AgentState.Joined.class));
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
    joined("east").stop();
    hub.admin.create(
        HubKinds.WORK,
        TestHub.object("{'metadata':{'name':'w','namespace':'east','finalizers':['x/y']}}"));
    hub.admin.delete(TestHub.CLUSTER, Key.of("east"), null);
    hub.await(() -> hub.condition("east", "Deleting").equals("False/ResourceRemaining"));
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

  @Test
  void aTokenForOneClusterIsForNoOther() {
    var wish = new BootstrapTokens.Wish(Duration.ofHours(1), "east", false, List.of());
    var agent = new TestAgent(hub, "west", "west", hub.token(wish)).start();
    hub.await(() -> agent.is(AgentState.Refused.class));
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
    hub.await(() -> second.is(AgentState.Refused.class));
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

  @Test
  void whatHappenedIsToldAsEvents() {
    joined("east");
    hub.accept("east", false);
    hub.await(
        () -> hub.condition("east", ManagedCluster.ACCEPTED).equals("False/HubClusterAdminDenied"));
    var told = new TreeSet<String>();
    for (var event : hub.admin.list(HubKinds.EVENT, "east", Selection.all()).items()) {
      assertThat(event.at("/regarding/name").asString("")).isEqualTo("east");
      told.add(event.at("/reason").asString(""));
    }
    assertThat(told).contains("ManagedClusterAccepted", "ManagedClusterDenied", "Available");
    assertThat(told("east")).contains("ManagedClusterCSRAutoApproved");
  }

  /// The reasons of all events about a cluster, wherever they stand.
  private TreeSet<String> told(String cluster) {
    var told = new TreeSet<String>();
    for (var event : hub.admin.list(HubKinds.EVENT, "", Selection.all()).items()) {
      if (event.at("/regarding/name").asString("").equals(cluster)) {
        told.add(event.at("/reason").asString(""));
      }
    }
    return told;
  }

  @Test
  void aClusterShowsOfItselfWhatItsAgentIsTold() {
    var portrait =
        new Portrait(
            Map.of("agent.open-cluster-management.io/rack", "7"),
            List.of("https://east.example:6443"),
            1,
            List.of(".acme.io"));
    var claims = Map.of("a", "1", "b", "2", "tier.acme.io", "gold");
    var settings =
        new AgentSettings(
            "east", null, hub.token(), TestAgent.DATA, Map.of(), claims, portrait, null, null);
    new TestAgent(hub, "east", settings).start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of("east")));
    hub.accept("east", true);
    hub.await(() -> hub.joined("east"));

    var cluster = hub.cluster("east");
    assertThat(cluster.metadata().annotations())
        .containsEntry("agent.open-cluster-management.io/rack", "7");
    assertThat(cluster.spec().managedClusterClientConfigs())
        .singleElement()
        .satisfies(config -> assertThat(config.url()).isEqualTo("https://east.example:6443"));
    assertThat(cluster.status().clusterClaims().stream().map(ManagedCluster.Claim::name))
        .containsExactly("id.k8s.io", "tier.acme.io", "a");
    hub.await(() ->
        told("east")
            .containsAll(List.of("ClientCertificateCreated", "CustomClusterClaimsTruncated")));
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

  @Test
  void aClustersAddOnsShowAsItsLabels() {
    joined("east");
    var type = ResourceType.of(ManagedClusterAddOn.class);
    hub.admin.create(
        type, ApiObject.named(type, "east", "search").edit(addOn -> addOn.putObject("spec")));
    var label = "feature.open-cluster-management.io/addon-search";
    hub.await(() -> "unreachable".equals(hub.cluster("east").metadata().labels().get(label)));

    hub.admin.delete(type, Key.of("east", "search"), null);
    hub.await(() -> !hub.cluster("east").metadata().labels().containsKey(label));
  }

  @Test
  void aNamespaceWithASetHasAProfileOfEachOfItsClusters() {
    joined("east");
    hub.admin.create(HubKinds.NAMESPACE, ApiObject.named(HubKinds.NAMESPACE, "", "team"));
    var binding = ResourceType.of(ManagedClusterSetBinding.class);
    hub.admin.create(
        binding,
        TestHub.object(
            "{'metadata':{'name':'default','namespace':'team'},'spec':{'clusterSet':'default'}}"));
    var profile = ResourceType.of(ClusterProfile.class);
    var key = Key.of("team", "east");
    hub.await(() ->
        hub.admin
            .find(profile, key)
            .filter(p -> p.labels().containsKey(ClusterProfile.SET_LABEL))
            .isPresent());
    var found = hub.admin.get(profile, key);
    assertThat(found.at("/status/version/kubernetes").asString("")).isEqualTo("v1.36.0");
    assertThat(found.at("/status/conditions/0/type").asString("")).isEqualTo("ControlPlaneHealthy");

    hub.admin.delete(binding, Key.of("team", "default"), null);
    hub.await(() -> !hub.exists(profile, key));
  }

  @Test
  void setsTellTheirClustersWhichNamespacesTheyWant() {
    joined("east");
    var set = ResourceType.of(ManagedClusterSet.class);
    hub.admin.patch(
        set,
        Key.of("default"),
        "",
        Patch.merge(body ->
            body.putObject("spec").putArray("managedNamespaces").addObject().put("name", "shop")));
    hub.await(() ->
        hub.cluster("east").status().managedNamespaces().stream()
            .anyMatch(each -> each.name().equals("shop") && each.clusterSet().equals("default")));
  }
}
