package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.Portrait;
import io.nave.registration.api.ClusterProfile;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is told of clusters: events, claims, add-ons, sets, profiles.
final class ClusterFactsSimTest extends RegistrationWorld {
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

  @Test
  void aSetThatIsDeletedComesBackAndABindingSaysWhetherItsSetIsThere() {
    var set = ResourceType.of(ManagedClusterSet.class);
    hub.await(() -> hub.exists(set, Key.of("global")));
    hub.admin.delete(set, Key.of("global"), null);
    hub.await(() -> hub.exists(set, Key.of("global")));

    var binding = ResourceType.of(ManagedClusterSetBinding.class);
    var key = Key.of("default", "prod");
    hub.admin.create(
        binding,
        TestHub.object(
            "{'metadata':{'name':'prod','namespace':'default'},'spec':{'clusterSet':'prod'}}"));
    hub.await(() -> bound(binding, key).equals("False/ClusterSetNotFound"));
    hub.admin.create(set, ApiObject.named(set, "", "prod"));
    hub.await(() -> bound(binding, key).equals("True/ClusterSetBound"));
    hub.admin.delete(set, Key.of("prod"), null);
    hub.await(() -> bound(binding, key).equals("False/ClusterSetNotFound"));
  }

  private String bound(ResourceType binding, Key key) {
    var condition = hub.admin.get(binding, key).at("/status/conditions/0");
    return condition.path("status").asString("") + "/" + condition.path("reason").asString("");
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
}
