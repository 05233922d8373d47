package io.nave.hub;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// A host whose files are those that several hubs share; all else is its own.
record SharedHost(Host own, Disk disk) implements Host {
  @Override
  public Instant now() {
    return own.now();
  }

  @Override
  public long nanoTime() {
    return own.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    return own.random();
  }

  @Override
  public SecureRandom secureRandom() {
    return own.secureRandom();
  }

  @Override
  public Task start(String name, Runnable body) {
    return own.start(name, body);
  }

  @Override
  public void sleep(Duration time) {
    own.sleep(time);
  }

  @Override
  public Monitor monitor() {
    return own.monitor();
  }
}
