package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.sim.SimWorld;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetachCommandTest {
  @Test
  void deletesTheNamespaceOfTheClusterAndNoOther() {
    try (var world = new SimWorld(1);
        var hub = InMemoryApi.open(world.host("hub"), List.of(), List.of(), List.of("default"))) {
      var client = hub.administrator();
      var given = ApiObject.named(HubKinds.NAMESPACE, "", "east");
      client.create(
          HubKinds.NAMESPACE,
          given.editMeta(meta -> meta.putObject("labels").put(ManagedCluster.NAME_LABEL, "east")));
      client.create(HubKinds.NAMESPACE, ApiObject.named(HubKinds.NAMESPACE, "", "west"));

      for (var name : List.of("east", "west", "nowhere")) {
        DetachCommand.deleteNamespace(client, name);
      }

      assertThat(client.find(HubKinds.NAMESPACE, Key.of("east")).filter(n -> !n.deleting()))
          .isEmpty();
      assertThat(client.get(HubKinds.NAMESPACE, Key.of("west")).deleting()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cluster.open-cluster-management.io/resource-cleanup     |                            | the hub has not begun yet",
        "cluster.open-cluster-management.io/resource-cleanup     | the remaining count is 1   | the remaining count is 1",
        "cluster.open-cluster-management.io/resource-cleanup,x/y | the remaining count is 1   | the remaining count is 1",
        "x/y                                                     | No cleaned resource        | whoever set the finalizers [x/y] has to take them off",
        "x/y                                                     |                            | whoever set the finalizers [x/y] has to take them off",
      })
  void saysWhoHoldsACluster(String finalizers, @Nullable String told, String waits) {
    var cluster =
        ApiObject.named(ResourceType.of(ManagedCluster.class), "", "east")
            .editMeta(meta -> {
              var all = meta.putArray("finalizers");
              List.of(finalizers.split(",")).forEach(all::add);
            })
            .edit(tree -> {
              if (told != null) {
                tree.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Deleting")
                    .put("message", told);
              }
            });
    assertThat(DetachCommand.waitsFor(cluster)).isEqualTo(waits);
  }
}
