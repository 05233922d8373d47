package io.nave.runtime.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.runtime.Service.Reply;
import io.nave.runtime.Transport.Request;
import io.nave.runtime.Transport.Unreachable;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// - Goal: a seed is a whole run, so that any failure can be replayed.
/// - Method: a small system with loss, a partition, crashes and contention, run twice here and once
///   in another JVM; the logs must be the same bytes.
final class DeterminismTest {
  private static final int AGENTS = 5;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(
      longs = {
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        -1,
        -2,
        42,
        1000,
        123456789,
        20261122,
        77,
        78,
        79,
        Long.MAX_VALUE
      })
  void theSameSeedGivesTheSameLog(long seed) {
    var first = run(seed);
    assertThat(run(seed)).isEqualTo(first);
    assertThat(first).contains("hub crash", "lost", "partition", "unreachable", "wrote");
    assertThat(run(seed + 1000)).isNotEqualTo(first);
  }

  @Test
  void anotherJvmGivesTheSameLog() throws Exception {
    var other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=0", // other identity hashes than this JVM's
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "4711")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo(digest(run(4711)));
    } finally {
      other.destroyForcibly();
    }
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  /// Prints the digest of a run's log.
  static final class Main {
    public static void main(String[] args) throws Exception {
      System.out.println(digest(run(Long.parseLong(args[0]))));
    }
  }

  private static String digest(String log) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(log.getBytes(UTF_8)));
  }

  static String run(long seed) {
    try (var world = new SimWorld(seed)) {
      world.network().loss(0.05);
      var hub = world.host("hub");
      startHub(world, hub);
      for (int i = 0; i < AGENTS; i++) {
        startAgent(world, world.host("agent-" + i));
      }
      world.at(
          Duration.ofSeconds(20),
          () -> {
            hub.crash();
            startHub(world, hub);
          });
      world.at(Duration.ofSeconds(30), () -> world.network().partition(hub, world.host("agent-1")));
      world.at(Duration.ofSeconds(45), () -> world.network().heal(hub, world.host("agent-1")));
      world.at(Duration.ofSeconds(50), () -> world.host("agent-2").skew(Duration.ofMinutes(3)));
      world.run(Duration.ofMinutes(2));
      return world.eventLog();
    }
  }

  private static void startHub(SimWorld world, SimHost hub) {
    var file = Path.of("/hub/count");
    var requests = hub.<String>mailbox(4);
    hub.start(
        "writer",
        () -> {
          int count = hub.disk().read(file).map(b -> new BigInteger(b).intValue()).orElse(0);
          for (var group = requests.takeAll(8); !group.isEmpty(); group = requests.takeAll(8)) {
            count += group.size();
            hub.disk().write(file, BigInteger.valueOf(count).toByteArray());
            world.log("wrote " + count + " after " + group);
          }
        });
    world
        .network()
        .listen(
            hub,
            "hub:6443",
            (request, peer) -> {
              requests.put(peer.address() + request.target());
              return Reply.full(200, Map.of("b", "2", "a", "1"), new byte[3]);
            });
  }

  private static void startAgent(SimWorld world, SimHost agent) {
    var transport = world.network().connect(agent, "hub:6443", List.of());
    var monitor = agent.monitor();
    var done = new int[1];
    for (int i = 0; i < 3; i++) {
      agent.start(
          "loop " + i,
          () -> {
            while (true) {
              agent.sleep(Duration.ofMillis(500 + agent.random().nextInt(3000)));
              try {
                var key = BigInteger.probablePrime(32, agent.secureRandom());
                var answer = transport.send(new Request("PUT", "/" + key, Map.of(), new byte[0]));
                try (var _ = monitor.lock()) {
                  done[0]++;
                  world.log(agent + " " + done[0] + " " + answer.headers() + " " + agent.now());
                }
              } catch (Unreachable e) {
                agent.sleep(Duration.ofSeconds(1));
              }
            }
          });
    }
  }
}
