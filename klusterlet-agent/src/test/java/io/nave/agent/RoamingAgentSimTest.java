package io.nave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.work.SwitchingClient;
import io.nave.api.Key;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.HubIdentity;
import io.nave.registration.agent.Portrait;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoamingAgentSimTest {
  private static final AgentConfig CONFIG = AgentConfig.of("east", null, Path.of("/var/lib/nave"));

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
    return start(host, told, candidates);
  }

  private static RoamingAgent start(
      SimHost host, List<String> told, List<RoamingAgent.Candidate> candidates) {
    return RoamingAgent.start(
        host,
        CONFIG,
        candidates,
        new KlusterletAgent.Cluster(new SwitchingClient(), (_, _) -> Optional.empty(), () -> "v1"),
        new SimpleMeterRegistry(),
        state -> {
          switch (state) {
            case AgentState.Connecting(var url) -> told.add(url);
            case AgentState.Faulty(var why) -> told.add(why);
            default -> {}
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

  @Test
  void aDiskThatCannotBeWrittenIsToldAndTheAgentGoesOnWhenItCan() {
    try (var world = new SimWorld(6)) {
      var told = new ArrayList<String>();
      var host = world.host("agent");
      var agent = start(host, told, "a", "b");
      world.run(Duration.ofSeconds(5));
      assertThat(RoamingAgent.lastUsed(host, CONFIG)).contains("https://a");
      host.disk().readOnly(true);
      world.run(Duration.ofMinutes(4));
      assertThat(told.subList(1, told.size()))
          .isNotEmpty()
          .allMatch(line -> line.contains("the file system is read-only"));

      host.disk().readOnly(false);
      told.clear();
      world.run(Duration.ofMinutes(2));
      assertThat(told).anyMatch(line -> line.startsWith("https://"));
      agent.close();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @Test
  void aFolderThatIsInUseIsToldAndTriedAgain() {
    try (var world = new SimWorld(7)) {
      var told = new ArrayList<String>();
      var host = world.host("agent");
      var lock = host.disk().lock(RoamingAgent.at(CONFIG, "https://a", null).dataDir());
      var agent = start(host, told, "a");
      world.run(Duration.ofSeconds(20));
      assertThat(told).singleElement().asString().contains("is in use");
      lock.close();
      world.run(Duration.ofMinutes(1));
      assertThat(told).contains("https://a");
      agent.close();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  /// A hub that answers a candidate's questions and nothing else.
  private record Asked(String hubUrl, boolean allows, String cluster) implements HubDialer {
    @Override
    public Transport dial(HubIdentity identity) {
      return new Transport() {
        @Override
        public Response send(Request request) {
          if (request.target().contains("selfsubjectaccessreviews")) {
            return json(201, "{\"status\":{\"allowed\":" + allows + "}}");
          }
          return cluster.isEmpty()
              ? json(404, "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"code\":404}")
              : json(200, cluster);
        }

        @Override
        public Stream open(Request request) {
          throw new Unreachable("only questions are answered", null);
        }

        @Override
        public void close() {}
      };
    }

    private static Transport.Response json(int status, String body) {
      return new Transport.Response(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final String ACCEPTED =
      "{\"apiVersion\":\"cluster.open-cluster-management.io/v1\",\"kind\":\"ManagedCluster\","
          + "\"metadata\":{\"name\":\"east\"},\"spec\":{\"hubAcceptsClient\":true}}";

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | none     | true",
        "true  | accepted | true",
        "true  | denied   | false",
        "false | accepted | false",
      })
  void aHubIsUsableWhenItGivesTheRightsAndHasNotTurnedTheClusterAway(
      boolean allows, String cluster, boolean usable) {
    try (var world = new SimWorld(5)) {
      var found =
          switch (cluster) {
            case "none" -> "";
            case "accepted" -> ACCEPTED;
            default -> ACCEPTED.replace("true", "false");
          };
      var hub = new Asked("https://h", allows, found);
      var host = world.host("agent");
      var answers = new ArrayList<Boolean>();
      host.start(
          "ask",
          () -> answers.add(UsableHub.is(host, new RoamingAgent.Candidate(hub, "t.s"), "east")));
      world.run(Duration.ofSeconds(1));
      assertThat(answers).containsExactly(usable);
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @Test
  void aHubThatWouldNotLetItInIsPassedOver() {
    try (var world = new SimWorld(4)) {
      var told = new ArrayList<String>();
      var candidates =
          List.of(
              new RoamingAgent.Candidate(new Dead("https://a"), "t.s"),
              new RoamingAgent.Candidate(new Asked("https://b", false, ""), "t.s"),
              new RoamingAgent.Candidate(new Asked("https://c", true, ""), "t.s"));
      var agent = start(world.host("agent"), told, candidates);
      world.run(Duration.ofSeconds(90));
      assertThat(told).startsWith("https://a", "https://c").doesNotContain("https://b");
      agent.close();
    }
  }

  /// An agent that comes back to a hub shows what that hub gave it, though its token is long spent.
  @Test
  void whatIsKeptOfOneHubIsNotOverwrittenByAnother() {
    var settings =
        new AgentSettings(
            "east",
            null,
            null,
            Path.of("/var/lib/nave"),
            Map.of(),
            Map.of(),
            Portrait.plain(),
            null,
            Key.of("agent", "credential"));
    var a = RoamingAgent.at(AgentConfig.of(settings), "https://a", null).registration();
    var b = RoamingAgent.at(AgentConfig.of(settings), "https://b", null).registration();
    assertThat(a.dataFolder()).isNotEqualTo(b.dataFolder());
    assertThat(a.secret()).isNotEqualTo(b.secret());
    assertThat(a.secret()).asString().startsWith("agent/credential-");
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
