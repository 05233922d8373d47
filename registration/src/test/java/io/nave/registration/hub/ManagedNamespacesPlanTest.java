package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.TestHub;
import io.nave.registration.api.ManagedClusterSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManagedNamespacesPlanTest {
  private static final String CONDITIONS =
      "[{'type':'NamespaceAvailable','status':'True','reason':'NamespaceApplied','message':''}]";

  private static ManagedClusterSet set(String name, String... namespaces) {
    var list = new StringBuilder();
    for (var namespace : namespaces) {
      list.append(list.isEmpty() ? "" : ",").append("{'name':'").append(namespace).append("'}");
    }
    return Codec.decode(
        TestHub.object(
            ("{'metadata':{'name':'%s'},'spec':{'clusterSelector':{'selectorType':'LabelSelector',"
                    + "'labelSelector':{}},'managedNamespaces':[%s]}}")
                .formatted(name, list)),
        ManagedClusterSet.class);
  }

  private static ApiObject cluster(String namespaces) {
    return TestHub.object(
        "{'metadata':{'name':'c1','uid':'u','resourceVersion':'5'},'status':{'managedNamespaces':[%s]}}"
            .formatted(namespaces));
  }

  private static String plan(ApiObject cluster, ManagedClusterSet... sets) {
    var writes = ManagedNamespacesReconciler.plan(cluster, List.of(sets));
    return writes.isEmpty()
        ? ""
        : ((Write.Change) writes.getFirst())
            .patch()
            .body()
            .at("/status/managedNamespaces")
            .toString()
            .replace('"', '\'');
  }

  @Test
  void theNamespacesOfAllSetsAreToldBySetAndName() {
    assertThat(plan(cluster(""), set("b", "z", "a"), set("a", "m")))
        .isEqualTo(
            "[{'clusterSet':'a','name':'m'},{'clusterSet':'b','name':'a'},"
                + "{'clusterSet':'b','name':'z'}]");
  }

  @Test
  void whatTheAgentSaidOfOneStays() {
    var known = "{'clusterSet':'a','name':'m','conditions':" + CONDITIONS + "}";
    assertThat(plan(cluster(known), set("a", "m"))).isEmpty();
    assertThat(plan(cluster(known), set("a", "m", "n")))
        .isEqualTo("[" + known + ",{'clusterSet':'a','name':'n'}]");
  }

  @Test
  void aNamespaceNobodyWantsAnyMoreGoes() {
    assertThat(plan(cluster("{'clusterSet':'a','name':'m'}"), set("a"))).isEqualTo("[]");
    assertThat(plan(cluster(""), set("a"))).isEmpty();
  }
}
