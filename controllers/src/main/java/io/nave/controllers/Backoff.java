package io.nave.controllers;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing waits between tries: doubling from `first` to `most`, each one shortened at random by up
/// to half, so that those who failed together do not come back together.
///
/// @param first longest wait after the first failure
/// @param most longest wait ever
public record Backoff(Duration first, Duration most) {
  public Backoff {
    if (!first.isPositive() || most.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "a backoff must grow from a positive wait, was " + first + " to " + most);
    }
  }

  /// The wait after so many failures in a row, at least 1.
  public Duration after(int failures, RandomGenerator random) {
    var longest = most.toNanos();
    var nanos = first.toNanos();
    for (var i = 1; i < failures && nanos < longest; i++) {
      nanos = nanos > longest / 2 ? longest : nanos * 2;
    }
    return Duration.ofNanos(nanos - random.nextLong(nanos / 2 + 1));
  }
}
