package io.nave.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {
  @ParameterizedTest
  @CsvSource({
    "-PT5S, <invalid>",
    "-PT1.5S, 0s",
    "PT0S, 0s",
    "PT119S, 119s",
    "PT2M, 2m",
    "PT2M5S, 2m5s",
    "PT10M30S, 10m",
    "PT179M, 179m",
    "PT3H, 3h",
    "PT3H20M, 3h20m",
    "PT8H20M, 8h",
    "PT47H, 47h",
    "P2D, 2d",
    "P2DT3H, 2d3h",
    "P8DT3H, 8d",
    "P700D, 700d",
    "P730D, 2y",
    "P800D, 2y70d",
    "P3000D, 8y"
  })
  void printsAgesAsKubectlDoes(Duration time, String expected) {
    assertThat(HumanDuration.of(time)).isEqualTo(expected);
  }

  @Test
  void isUnknownWithoutAStart() {
    assertThat(HumanDuration.since(null, Instant.EPOCH)).isEqualTo("<unknown>");
  }
}
