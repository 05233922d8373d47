package io.nave.runtime;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// A host that is another one but for what a subclass changes: every call goes on to it, and
/// promises what it promises there.
public abstract class ForwardingHost implements Host {
  private final Host host;

  /// @param host gets every call that is not overridden
  protected ForwardingHost(Host host) {
    this.host = host;
  }

  @Override
  public Instant now() {
    return host.now();
  }

  @Override
  public long nanoTime() {
    return host.nanoTime();
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
