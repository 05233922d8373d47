package io.nave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.work.SwitchingClient;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.HubIdentity;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoamingAgentSimTest {
  /// A hub that nothing reaches.
  private record Dead(String hubUrl) implements HubDialer {
    @Override
    public Transport dial(HubIdentity identity) {
      throw new Transport.Unreachable("no route to " + hubUrl, null);
    }
  }

  private static RoamingAgent start(SimHost host, List<String> told, String... hubs) {
    var candidates = new ArrayList<RoamingAgent.Candidate>();
    for (var hub : hubs) {
      candidates.add(
          new RoamingAgent.Candidate(new Dead("https://" + hub), "abcdef.0123456789abcdef"));
    }
    return RoamingAgent.start(
        host,
        AgentConfig.of("east", null, Path.of("/var/lib/nave")),
        candidates,
        new KlusterletAgent.Cluster(new SwitchingClient(), (_, _) -> Optional.empty(), () -> "v1"),
        new SimpleMeterRegistry(),
        state -> {
          if (state instanceof AgentState.Connecting(var url)) {
            told.add(url);
          }
        });
  }

  @Test
  void aHubThatDoesNotAnswerIsLeftForTheNextAndARestartGoesOnThere() {
    try (var world = new SimWorld(3)) {
      var told = new ArrayList<String>();
      var host = world.host("agent");
      var agent = start(host, told, "a", "b");
      world.run(Duration.ofSeconds(30));
      assertThat(told).containsExactly("https://a");
      world.run(Duration.ofMinutes(1));
      assertThat(told).containsExactly("https://a", "https://b");
      agent.close();

      told.clear();
      var again = start(host, told, "a", "b");
      world.run(Duration.ofSeconds(10));
      assertThat(told).containsExactly("https://b");
      again.close();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"true,600", "false,60"})
  void aHubThatWasThereIsWaitedForLonger(boolean wasThere, long seconds) {
    assertThat(RoamingAgent.patience(new AgentState.HubUnreachable(""), wasThere))
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aHubThatSaysNoIsLeftSoonAndOneThatHasNotDecidedNever() {
    assertThat(RoamingAgent.patience(new AgentState.Denied(""), true))
        .isEqualTo(Duration.ofSeconds(30));
    assertThat(RoamingAgent.patience(new AgentState.WaitingForAcceptance("east"), false)).isNull();
    assertThat(RoamingAgent.patience(new AgentState.Joined("east"), true)).isNull();
  }
}
