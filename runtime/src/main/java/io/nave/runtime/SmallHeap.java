package io.nave.runtime;

import java.time.Duration;

/// Keeps the heap of a process near what it needs.
///
/// A serial collector lets the old generation grow to its limit before it looks at it: what a start
/// or a busy minute left behind would stay resident until then, which may be never. So all of it is
/// collected sooner, and the collector then gives the rest back, as its flags say: of a small
/// process when it has grown and is still ([#keep]), of a large one that may be busy for hours
/// whenever it has doubled ([#pace]).
public final class SmallHeap {
  /// Growth that is worth a collection.
  static final long GROWTH_BYTES = 2 << 20;

  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofSeconds(10);

  /// What a busy heap may grow by beside doubling.
  static final long SPARE_BYTES = 64 << 20;

  /// Collecting more than this would stop the process for about a second: the collector's choice.
  static final long PACED_MAX_BYTES = 1L << 30;

  private SmallHeap() {}

  /// Begins to look after the heap of a large process, for as long as the host runs. What is
  /// collected each time is at most what was added since, so the cost is a fixed share of that of
  /// allocating.
  public static Task pace(Host host) {
    return host.start("heap-pace", () -> paced(host));
  }

  private static void paced(Host host) {
    var runtime = Runtime.getRuntime();
    host.sleep(PAUSE); // what a start loads is kept, and nobody should wait for it to be looked at
    var kept = runtime.totalMemory() - runtime.freeMemory();
    while (true) {
      host.sleep(LOOK);
      // Less than was kept: much went, and the collector found out by itself.
      kept = Math.min(kept, runtime.totalMemory() - runtime.freeMemory());
      if (isDue(runtime.totalMemory(), kept)) {
        System.gc();
        kept = runtime.totalMemory() - runtime.freeMemory();
      }
    }
  }

  /// @param held what the heap takes now
  /// @param kept what was left of it by the last collection
  static boolean isDue(long held, long kept) {
    return kept <= PACED_MAX_BYTES && held > 2 * kept + SPARE_BYTES;
  }

  /// Begins to look after the heap of a small process, for as long as the host runs: tens of
  /// milliseconds for a dozen megabytes, once it is still.
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
