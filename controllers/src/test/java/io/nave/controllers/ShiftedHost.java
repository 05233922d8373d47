package io.nave.controllers;

import io.nave.runtime.Disk;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Task;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// A host on which time has jumped.
final class ShiftedHost implements Host {
  private final Host host;
  private volatile long nanos;

  ShiftedHost(Host host) {
    this.host = host;
  }

  void shift(Duration ahead) {
    nanos += ahead.toNanos();
  }

  @Override
  public Instant now() {
    return host.now().plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    return host.nanoTime() + nanos;
  }

  @Override
  public RandomGenerator random() {
    return host.random();
  }

  @Override
  public SecureRandom secureRandom() {
    return host.secureRandom();
  }

  @Override
  public Task start(String name, Runnable body) {
    return host.start(name, body);
  }

  @Override
  public void sleep(Duration time) {
    host.sleep(time);
  }

  @Override
  public Monitor monitor() {
    return host.monitor();
  }

  @Override
  public Disk disk() {
    return host.disk();
  }
}
