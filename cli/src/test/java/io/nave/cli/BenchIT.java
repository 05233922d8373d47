package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.bench.Bench;
import io.nave.bench.Plan;
import io.nave.bench.wire.Wire;
import io.nave.hub.Hub;
import io.nave.hub.HubConfig;
import io.nave.runtime.RealHost;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The load driver on a real hub that it knows only by its kubeconfig, as it would drive any other.
/// What is tested is that the simulated agents speak a protocol that the hub takes for real.
class BenchIT {
  @TempDir private static Path folder;
  private static final RealHost HOST = RealHost.start("bench-it");
  private static Hub hub;

  @BeforeAll
  static void start() {
    hub = Hub.start(HOST, HubConfig.of(folder, "127.0.0.1", 0));
  }

  @AfterAll
  static void stop() {
    hub.close();
    HOST.close();
  }

  @Test
  void agentsJoinAndAPlacementReachesThem() {
    var result =
        run("fanout", Wire.Version.HTTP_2, Map.of("clusters", 3L, "selected", 2L, "rounds", 2L));

    assertThat(result.path("scenario").asString()).isEqualTo("fanout");
    assertThat(result.path("hub").path("name").asString()).isEqualTo("nave");
    assertThat(result.path("size").path("clusters").asLong()).isEqualTo(3);
    assertThat(result.path("figures").path("p90Seconds").asDouble()).isPositive();
    assertThat(result.path("figures").path("hubCpuSeconds").asDouble())
        .as("this very process was named as the hub's")
        .isNotNegative();
  }

  @Test
  void writesGoOverOldAndNewHttp() {
    var result =
        run("writes", Wire.Version.HTTP_1_1, Map.of("parallel", 2L, "seconds", 1L, "bytes", 100L));

    assertThat(result.path("figures").path("writesPerSecond").asDouble()).isPositive();
    assertThat(result.path("figures").path("p99Seconds").asDouble()).isPositive();
  }

  private static ObjectNode run(String scenario, Wire.Version version, Map<String, Long> sizes) {
    var plan =
        new Plan(
            scenario,
            1,
            sizes,
            version,
            1,
            hub.administratorFile(),
            List.of(ProcessHandle.current().pid()),
            null,
            "",
            "");
    var out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return Bench.run(HOST, plan, out);
  }
}
