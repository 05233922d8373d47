package io.nave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.work.SwitchingClient;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.HubIdentity;
import io.nave.runtime.Disk;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KlusterletAgentSimTest {
  private static final AgentConfig CONFIG =
      AgentConfig.of("east", "a-secret-token", Path.of("/agent"));

  /// A hub nobody reaches.
  private record Nowhere() implements HubDialer {
    @Override
    public String hubUrl() {
      return "https://nowhere.example";
    }

    @Override
    public Transport dial(HubIdentity identity) {
      throw new Transport.Unreachable("no route to nowhere.example", null);
    }
  }

  private static KlusterletAgent start(SimWorld world, ArrayList<AgentState> states) {
    var cluster =
        new KlusterletAgent.Cluster(new SwitchingClient(), (_, _) -> Optional.empty(), () -> "v1");
    return KlusterletAgent.start(
        world.host("agent"),
        CONFIG,
        new Nowhere(),
        cluster,
        new SimpleMeterRegistry(),
        states::add);
  }

  @Test
  void tellsThatTheHubCannotBeReachedAndGoesOn() {
    try (var world = new SimWorld(1)) {
      var states = new ArrayList<AgentState>();
      var agent = start(world, states);
      world.run(Duration.ofHours(1));
      assertThat(states.getFirst()).isEqualTo(new AgentState.Connecting("https://nowhere.example"));
      assertThat(agent.state()).containsInstanceOf(AgentState.HubUnreachable.class);
      assertThat(agent.connected()).isFalse();
      agent.close();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @Test
  void refusesADataFolderThatIsInUse() {
    try (var world = new SimWorld(1)) {
      var first = start(world, new ArrayList<>());
      assertThatThrownBy(() -> start(world, new ArrayList<>()))
          .isInstanceOf(Disk.DiskFailure.class);
      first.close();
      start(world, new ArrayList<>()).close();
    }
  }

  @Test
  void hidesItsToken() {
    assertThat(CONFIG.toString()).contains("east").doesNotContain("a-secret-token");
  }
}
