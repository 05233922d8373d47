package io.nave.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmallHeapTest {
  @ParameterizedTest
  @CsvSource({
    "32, 0, false",
    "65, 0, true",
    "164, 50, false",
    "165, 50, true",
    "2112, 1024, false",
    "2113, 1024, true",
    "6000, 1025, false"
  })
  void aPacedHeapIsCollectedWhenItHasDoubledAndIsNotTooLarge(
      long heldMib, long keptMib, boolean due) {
    assertThat(SmallHeap.isDue(heldMib << 20, keptMib << 20)).isEqualTo(due);
  }
}
