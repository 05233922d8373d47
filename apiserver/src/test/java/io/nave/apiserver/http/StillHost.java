package io.nave.apiserver.http;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.RealHost;
import io.nave.runtime.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// A real host whose clocks stand still until the test moves them.
public final class StillHost implements Host {
  public static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

  private final RealHost real = RealHost.start("test");
  private Duration passed = Duration.ZERO;

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
  public SecureRandom secureRandom() {
    return real.secureRandom();
  }

  @Override
  public Task start(String name, Runnable body) {
    return real.start(name, body);
  }

  @Override
  public void sleep(Duration time) {
    pass(time);
  }

  @Override
  public Monitor monitor() {
    return real.monitor();
  }

  @Override
  public Disk disk() {
    return real.disk();
  }
}
