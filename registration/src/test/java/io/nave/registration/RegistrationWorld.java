package io.nave.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.registration.agent.AgentState;
import io.nave.registration.api.HubKinds;
import io.nave.registration.hub.RegistrationPolicy;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/// A hub with registration and the agents of its clusters in simulated time: what the tests of the
/// handshake and of what follows share. [TestHub] is the hub, [TestAgent] an agent.
abstract class RegistrationWorld {
  TestHub hub = new TestHub(12);

  @AfterEach
  void close() {
    assertThat(hub.world.taskFailures()).isEmpty();
    hub.close();
  }

  /// Begins anew with a hub of this policy.
  void hubWith(RegistrationPolicy policy) {
    hub.close();
    hub = new TestHub(12, policy);
  }

  /// An agent that joined under this name, accepted by the administrator.
  TestAgent joined(String cluster) {
    var agent = new TestAgent(hub, cluster, cluster, hub.token()).start();
    hub.await(() -> hub.exists(TestHub.CLUSTER, Key.of(cluster)));
    hub.accept(cluster, true);
    hub.await(() -> hub.joined(cluster) && agent.is(AgentState.Joined.class));
    return agent;
  }

  /// An agent of a cluster that joined before, without a token.
  TestAgent again(String cluster) {
    return new TestAgent(hub, cluster, cluster, null).start();
  }

  void await(BooleanSupplier condition, Duration atMost) {
    hub.world.runUntil(condition, atMost);
  }

  /// The reasons of all events about a cluster, wherever they stand.
  TreeSet<String> told(String cluster) {
    var told = new TreeSet<String>();
    for (var event : hub.admin.list(HubKinds.EVENT, "", Selection.all()).items()) {
      if (event.at("/regarding/name").asString("").equals(cluster)) {
        told.add(event.at("/reason").asString(""));
      }
    }
    return told;
  }
}
