package io.nave.agent.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.controllers.Kubeconfig;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The agent is one that only notes its starts and stops.
class BootstrapFollowerSimTest {
  private final List<String> lives = new ArrayList<>();
  private List<Kubeconfig> files = List.of(hub("a", "one"));
  private boolean gone;
  private boolean nothingStarts;

  private static Kubeconfig hub(String server, String token) {
    return Kubeconfig.of("hub", "https://" + server, "", new Kubeconfig.Login.Token(token));
  }

  private BootstrapFollower follower(SimHost host) {
    return BootstrapFollower.start(
        host,
        () -> {
          if (gone) {
            throw new AgentFault("there is no file");
          }
          return files;
        },
        files,
        (parts, hubs) -> {
          var server = hubs.getFirst().server();
          if (nothingStarts || server.equals("https://bad")) {
            throw new IllegalStateException("no such hub");
          }
          lives.add("+" + server);
          parts.open(() -> lives.add("-" + server));
          return () -> server.equals("https://b");
        });
  }

  @Test
  void anotherHubOrTokenStartsTheAgentAnew() {
    try (var world = new SimWorld(1)) {
      var follower = follower(world.host("agent"));
      world.run(Duration.ofMinutes(5));
      assertThat(lives).containsExactly("+https://a");
      assertThat(follower.connected()).isFalse();

      files = List.of(hub("a", "two"));
      world.run(Duration.ofSeconds(31));
      files = List.of(hub("b", "two"));
      world.run(Duration.ofSeconds(31));
      assertThat(lives)
          .containsExactly("+https://a", "-https://a", "+https://a", "-https://a", "+https://b");
      assertThat(follower.connected()).isTrue();
      follower.close();
      assertThat(lives).endsWith("-https://b");
    }
  }

  @Test
  void whatCannotBeUsedChangesNothing() {
    try (var world = new SimWorld(2)) {
      var follower = follower(world.host("agent"));
      gone = true;
      world.run(Duration.ofMinutes(1));
      gone = false;
      files =
          List.of(Kubeconfig.of("hub", "https://b", "", new Kubeconfig.Login.Nobody())); // no token
      world.run(Duration.ofMinutes(1));
      assertThat(lives).containsExactly("+https://a");
      follower.close();
    }
  }

  @Test
  void anAgentThatCannotStartThereGoesOnAsBefore() {
    try (var world = new SimWorld(3)) {
      var follower = follower(world.host("agent"));
      files = List.of(hub("bad", "one"));
      world.run(Duration.ofMinutes(1));
      assertThat(lives).containsExactly("+https://a", "-https://a", "+https://a");
      files = List.of(hub("b", "one"));
      world.run(Duration.ofMinutes(1));
      assertThat(lives).endsWith("-https://a", "+https://b");
      follower.close();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @Test
  void whereNothingStartsItIsTriedAgain() {
    try (var world = new SimWorld(5)) {
      var follower = follower(world.host("agent"));
      nothingStarts = true;
      files = List.of(hub("b", "one"));
      world.run(Duration.ofMinutes(2));
      assertThat(lives).containsExactly("+https://a", "-https://a");
      assertThat(follower.connected()).isFalse();
      nothingStarts = false;
      world.run(Duration.ofSeconds(31));
      assertThat(lives).endsWith("-https://a", "+https://b");
      assertThat(follower.connected()).isTrue();
      follower.close();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  @Test
  void theFirstStartFailsAloud() {
    files = List.of(hub("bad", "one"));
    try (var world = new SimWorld(4)) {
      var host = world.host("agent");
      assertThatThrownBy(() -> follower(host)).hasMessage("no such hub");
    }
  }
}
