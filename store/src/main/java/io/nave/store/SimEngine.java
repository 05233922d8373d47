package io.nave.store;

import io.nave.runtime.Host;
import java.time.Duration;
import java.util.List;

/// An engine on a [Platter], for simulation: a write takes a moment of its host's time, and a crash
/// in that moment leaves all of the batch or nothing.
public final class SimEngine implements Engine {
  private static final long HALF_NANOS_MIN = 50_000; // a fast disk: 0.1 ms in all
  private static final long HALF_NANOS_MAX = 2_000_000; // a slow one: 4 ms

  private final Host host;
  private final Platter platter;
  private final int opening;

  private SimEngine(Host host, Platter platter, int opening) {
    this.host = host;
    this.platter = platter;
    this.opening = opening;
  }

  /// Takes over the platter, whatever engine had it before.
  public static SimEngine open(Host host, Platter platter) {
    return new SimEngine(host, platter, platter.open());
  }

  @Override
  public long load(Sink each) {
    return platter.load(each);
  }

  /// A crash in the first wait loses the batch; one in the second keeps it unacknowledged.
  @Override
  public void write(List<Entry> entries) {
    platter.requireOwner(opening);
    if (platter.isFull() && entries.stream().anyMatch(entry -> entry.bytes() != null)) {
      throw new StoreFull("no room on the simulated disk: delete something, or make room");
    }
    platter.append(entries);
    waitForDisk();
    platter.sync();
    waitForDisk();
  }

  private void waitForDisk() {
    host.sleep(Duration.ofNanos(host.random().nextLong(HALF_NANOS_MIN, HALF_NANOS_MAX)));
    platter.requireOwner(opening);
  }

  /// Closing syncs nothing: what a lying disk did not keep is lost by a restart.
  @Override
  public void close() {}
}
