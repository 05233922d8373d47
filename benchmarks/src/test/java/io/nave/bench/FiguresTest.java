package io.nave.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private final Figures figures = new Figures();

  @Test
  void figuresAreFlatNumbersOfFiveDigits() {
    figures.put("clusters", 10_000);
    figures.put("hubCpuSecondsPerJoin", 0.0123456789);
    figures.put("wallSeconds", 123456.789);
    figures.put("ratio", Double.NaN);

    assertThat(figures.json())
        .hasToString(
            "{\"clusters\":10000,\"hubCpuSecondsPerJoin\":0.012346,\"wallSeconds\":123460,\"ratio\":0.0}");
  }

  @Test
  void percentilesAreSeconds() {
    var latencies = new Latencies();
    for (var millis = 1; millis <= 100; millis++) {
      latencies.record(TimeUnit.MILLISECONDS.toNanos(millis));
    }
    figures.putPercentiles("user", latencies);

    assertThat(figures.get("userP50Seconds")).isBetween(0.0499, 0.0501);
    assertThat(figures.get("userP99Seconds")).isBetween(0.0989, 0.0991);
  }
}
