package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.sim.SimWorld;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
