package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.runtime.Mailbox;
import io.nave.runtime.RealHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How the writer treats its engine.
@Timeout(300)
final class WriterTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final RealHost host = RealHost.start("test");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    host.close();
  }

  /// An engine that does what a test says on each write.
  private static final class Scripted implements Engine {
    private final Consumer<List<Entry>> write;
    private final AtomicBoolean closed = new AtomicBoolean();

    Scripted(Consumer<List<Entry>> write) {
      this.write = write;
    }

    @Override
    public long load(Sink each) {
      return 0;
    }

    @Override
    public void write(List<Entry> entries) {
      write.accept(entries);
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  private EmbeddedStore open(Engine engine) {
    return EmbeddedStore.open(host, engine, Limits.defaults(), meters);
  }

  private List<Mailbox<Object>> commitAll(Store store, int count) {
    var answers = new ArrayList<Mailbox<Object>>();
    for (int i = 0; i < count; i++) {
      var answer = host.<Object>mailbox(1);
      var change = put(key("o" + i), i);
      answers.add(answer);
      host.start("committer", () -> answer.offer(outcome(store, change)));
    }
    return answers;
  }

  private static Object outcome(Store store, Store.Change change) {
    try {
      return commit(store, change).getFirst();
    } catch (RuntimeException e) {
      return e;
    }
  }

  /// - Goal: concurrent commits share a sync.
  /// - Method: the first write is held back until all others are queued; the next takes them all.
  @Test
  void commitsThatWaitAreWrittenTogether() {
    var gate = host.<String>mailbox(1);
    var sizes = host.<Integer>mailbox(100);
    var writes = new AtomicInteger();
    var engine =
        new Scripted(entries -> {
          sizes.offer(entries.size());
          if (writes.getAndIncrement() == 0) {
            gate.take();
          }
        });
    try (var store = open(engine)) {
      var first = commitAll(store, 1);
      assertThat(sizes.poll(LONG)).isEqualTo(1);
      var others = commitAll(store, 300);
      while (store.queued() < 300) {
        host.sleep(Duration.ofMillis(1));
      }
      assertThat(store.view().revision()).isZero();
      gate.offer("open");
      assertThat(first.getFirst().poll(LONG)).isInstanceOf(ApiObject.class);
      for (var answer : others) {
        assertThat(answer.poll(LONG)).isInstanceOf(ApiObject.class);
      }
      assertThat(sizes.poll(LONG)).isEqualTo(300);
      assertThat(writes).hasValue(2);
      assertThat(meters.get("hub.store.batch.changes").summary().max()).isEqualTo(300);
    }
  }

  @Test
  void nothingIsShownBeforeTheEngineHasIt() {
    var store = new EmbeddedStore[1];
    var seen = new ArrayList<Long>();
    var engine = new Scripted(_ -> seen.add(store[0].view().revision()));
    store[0] = open(engine);
    try (var feed = store[0].watch(BUCKET, 0, 10)) {
      commit(store[0], put(key("a"), 1));
      commit(store[0], put(key("a"), 2));
      assertThat(seen).containsExactly(0L, 1L);
      assertThat(feed.next(LONG)).isNotNull();
    }
    store[0].close();
  }

  @Test
  void aBrokenEngineStopsTheStoreWithItsReason() {
    var writes = new AtomicInteger();
    var engine =
        new Scripted(_ -> {
          if (writes.incrementAndGet() == 2) {
            throw new StoreBroken("the disk is on fire");
          }
        });
    var store = open(engine);
    commit(store, put(key("a"), 1));
    var feed = store.watch(BUCKET, 1, 10);
    assertThatThrownBy(() -> commit(store, put(key("a"), 2)))
        .isInstanceOf(StoreBroken.class)
        .hasMessage("the disk is on fire");
    assertThat(feed.next(LONG)).isNull();
    assertThat(feed.ended()).isEqualTo(WatchFeed.Ended.CLOSED);
    assertThatThrownBy(() -> commit(store, put(key("b"), 2)))
        .isInstanceOf(StoreClosed.class)
        .hasMessageContaining("the disk is on fire");
    assertThatThrownBy(() -> store.watch(BUCKET, 1, 10))
        .isInstanceOf(StoreClosed.class)
        .hasMessageContaining("the disk is on fire");
    assertThat(store.view().list(BUCKET, "")).extracting(Samples::n).containsExactly(1L);
    store.close();
    assertThat(engine.closed).isTrue();
    assertThat(writes).hasValue(2);
  }

  @Test
  void deletesPassOnAFullDiskAlsoWhenTheyWaitBesidePuts() {
    var gate = host.<String>mailbox(1);
    var full = new AtomicBoolean();
    var waiting = host.<String>mailbox(1);
    var engine =
        new Scripted(entries -> {
          if (!full.get()) {
            return;
          }
          if (waiting.offer("here")) {
            gate.take();
          }
          if (entries.stream().anyMatch(entry -> entry.bytes() != null)) {
            throw new StoreFull("no room");
          }
        });
    try (var store = open(engine)) {
      commit(store, put(key("a"), 1), put(key("b"), 1));
      full.set(true);
      var answers = new ArrayList<Mailbox<Object>>();
      for (var change : List.of(delete(key("b")), put(key("c"), 1), delete(key("a")))) {
        var answer = host.<Object>mailbox(1);
        answers.add(answer);
        host.start("committer", () -> answer.offer(outcome(store, change)));
        if (answers.size() == 1) {
          while (waiting.size() == 0) {
            host.sleep(Duration.ofMillis(1));
          }
        }
      }
      while (store.queued() < 2) {
        host.sleep(Duration.ofMillis(1));
      }
      gate.offer("open");
      assertThat(answers.get(0).poll(LONG)).isInstanceOf(ApiObject.class);
      assertThat(answers.get(1).poll(LONG)).isInstanceOf(StoreFull.class);
      assertThat(answers.get(2).poll(LONG)).isInstanceOf(ApiObject.class);
      assertThat(store.view().buckets()).isEmpty();
      full.set(false);
      commit(store, put(key("d"), 1));
      assertThat(store.view().revision()).isEqualTo(5);
    }
  }

  @Test
  void theNumbersAreShown() {
    try (var store = open(new MemoryEngine())) {
      commit(store, put(key("a"), 1), put(key("b"), 1));
      outcome(store, put(key("a"), 2, 77));
      try (var _ = store.watch(BUCKET, 0, 1)) {
        assertThat(gauge("watchers")).isEqualTo(1);
      }
      assertThat(gauge("watchers")).isZero();
      assertThat(gauge("objects")).isEqualTo(2);
      assertThat(gauge("revision")).isEqualTo(2);
      assertThat(gauge("bytes")).isBetween(200.0, 400.0);
      assertThat(commits("done")).isEqualTo(1);
      assertThat(commits("conflict")).isEqualTo(1);
      assertThat(meters.get("hub.store.commit").timer().count()).isEqualTo(2);
      assertThat(meters.get("hub.store.batch.changes").summary().totalAmount()).isEqualTo(2);
    }
    assertThat(meters.find("hub.store.objects").gauge()).isNull();
  }

  private double gauge(String name) {
    return meters.get("hub.store." + name).gauge().value();
  }

  private double commits(String result) {
    return meters.get("hub.store.commits").tag("result", result).counter().count();
  }

  /// - Goal: a nearly full disk takes deletes only, and the store goes on by itself afterwards.
  @Test
  void littleRoomOnTheDiskLetsOnlyDeletesPassUntilThereIsRoomAgain() {
    var room = new java.util.concurrent.atomic.AtomicLong(1000);
    var engine =
        new Engine() {
          @Override
          public long load(Sink each) {
            return 0;
          }

          @Override
          public void write(List<Entry> entries) {}

          @Override
          public long room() {
            return room.get();
          }

          @Override
          public void close() {}
        };
    var limits = Limits.defaults().withRoomMin(100);
    try (var store = EmbeddedStore.open(host, engine, limits, meters)) {
      commit(store, put(key("a"), 1), put(key("b"), 1));
      room.set(99);
      awaitOutcome(store, StoreFull.class);
      assertThat(meters.get("hub.store.read.only").gauge().value()).isOne();
      commit(store, Samples.delete(key("a")));
      room.set(110); // not enough to be sure
      assertThat(outcome(store, put(key("c"), 1))).isInstanceOf(StoreFull.class);
      room.set(200);
      awaitOutcome(store, ApiObject.class);
      assertThat(meters.get("hub.store.read.only").gauge().value()).isZero();
    }
  }

  private void awaitOutcome(Store store, Class<?> wanted) {
    // New keys each time: what is there may be overwritten by as little even when it is full.
    var name = wanted.getSimpleName();
    for (int i = 0; i < 6_000 && !wanted.isInstance(outcome(store, put(key(name + i), i))); i++) {
      host.sleep(Duration.ofMillis(10));
    }
    assertThat(outcome(store, put(key(name), 1))).isInstanceOf(wanted);
  }
}
