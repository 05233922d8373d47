package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ClusterAdmissionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ClusterAdmission.Rights ALL = (_, _, _, _, _) -> true;
  private static final ClusterAdmission.Rights JOIN_DEFAULT =
      (_, _, _, subresource, name) -> subresource.equals("join") && name.equals("default");

  private static ApiObject cluster(String name, String spec, String labels) {
    return TestHub.object(
        "{'metadata':{'name':'%s','labels':{%s}},'spec':{%s}}".formatted(name, labels, spec));
  }

  private static ApiObject admit(
      @Nullable ApiObject old, ApiObject next, ClusterAdmission.Rights rights) {
    return ClusterAdmission.cluster(old, next, rights, false, NOW);
  }

  private static ApiError refusal(
      @Nullable ApiObject old, ApiObject next, ClusterAdmission.Rights rights) {
    return catchThrowableOfType(ApiError.class, () -> admit(old, next, rights));
  }

  private static final String SET = "'cluster.open-cluster-management.io/clusterset':";

  @Test
  void aClusterWithoutASetJoinsTheDefaultSet() {
    assertThat(admit(null, cluster("c1", "", ""), JOIN_DEFAULT).labels())
        .containsEntry(ManagedCluster.SET_LABEL, "default");
  }

  @Test
  void joiningASetNeedsTheRightAlsoOfTheOldOne() {
    assertThat(refusal(null, cluster("c1", "", SET + "'prod'"), JOIN_DEFAULT).code())
        .isEqualTo(403);
    var old = cluster("c1", "", SET + "'prod'");
    assertThat(refusal(old, cluster("c1", "", ""), JOIN_DEFAULT))
        .hasMessageContaining("leaving cluster set prod");
    assertThat(admit(old, old, (_, _, _, _, _) -> false)).isEqualTo(old);
  }

  @Test
  void acceptingNeedsTheRightAndDenyingNone() {
    var open = cluster("c1", "'hubAcceptsClient':true", SET + "'default'");
    var shut = cluster("c1", "'hubAcceptsClient':false", SET + "'default'");
    assertThat(refusal(null, open, JOIN_DEFAULT)).hasMessageContaining("managedclusters/accept");
    assertThat(refusal(shut, open, JOIN_DEFAULT).code()).isEqualTo(403);
    var accepted = admit(shut, open, ALL);
    assertThat(accepted.spec()).isEqualTo(open.spec());
    assertThat(accepted.finalizers()).isEqualTo(AcceptanceReconciler.FINALIZERS);
    assertThat(admit(accepted, accepted, ALL)).isEqualTo(accepted);
    assertThat(admit(open, shut, (_, _, _, _, _) -> false)).isEqualTo(shut);
    var terminating =
        catchThrowableOfType(
            ApiError.class, () -> ClusterAdmission.cluster(shut, open, ALL, true, NOW));
    assertThat(terminating.code()).isEqualTo(403);
  }

  @Test
  void theNameIsCheckedAlways() {
    assertThat(refusal(null, cluster("a.b", "", ""), ALL).code()).isEqualTo(400);
    assertThat(refusal(null, cluster("managed-clusters", "", ""), ALL).code()).isEqualTo(400);
    assertThat(refusal(null, cluster("kube-system", "", ""), ALL).code()).isEqualTo(400);
  }

  @Test
  void clientUrlsAreHttps() {
    for (var url : new String[] {"http://x", "https://", "x", "https://a b"}) {
      var spec = "'managedClusterClientConfigs':[{'url':'" + url + "'}]";
      assertThat(refusal(null, cluster("c1", spec, ""), ALL)).hasMessageContaining(url);
    }
    var good = "'managedClusterClientConfigs':[{'url':'https://x:6443'}]";
    assertThat(admit(null, cluster("c1", good, SET + "'x'"), ALL)).isNotNull();
  }

  @Test
  void aNewClusterIsUnreachableUntilItsAgentWasHeardOf() {
    var made = admit(null, cluster("c1", "", ""), ALL);
    assertThat(made.at("/spec/taints/0/key").asString())
        .isEqualTo("cluster.open-cluster-management.io/unreachable");
    assertThat(made.at("/spec/taints/0/effect").asString()).isEqualTo("NoSelect");
    assertThat(made.at("/spec/taints/0/timeAdded").asString()).isEqualTo(NOW.toString());
    assertThat(TaintReconciler.plan(made)).as("nothing is left to write").isEmpty();

    var freed = made.edit(tree -> tree.withObjectProperty("spec").putArray("taints"));
    assertThat(admit(made, freed, ALL).at("/spec/taints")).as("only a new one").isEmpty();
  }

  @Test
  void theHubSetsTheTimeOfATaint() {
    var wish = cluster("c1", "'taints':[{'key':'k','effect':'NoSelect','timeAdded':'x'}]", "");
    var made = admit(null, wish, ALL);
    assertThat(made.at("/spec/taints/0/timeAdded").asString()).isEqualTo(NOW.toString());

    assertThat(admit(made, made, ALL)).isEqualTo(made);
    var changed = made.edit(t -> t.at("/spec/taints/0").asObject().put("effect", "PreferNoSelect"));
    assertThat(refusal(made, changed, ALL))
        .hasMessageContaining("timeAdded")
        .hasMessageContaining("k");
    var renewed = changed.edit(t -> t.at("/spec/taints/0").asObject().remove("timeAdded"));
    assertThat(admit(made, renewed, ALL).at("/spec/taints/0/timeAdded").asString())
        .isEqualTo(NOW.toString());
    var unset = changed.edit(t -> t.at("/spec/taints/0").asObject().putNull("timeAdded"));
    assertThat(admit(made, unset, ALL).at("/spec/taints/0/timeAdded").asString())
        .as("as Go's clients write a time that is not set")
        .isEqualTo(NOW.toString());
    var without = made.edit(t -> t.at("/spec/taints/0").asObject().remove("timeAdded"));
    assertThat(admit(made, without, ALL).at("/spec/taints/0/timeAdded").asString())
        .as("kept for who leaves it out")
        .isEqualTo(NOW.toString());
    var other =
        made.edit(t -> t.at("/spec/taints/0").asObject().put("timeAdded", "2025-01-01T00:00:00Z"));
    assertThat(refusal(made, other, ALL).code()).isEqualTo(400);
  }

  @Test
  void aBindingHasTheNameOfItsSetAndNeedsTheRightToBind() {
    var binding =
        TestHub.object("{'metadata':{'name':'prod','namespace':'n'},'spec':{'clusterSet':'prod'}}");
    var other =
        TestHub.object("{'metadata':{'name':'x','namespace':'n'},'spec':{'clusterSet':'prod'}}");
    ClusterAdmission.binding(null, binding, ALL);
    ClusterAdmission.binding(binding, binding, JOIN_DEFAULT);
    assertThat(
            catchThrowableOfType(ApiError.class, () -> ClusterAdmission.binding(null, other, ALL))
                .code())
        .isEqualTo(400);
    assertThat(
            catchThrowableOfType(
                    ApiError.class, () -> ClusterAdmission.binding(null, binding, JOIN_DEFAULT))
                .code())
        .isEqualTo(403);
  }
}
