package io.nave.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Every number the store shows; the names in the comments are those in `/metrics`.
final class StoreMetrics {
  private final MeterRegistry meters;
  private final List<Meter> gauges = new ArrayList<>();
  private final Counter done;
  private final Counter conflict;
  private final Counter full;
  private final Counter failed;
  private final Counter slow;
  private final Timer commits;
  private final DistributionSummary batches;
  private volatile boolean readOnly;

  StoreMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.done = commits("done");
    this.conflict = commits("conflict");
    this.full = commits("full");
    this.failed = commits("failed");
    // hub_store_commit_seconds
    this.commits =
        Timer.builder("hub.store.commit")
            .description("Time of a commit from the call to the answer, the sync included")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(2))
            .register(meters);
    // hub_store_batch_changes
    this.batches =
        DistributionSummary.builder("hub.store.batch.changes")
            .description("Changes written with one sync")
            .serviceLevelObjectives(1, 4, 16, 64, 256, 1024)
            .register(meters);
    // hub_store_watches_slow_total
    this.slow =
        Counter.builder("hub.store.watches.slow")
            .description("Watches ended because their reader fell too far behind")
            .register(meters);
  }

  /// hub_store_commits_total
  private Counter commits(String result) {
    return Counter.builder("hub.store.commits")
        .description("Commits by result: done, conflict, full, failed")
        .tag("result", result)
        .register(meters);
  }

  /// Shows the present state until [#close].
  void observe(Supplier<Snapshot> state, Supplier<Number> watchers) {
    // hub_store_objects
    gauge("hub.store.objects", "Objects stored", () -> state.get().objects());
    // hub_store_bytes
    gauge("hub.store.bytes", "Stored bytes, as the quota counts them", () -> state.get().bytes());
    // hub_store_revision
    gauge("hub.store.revision", "Revision of the last change", () -> state.get().revision());
    // hub_store_read_only
    gauge("hub.store.read.only", "1 while only deletes pass", () -> readOnly ? 1 : 0);
    // hub_store_watchers
    gauge("hub.store.watchers", "Open watches", watchers);
  }

  private void gauge(String name, String help, Supplier<Number> value) {
    gauges.add(Gauge.builder(name, value).description(help).register(meters));
  }

  void commit(Writer.Answer answer, long nanos) {
    counter(answer).increment();
    commits.record(nanos, TimeUnit.NANOSECONDS);
  }

  private Counter counter(Writer.Answer answer) {
    return switch (answer) {
      case Writer.Answer.Done _ -> done;
      case Writer.Answer.Refused(Conflict _) -> conflict;
      case Writer.Answer.Refused(StoreFull _) -> full;
      case Writer.Answer.Refused _ -> failed;
    };
  }

  void batch(int changes) {
    batches.record(changes);
  }

  void readOnly(boolean now) {
    readOnly = now;
  }

  void slow() {
    slow.increment();
  }

  /// Takes back what shows a state that is gone.
  void close() {
    gauges.forEach(meters::remove);
  }
}
