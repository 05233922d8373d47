package io.nave.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarriersTest {
  /// Never fewer than cores, and enough on a small machine for all controllers to compute at once.
  @ParameterizedTest
  @CsvSource({"1, 16", "2, 16", "4, 16", "8, 32", "64, 256"})
  void thereAreMoreThanCores(int cores, int expected) {
    assertThat(Carriers.enough(cores)).isEqualTo(expected);
  }
}
