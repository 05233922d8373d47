package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.runtime.Mailbox;
import io.nave.store.Store.Change;
import io.nave.store.WatchFeed.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract under many tasks and random changes.
abstract class ConcurrentContract extends StoreContract {
  private static final int WRITERS = 4;
  private static final int COMMITS = 150;

  static LongStream modelSeeds() {
    return Samples.seeds(5);
  }

  /// - Goal: whoever lists and then watches from the list's revision ends with what the store
  ///   holds.
  /// - Method: watchers join while writers write; each replays its events on its list.
  @Test
  void watchersThatJoinWhileOthersWriteMissNothingAndSeeNothingTwice() {
    var store = open();
    var copies = host.<TreeMap<StoreKey, ApiObject>>mailbox(100);
    var writers = new ArrayList<Mailbox<Integer>>();
    for (int i = 0; i < WRITERS; i++) {
      var done = host.<Integer>mailbox(1);
      var random = new Random(i);
      writers.add(done);
      host.start("writer", () -> done.offer(write(store, random)));
    }
    var end = (long) WRITERS * COMMITS;
    int watchers = 6;
    for (int i = 0; i < watchers; i++) {
      host.start("watcher", () -> copies.offer(follow(store, end)));
    }
    for (var writer : writers) {
      assertThat(writer.poll(LONG)).isEqualTo(COMMITS);
    }
    assertThat(store.view().revision()).isEqualTo(end);
    var expected = content(store.view());
    for (int i = 0; i < watchers; i++) {
      assertThat(copies.poll(LONG)).isEqualTo(expected);
    }
  }

  /// - Goal: the store is linearizable, transactions are whole, and watches keep their promises.
  /// - Method: clients and watchers beside each other; what they saw is judged afterwards.
  @Test
  void whatClientsAndWatchersSeeCouldHaveHappenedOneByOne() {
    var store = open();
    var history = new RecordedHistory(host);
    for (int i = 0; i < WRITERS; i++) {
      history.client(() -> store, 60, i);
    }
    history.watcher(() -> store, 0);
    history.watcher(() -> store, 0);
    var verdict = history.finish(WRITERS, LONG);
    assertThat(verdict.faults()).isEmpty();
    assertThat(verdict.operations()).isEqualTo(WRITERS * 60);
    assertThat(verdict.changes()).isEqualTo((int) store.view().revision()).isGreaterThan(50);
  }

  private static int write(Store store, Random random) {
    int done = 0;
    while (done < COMMITS) {
      var key = key("o" + random.nextInt(20));
      try {
        commit(store, random.nextInt(4) == 0 ? delete(key) : put(key, random.nextInt()));
        done++;
      } catch (Conflict e) {
        // another writer deleted it first
        continue;
      }
    }
    return done;
  }

  private static TreeMap<StoreKey, ApiObject> follow(Store store, long end) {
    var view = store.view();
    var copy = content(view);
    long seen = view.revision();
    try (var feed = store.watch(BUCKET, seen, 10_000)) {
      while (seen < end) {
        var event = take(feed, 1).getFirst();
        assertThat(event.revision()).isEqualTo(++seen);
        var key = key(event.after().name());
        var before = event.kind() == Kind.DELETED ? copy.remove(key) : copy.put(key, event.after());
        assertThat(event.before()).isEqualTo(before);
      }
    }
    return copy;
  }

  private static TreeMap<StoreKey, ApiObject> content(View view) {
    var content = new TreeMap<StoreKey, ApiObject>();
    view.list(BUCKET, "").forEach(object -> content.put(key(object.name()), object));
    return content;
  }

  /// - Goal: the store is a map with revisions.
  /// - Method: random commits, some of which must be refused, against a plain map; a restart
  ///   between some when the engine keeps things.
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("modelSeeds")
  void randomCommitsDoWhatAMapDoes(long seed) {
    var random = new Random(seed);
    var model = new Model();
    var store = open();
    for (int i = 0; i < 300; i++) {
      model.step(store, random);
      if (keepsThings() && random.nextInt(60) == 0) {
        store.close();
        store = open();
      }
      model.compare(store.view());
    }
    assertThat(model.refused).isPositive();
    assertThat(model.revision).isGreaterThan(100);
  }

  /// Whether what was committed is still there after a restart.
  boolean keepsThings() {
    return false;
  }

  /// What a store should hold.
  private static final class Model {
    private final TreeMap<StoreKey, ApiObject> objects = new TreeMap<>();
    private long revision;
    private int refused;

    void step(Store store, Random random) {
      var changes = new ArrayList<Change>();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        changes.add(change(random));
      }
      var next = new TreeMap<>(objects);
      var expected = apply(next, changes);
      try {
        assertThat(store.commit(changes)).isEqualTo(expected);
        objects.clear();
        objects.putAll(next);
        revision += count;
      } catch (Conflict e) {
        assertThat(expected).as("refused: " + e.getMessage()).isNull();
        refused++;
      }
    }

    private Change change(Random random) {
      var bucket = random.nextInt(3) == 0 ? Samples.OTHER : BUCKET;
      var key = new StoreKey(bucket, "ns" + random.nextInt(3), "o" + random.nextInt(6));
      var stored = objects.get(key);
      long latest = stored == null ? 0 : stored.revision();
      long wanted = random.nextInt(3) == 0 ? Change.ANY : latest;
      if (random.nextInt(25) == 0) {
        wanted = 1 + random.nextInt(50);
      }
      return random.nextInt(3) == 0 && wanted != 0
          ? delete(key, wanted)
          : put(key, random.nextInt(), wanted);
    }

    /// What the commit should return; null when it should be refused.
    private List<ApiObject> apply(TreeMap<StoreKey, ApiObject> next, List<Change> changes) {
      var results = new ArrayList<ApiObject>();
      for (var change : changes) {
        var before = next.get(change.key());
        long found = before == null ? 0 : before.revision();
        var text = Long.toString(revision + results.size() + 1);
        switch (change) {
          case Change.Put(var key, var object, var expected) -> {
            if (expected != Change.ANY && expected != found) {
              return null;
            }
            next.put(key, object.editMeta(meta -> meta.put("resourceVersion", text)));
            results.add(next.get(key));
          }
          case Change.Delete(var key, _, var expected) -> {
            if (before == null || (expected != Change.ANY && expected != found)) {
              return null;
            }
            next.remove(key);
            results.add(before.editMeta(meta -> meta.put("resourceVersion", text)));
          }
        }
      }
      return results;
    }

    void compare(View view) {
      assertThat(view.revision()).isEqualTo(revision);
      var listed = new ArrayList<ApiObject>();
      view.buckets().forEach(bucket -> listed.addAll(view.list(bucket, "")));
      assertThat(listed).containsExactlyElementsOf(objects.values());
      objects.forEach((key, object) -> assertThat(view.get(key)).contains(object));
    }
  }
}
