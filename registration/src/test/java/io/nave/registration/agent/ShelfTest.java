package io.nave.registration.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.apiserver.Caller;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.runtime.Disk;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimWorld;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The credential in a Secret of the agent's own cluster.
final class ShelfTest {
  private static final Key SECRET = Key.of("default", "hub-kubeconfig-secret");

  @Test
  void whatIsWrittenIsReadAndTheSecretIsMadeWhenItIsNotThere() {
    try (var world = new SimWorld(1);
        var api =
            InMemoryApi.open(world.host("cluster"), List.of(), List.of(), List.of("default"))) {
      var shelf = new Shelf.InSecret(api.administrator(), SECRET);
      assertThat(shelf.read("tls.key")).isEmpty();
      shelf.write("tls.key", "one");
      shelf.write("tls.crt", "two");
      assertThat(shelf.read("tls.key")).contains("one");
      assertThat(shelf.read("tls.crt")).contains("two");
      assertThat(api.administrator().get(HubKinds.SECRET, SECRET).at("/type").asString(""))
          .isEqualTo("Opaque");
    }
  }

  /// - Goal: what the agent's own cluster refuses is never told as a word of the hub, whose token
  ///   and address are fine.
  @Test
  void whatTheClusterRefusesIsAFaultOfTheAgentsOwnMachine() {
    try (var world = new SimWorld(1);
        var api =
            InMemoryApi.open(world.host("cluster"), List.of(), List.of(), List.of("default"))) {
      var nobody = api.as(Caller.of("nobody", Caller.AUTHENTICATED));
      isFaulty(new Shelf.InSecret(nobody, SECRET), "nobody");
      isFaulty(failing(new Transport.Unreachable("connection refused", null)), "refused");
      isFaulty(failing(ApiError.unauthorized("who are you")), "who are you");
    }
  }

  private static void isFaulty(Shelf shelf, String why) {
    for (Runnable act : List.<Runnable>of(() -> shelf.read("a"), () -> shelf.write("a", "b"))) {
      assertThatThrownBy(act::run)
          .isInstanceOf(Disk.DiskFailure.class)
          .hasMessageContaining("Secret " + SECRET + " of the cluster cannot be")
          .hasMessageContaining(why)
          .satisfies(fault -> {
            var state = Setback.of((RuntimeException) fault, true);
            assertThat(state).isInstanceOf(AgentState.Faulty.class);
          });
    }
  }

  private static Shelf failing(RuntimeException with) {
    var cluster =
        Proxy.newProxyInstance(
            ShelfTest.class.getClassLoader(),
            new Class<?>[] {ApiClient.class},
            (_, _, _) -> {
              throw with;
            });
    return new Shelf.InSecret((ApiClient) cluster, SECRET);
  }
}
