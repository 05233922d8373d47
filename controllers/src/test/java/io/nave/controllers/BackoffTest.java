package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

final class BackoffTest {
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(5), Duration.ofSeconds(60));

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 20)
  void doublesUpToTheLongestWaitAndIsShortenedByAtMostHalf(long seed) {
    var random = new SplittableRandom(seed);
    for (var failures = 1; failures < 100; failures++) {
      var full = Math.min(60_000.0, 5 * Math.pow(2, failures - 1));
      var wait = BACKOFF.after(failures, random);
      assertThat(wait.toNanos() / 1e6).isBetween(full / 2, full);
    }
  }

  @Test
  void doesNotOverflow() {
    var random = new SplittableRandom(1);
    var forever = new Backoff(Duration.ofNanos(1), Duration.ofNanos(Long.MAX_VALUE));
    assertThat(forever.after(Integer.MAX_VALUE, random)).isGreaterThan(Duration.ofDays(100));
  }

  @Test
  void wantsAWaitThatGrows() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessageContaining("was PT0S to PT1S");
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
