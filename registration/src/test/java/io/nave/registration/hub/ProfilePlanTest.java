package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProfilePlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ManagedCluster cluster(String name) {
    return Codec.decode(
        TestHub.object(
            ("{'metadata':{'name':'%s','labels':{'cluster.open-cluster-management.io/clusterset':"
                    + "'prod'}},'spec':{},'status':{'version':{'kubernetes':'v1.36.0'},"
                    + "'clusterClaims':[{'name':'id.k8s.io','value':'42'}],'conditions':["
                    + "{'type':'ManagedClusterConditionAvailable','status':'True','reason':'R',"
                    + "'message':'m'},{'type':'ManagedClusterJoined','status':'True',"
                    + "'reason':'ManagedClusterJoined','message':'j'}]}}")
                .formatted(name)),
        ManagedCluster.class);
  }

  private static ApiObject created(List<Write> writes) {
    return ((Write.Create) writes.getFirst())
        .object()
        .editMeta(meta -> meta.put("uid", "u").put("resourceVersion", "2"));
  }

  @Test
  void aClusterGetsItsProfileThenItsStatusThenItsLabel() {
    var wanted = List.of(cluster("c1"));
    var profile = created(ProfileReconciler.plan("team", wanted, List.of(), NOW));
    assertThat(profile.key().toString()).isEqualTo("team/c1");
    assertThat(profile.labels())
        .containsEntry("x-k8s.io/cluster-manager", "open-cluster-management")
        .containsEntry("open-cluster-management.io/cluster-name", "c1");
    assertThat(profile.at("/spec/clusterManager/name").asString(""))
        .isEqualTo("open-cluster-management");

    var status =
        (Write.Change) ProfileReconciler.plan("team", wanted, List.of(profile), NOW).getFirst();
    assertThat(status.subresource()).isEqualTo("status");
    var body = status.patch().body();
    assertThat(body.at("/status/version/kubernetes").asString("")).isEqualTo("v1.36.0");
    assertThat(body.at("/status/properties/0/name").asString("")).isEqualTo("id.k8s.io");
    assertThat(body.at("/status/conditions/0/type").asString("")).isEqualTo("ControlPlaneHealthy");
    assertThat(body.at("/status/conditions/1/type").asString("")).isEqualTo("Joined");

    var told = profile.edit(tree -> tree.set("status", body.path("status").deepCopy()));
    var label =
        (Write.Change) ProfileReconciler.plan("team", wanted, List.of(told), NOW).getFirst();
    assertThat(label.patch().body().at("/metadata/labels").toString())
        .isEqualTo("{\"multicluster.x-k8s.io/clusterset\":\"prod\"}");

    var done =
        told.editMeta(meta ->
            meta.withObjectProperty("labels").put("multicluster.x-k8s.io/clusterset", "prod"));
    assertThat(ProfileReconciler.plan("team", wanted, List.of(done), NOW)).isEmpty();
  }

  @Test
  void aClusterThatLeftTheSetLosesItsProfile() {
    var profile = created(ProfileReconciler.plan("team", List.of(cluster("c1")), List.of(), NOW));
    assertThat(ProfileReconciler.plan("team", List.of(), List.of(profile), NOW))
        .singleElement()
        .isInstanceOf(Write.Delete.class);
  }
}
