package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.certs.KeyPairs;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// - Goal: the handshake ends well, with the key it began with, whatever is lost, late or repeated
///   and whoever crashes at whatever step of it.
/// - Method: the whole of hub and agent over a network that loses, delays and doubles messages, and
///   with a crash of either side at each part of the time the handshake takes. `-Dsteps=N` cuts
///   that time finer.
final class HandshakeChaosSimTest {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final Path KEY = Path.of("/var/lib/nave/hub/tls.key");
  private static final int STEPS = Integer.getInteger("steps", 8);

  /// A clean handshake takes about this long: the agent's first call to its first status.
  private static final Duration WHOLE = Duration.ofMillis(1600);

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 6)
  void lossAndDelayOnlyTakeTime(long seed) {
    Telling.of(
        seed,
        world -> {
          var random = new SplittableRandom(seed);
          var fleet = Fleet.of(world, 2);
          // The line to the agent's own cluster loses as much, and a report takes six calls in a
          // row.
          world.network().loss(0.05 + random.nextInt(12) * 0.01);
          world.network().doubles(random.nextInt(4) * 0.1);
          world.network().latency(Duration.ofMillis(1), Duration.ofMillis(random.nextInt(2, 3000)));
          fleet.join();
          world.network().loss(0);
          world.network().doubles(0);
          world.run(Duration.ofMinutes(2));
          fleet.names().forEach(name -> check(fleet, name));
        });
  }

  static IntStream steps() {
    return IntStream.range(0, STEPS);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void anAgentThatCrashesAtAnyStepJoins(int step) {
    Telling.of(
        step,
        world -> {
          var fleet = Fleet.of(world, 1);
          world.at(at(step), () -> fleet.crashAgent("east"));
          world.at(at(step).plusSeconds(3), () -> fleet.startAgent("east"));
          fleet.join();
          world.run(Duration.ofMinutes(1));
          check(fleet, "east");
        });
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aHubThatCrashesAtAnyStepLetsItsClusterIn(int step) {
    Telling.of(
        step,
        world -> {
          var fleet = Fleet.of(world, 1);
          world.at(at(step), fleet::crashHub);
          world.at(at(step).plusSeconds(3), fleet::restartHub);
          fleet.join();
          world.run(Duration.ofMinutes(1));
          check(fleet, "east");
        });
  }

  private static Duration at(int step) {
    return WHOLE.multipliedBy(step).dividedBy(STEPS);
  }

  /// Joined, with the one key that lies on the agent's disk, and without a trail of requests.
  private static void check(Fleet fleet, String name) {
    assertThat(fleet.witness().joined(name)).as(name + " is available").isTrue();
    var pem =
        fleet
            .cluster(name)
            .agentHost()
            .disk()
            .read(KEY)
            .map(b -> new String(b, StandardCharsets.UTF_8));
    var key = KeyPairs.fromPem(pem.orElseThrow()).getPublic();
    var admin = fleet.administrator();
    var cluster = admin.insist(() -> admin.client().get(CLUSTER, Key.of(name)));
    assertThat(cluster.annotations().get(AgentKey.ANNOTATION)).isEqualTo(AgentKey.hash(key));
    var requests =
        admin.insist(() ->
            admin
                .client()
                .list(
                    HubKinds.SIGNING_REQUEST,
                    "",
                    Selection.labelled(ManagedCluster.NAME_LABEL, name)));
    // A crash between the request and what the agent remembers of it may cost one more.
    assertThat(requests.items()).hasSizeBetween(1, 3);
    assertThat(requests.items())
        .allMatch(
            each -> new SigningRequest(each).state() != SigningRequest.State.DENIED, "not denied");
  }
}
