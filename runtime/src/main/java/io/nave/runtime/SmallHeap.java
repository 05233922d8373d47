package io.nave.runtime;

import java.time.Duration;

/// Keeps the heap of a small, mostly idle process near what it needs.
///
/// A serial collector lets the old generation grow to its limit before it looks at it: what a start
/// or a busy minute left behind would stay resident until then, which may be never. So when the
/// heap has grown and the process is still, all of it is collected once (tens of milliseconds for a
/// dozen megabytes); the collector then gives the rest back, as its flags say.
public final class SmallHeap {
  /// Growth that is worth a collection.
  static final long GROWTH_BYTES = 2 << 20;

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private SmallHeap() {}

  /// Begins to look after the heap of this process, for as long as the host runs.
  public static Task keep(Host host) {
    return host.start("small-heap", () -> watch(host));
  }

  private static void watch(Host host) {
    var runtime = Runtime.getRuntime();
    var kept = 0L;
    var before = runtime.totalMemory();
    while (true) {
      host.sleep(LOOK);
      var now = runtime.totalMemory();
      if (now == before && now - kept >= GROWTH_BYTES) {
        System.gc();
        kept = runtime.totalMemory();
        now = kept;
        host.sleep(PAUSE);
      }
      before = now;
    }
  }
}
