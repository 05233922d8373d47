package io.nave.runtime.sim;

import io.nave.runtime.ForwardingHost;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// A host whose clocks can be put forward, for what happens only after a while. Who sleeps goes on
/// sleeping. Thread-safe as the host it is made of.
public final class AheadHost extends ForwardingHost {
  private final AtomicLong aheadNanos = new AtomicLong();

  /// @param host tells the time that is put forward, and does all else
  public AheadHost(Host host) {
    super(host);
  }

  /// Adds to what it is ahead already.
  public void putForward(Duration time) {
    aheadNanos.addAndGet(time.toNanos());
  }

  @Override
  public Instant now() {
    return super.now().plusNanos(aheadNanos.get());
  }

  @Override
  public long nanoTime() {
    return super.nanoTime() + aheadNanos.get();
  }
}
