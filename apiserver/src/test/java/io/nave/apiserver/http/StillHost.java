package io.nave.apiserver.http;

import io.nave.runtime.ForwardingHost;
import io.nave.runtime.RealHost;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// A real host whose clocks stand still until the test moves them.
public final class StillHost extends ForwardingHost {
  public static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private Duration passed = Duration.ZERO;

  public StillHost() {
    super(RealHost.start("test"));
  }

  public void pass(Duration time) {
    passed = passed.plus(time);
  }

  @Override
  public Instant now() {
    return START.plus(passed);
  }

  @Override
  public long nanoTime() {
    return passed.toNanos();
  }

  @Override
  public RandomGenerator random() {
    return () -> 7;
  }

  @Override
  public void sleep(Duration time) {
    pass(time);
  }
}
