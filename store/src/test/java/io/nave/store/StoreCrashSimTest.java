package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A store on a host that crashes, in virtual time.
final class StoreCrashSimTest {
  private static final int WRITERS = 5;
  private static final Duration BETWEEN_CRASHES = Duration.ofMillis(300);

  static LongStream seeds() {
    return Samples.seeds(20);
  }

  /// What outlives the crashes: the disk, and what the outside was told.
  private static final class Outside {
    final Platter platter = new Platter();
    final TreeMap<String, Long> acknowledged = new TreeMap<>();
    final List<String> wrong = new ArrayList<>();
    long commits;
    long watched; // events seen by watchers
    long revision; // highest acknowledged
  }

  /// - Goal: a commit the store acknowledged is there after any crash, whole, and watchers see
  ///   every change of their store once.
  /// - Method: writers with their own keys and a watcher, on a host that crashes at random moments.
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void acknowledgedCommitsSurviveEveryCrash(long seed) {
    var outside = new Outside();
    try (var world = new SimWorld(seed)) {
      run(world, outside, 6);
      assertThat(outside.commits).isGreaterThan(200);
      assertThat(outside.watched).isGreaterThan(200);
      assertThat(world.taskFailures()).isEmpty();
    }
    assertThat(outside.wrong).isEmpty();
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("oneSeed")
  void theSameSeedTellsTheSameStory(long seed) {
    assertThat(story(seed)).isEqualTo(story(seed));
  }

  static LongStream oneSeed() {
    return Samples.seeds(1);
  }

  private static String story(long seed) {
    var outside = new Outside();
    try (var world = new SimWorld(seed)) {
      run(world, outside, 3);
      return world.eventLog() + outside.acknowledged + outside.watched;
    }
  }

  private static void run(SimWorld world, Outside outside, int crashes) {
    var host = world.host("hub");
    for (int i = 0; i < crashes; i++) {
      host.start("main", () -> serve(host, outside));
      world.run(BETWEEN_CRASHES.plusNanos(host.random().nextLong(20_000_000)));
      host.crash();
      verify(host, outside);
    }
  }

  private static Store open(SimHost host, Outside outside) {
    return EmbeddedStore.open(
        host, SimEngine.open(host, outside.platter), Limits.defaults(), new SimpleMeterRegistry());
  }

  private static void serve(SimHost host, Outside outside) {
    var store = open(host, outside);
    host.start("watcher", () -> follow(store, outside));
    for (int i = 0; i < WRITERS; i++) {
      var name = "w" + i;
      host.start(name, () -> write(host, store, name, outside));
    }
  }

  private static void follow(Store store, Outside outside) {
    long seen = store.view().revision();
    try (var feed = store.watch(BUCKET, seen, 1000)) {
      while (feed.ended() == WatchFeed.Ended.NO) {
        var event = feed.next(Duration.ofSeconds(1));
        if (event == null) {
          continue;
        }
        if (event.revision() != ++seen) {
          outside.wrong.add("watched " + event.revision() + " where " + seen + " was due");
        }
        outside.watched++;
      }
    }
  }

  /// Two objects at a time with one value, which only rises; now and then both are deleted.
  private static void write(SimHost host, Store store, String name, Outside outside) {
    long value = outside.acknowledged.getOrDefault(name, 0L);
    while (true) {
      value++;
      var stored = commit(store, put(key(name), value), put(key(name + "-twin"), value));
      outside.acknowledged.put(name, value);
      outside.revision = Math.max(outside.revision, stored.getLast().revision());
      outside.commits++;
      if (host.random().nextInt(10) == 0) {
        commit(store, delete(key(name)), delete(key(name + "-twin")));
        commit(store, put(key(name), value), put(key(name + "-twin"), value));
      }
      host.sleep(Duration.ofNanos(host.random().nextLong(5_000_000)));
    }
  }

  private static void verify(SimHost host, Outside outside) {
    var store = open(host, outside);
    var view = store.view();
    if (view.revision() < outside.revision) {
      outside.wrong.add("revision " + view.revision() + " after " + outside.revision);
    }
    outside.acknowledged.forEach((name, value) -> {
      long stored = view.get(key(name)).map(Samples::n).orElse(-1L);
      long twin = view.get(key(name + "-twin")).map(Samples::n).orElse(-1L);
      // A delete that was under way may have become durable.
      if (stored != twin || (stored != -1 && stored < value)) {
        outside.wrong.add(name + " is " + stored + ", its twin " + twin + ", told " + value);
      }
    });
    store.close();
  }

  /// - Goal: a lying disk loses the newest commits and nothing else, and the store goes on.
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void aLyingDiskLosesOnlyTheNewestCommits(long seed) {
    var outside = new Outside();
    try (var world = new SimWorld(seed)) {
      var host = world.host("hub");
      var store = open(host, outside);
      for (int i = 1; i <= 20; i++) {
        outside.platter.lying(i > 12);
        commit(store, put(key("a"), i));
      }
      host.crash();
      outside.platter.lying(false);
      var after = open(host, outside);
      assertThat(after.view().revision()).isEqualTo(12);
      assertThat(n(after.view().get(key("a")).orElseThrow())).isEqualTo(12);
      assertThat(commit(after, put(key("a"), 99)).getFirst().revision()).isEqualTo(13);
      after.close();
    }
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("oneSeed")
  void aFullDiskRefusesPutsAndLetsDeletesPass(long seed) {
    var outside = new Outside();
    try (var world = new SimWorld(seed)) {
      var store = open(world.host("hub"), outside);
      commit(store, put(key("a"), 1));
      outside.platter.full(true);
      assertThatThrownBy(() -> commit(store, put(key("b"), 1))).isInstanceOf(StoreFull.class);
      commit(store, delete(key("a")));
      outside.platter.full(false);
      commit(store, put(key("b"), 1));
      assertThat(store.view().revision()).isEqualTo(3);
      store.close();
    }
  }
}
