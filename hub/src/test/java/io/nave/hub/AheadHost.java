package io.nave.hub;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// A host whose clocks can be put forward, for what happens only after a while. Who sleeps goes on
/// sleeping.
final class AheadHost implements Host {
  private final Host real;
  private final AtomicLong aheadNanos = new AtomicLong();

  AheadHost(Host real) {
    this.real = real;
  }

  void putForward(Duration time) {
    aheadNanos.addAndGet(time.toNanos());
  }

  @Override
  public Instant now() {
    return real.now().plusNanos(aheadNanos.get());
  }

  @Override
  public long nanoTime() {
    return real.nanoTime() + aheadNanos.get();
  }

  @Override
  public RandomGenerator random() {
    return real.random();
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
    real.sleep(time);
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
