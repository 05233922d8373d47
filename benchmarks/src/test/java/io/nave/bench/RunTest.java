package io.nave.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.bench.wire.Wire;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunTest {
  @Test
  void aSizeThatIsGivenTakesThePlaceOfTheScenarios() {
    var sizes =
        Run.sizes(plan("join", Map.of("clusters", 7L)), "join", Scenarios.named("join").sizes());

    assertThat(sizes).containsEntry("clusters", 7L).containsEntry("parallel", 32L);
  }

  @Test
  void aSizeThatTheScenarioDoesNotHaveIsRefused() {
    var plan = plan("writes", Map.of("clusters", 7L));

    assertThatThrownBy(() -> Run.sizes(plan, "writes", Scenarios.named("writes").sizes()))
        .isInstanceOf(Plan.Unusable.class)
        .hasMessageContaining("has no --clusters")
        .hasMessageContaining("parallel");
  }

  @Test
  void anUnknownScenarioNamesThoseThatThereAre() {
    assertThatThrownBy(() -> Scenarios.named("joins"))
        .isInstanceOf(Plan.Unusable.class)
        .hasMessageContaining("\"joins\"")
        .hasMessageContaining("kubefleet");
  }

  @Test
  void aSeedDrawsTheSameEverywhere() {
    var one = Run.seeded(7);
    var other = Run.seeded(7);

    assertThat(IntStream.range(0, 100).map(_ -> one.nextInt(1_000)).toArray())
        .isEqualTo(IntStream.range(0, 100).map(_ -> other.nextInt(1_000)).toArray());
    assertThat(Run.seeded(8).nextLong()).isNotEqualTo(Run.seeded(7).nextLong());
  }

  private static Plan plan(String scenario, Map<String, Long> sizes) {
    return new Plan(scenario, 1, sizes, Wire.Version.HTTP_2, 1, null, List.of(), null, "", "");
  }
}
