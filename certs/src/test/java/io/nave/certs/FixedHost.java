package io.nave.certs;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// A host that has a clock the test sets and randomness from a seed, and nothing else.
final class FixedHost implements Host {
  static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

  private final SecureRandom random;
  Instant now = NOW;

  FixedHost(long seed) {
    this.random = new SeededSecureRandom(seed);
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public SecureRandom secureRandom() {
    return random;
  }

  @Override
  public long nanoTime() {
    throw new UnsupportedOperationException();
  }

  @Override
  public RandomGenerator random() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Task start(String name, Runnable body) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sleep(Duration time) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Monitor monitor() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Disk disk() {
    throw new UnsupportedOperationException();
  }

  private static final class SeededSecureRandom extends SecureRandom {
    private final SplittableRandom source;

    SeededSecureRandom(long seed) {
      source = new SplittableRandom(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      source.nextBytes(bytes);
    }
  }
}
