package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// - Goal: the README's first command does what it says.
/// - Method: the demo as it is, over real TLS on free ports.
class DemoIT {
  @Test
  void theMainJobWorksOnABareMachine() {
    var printed = new ByteArrayOutputStream();
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("demo"));
      var terminal = new Terminal(host, new PrintStream(printed, true, StandardCharsets.UTF_8));

      var result = new Demo(host, parts, terminal).run();

      assertThat(result)
          .as(printed.toString(StandardCharsets.UTF_8))
          .satisfies(r -> {
            assertThat(r.clustersJoined()).isEqualTo(3);
            assertThat(r.applicationHealthy()).isTrue();
            assertThat(r.moved()).isTrue();
            assertThat(r.worksApplied()).isEqualTo(2);
            assertThat(r.seconds()).isLessThan(180);
          });
      assertThat(printed.toString(StandardCharsets.UTF_8))
          .contains("nave accept east", "kubectl apply: Application demo/shop");
    }
  }
}
