package io.nave.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeedsTest {
  private final List<Long> seen = new ArrayList<>();

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 7)
  void aTestRunsOncePerSeed(long seed) {
    assertThat(seen).doesNotContain(seed);
    seen.add(seed);
  }

  @AfterAll
  void allRunsHappened() {
    long expected = SeedSource.seeds(7, "", System.getProperty("seed")).count();
    assertThat(seen).hasSize((int) expected);
  }

  @Test
  void seedsAreTheSameEachTimeAndOthersForAnotherTest() {
    var first = SeedSource.seeds(5, "a", null).toArray();
    assertThat(SeedSource.seeds(5, "a", null).toArray()).isEqualTo(first);
    assertThat(SeedSource.seeds(5, "b", null).toArray()).isNotEqualTo(first);
  }

  @Test
  void oneSeedIsReplayed() {
    assertThat(SeedSource.seeds(5, "a", "-4711").toArray()).containsExactly(-4711);
  }

  @Test
  void randomSeedsDiffer() {
    assertThat(SeedSource.seeds(5, "a", "random").toArray())
        .hasSize(5)
        .isNotEqualTo(SeedSource.seeds(5, "a", "random").toArray());
  }

  @Test
  void nonsenseIsNamed() {
    assertThatThrownBy(() -> SeedSource.seeds(1, "a", "x"))
        .hasMessage("-Dseed must be a whole number or `random`, was `x`");
    assertThatThrownBy(() -> SeedSource.seeds(0, "a", null)).hasMessageContaining("was 0");
  }
}
