package io.nave.bench.jmh;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.runtime.RealHost;
import io.nave.store.EmbeddedStore;
import io.nave.store.Limits;
import io.nave.store.MemoryEngine;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import io.nave.store.WatchFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Commits without a disk, alone and with feeds behind them that each take every event. Expected:
/// some 20 us a commit, most of it the way to the writer and back; about a microsecond more for
/// each feed.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StoreBenchmark {
  private static final String BUCKET = "manifestworks.work.open-cluster-management.io";

  @Param({"0", "100", "1000"})
  public int feeds;

  private final RealHost host = RealHost.start("jmh");
  private final Store store =
      EmbeddedStore.open(host, new MemoryEngine(), Limits.defaults(), new SimpleMeterRegistry());
  private final List<WatchFeed> open = new ArrayList<>();
  private final ApiObject work = Samples.work("w");

  @Setup
  public void follow() {
    for (var i = 0; i < feeds; i++) {
      var feed = store.watch(BUCKET, store.view().revision(), 10_000);
      open.add(feed);
      host.start("reader", () -> read(feed));
    }
  }

  private static void read(WatchFeed feed) {
    while (feed.ended() == WatchFeed.Ended.NO) {
      feed.next(Duration.ofSeconds(10));
    }
  }

  @Benchmark
  public List<ApiObject> commit() {
    return store.commit(
        List.of(new Store.Change.Put(new StoreKey(BUCKET, "c00001", "w"), work, Store.Change.ANY)));
  }

  @TearDown
  public void close() {
    open.forEach(WatchFeed::close);
    store.close();
    host.close();
  }
}
