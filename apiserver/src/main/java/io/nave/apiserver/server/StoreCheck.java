package io.nave.apiserver.server;

import io.nave.runtime.Host;
import io.nave.store.StoreClosed;
import io.nave.store.StoreUnreachable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Whether a server's store works, for its health page.
///
/// Strangers may ask that page as often as they like, so the store is asked at most once a second,
/// by one of them; the others are told what was found last. Thread-safe.
final class StoreCheck {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private record Found(long at, boolean well) {}

  private final Host host;
  private final BooleanSupplier running;
  private final Runnable look;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Found last;

  /// Of a store that was just opened, so it worked a moment ago.
  ///
  /// @param running whether its writer does
  /// @param look asks for its present state, which may fail
  StoreCheck(Host host, BooleanSupplier running, Runnable look) {
    this.host = host;
    this.running = running;
    this.look = look;
    this.last = new Found(host.nanoTime() - FRESH_NANOS, true);
  }

  /// Whether writes can still be made, once there is room and the engine answers. Never waits.
  boolean runs() {
    return running.getAsBoolean();
  }

  /// Whether the present state can be had from what the store stands on, such as an etcd. One
  /// caller at a time may wait as long as the engine lets it.
  boolean answers() {
    if (!runs()) {
      return false;
    }
    if (host.nanoTime() - last.at() >= FRESH_NANOS && asking.compareAndSet(false, true)) {
      try {
        last = new Found(host.nanoTime(), asked());
      } finally {
        asking.set(false);
      }
    }
    return last.well();
  }

  private boolean asked() {
    try {
      look.run();
      return true;
    } catch (StoreUnreachable | StoreClosed e) {
      return false;
    }
  }
}
