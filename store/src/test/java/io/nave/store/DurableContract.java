package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nave.api.ApiObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a store promises besides when its engine keeps things.
abstract class DurableContract extends ConcurrentContract {
  @Override
  boolean keepsThings() {
    return true;
  }

  @Test
  void aRestartKeepsObjectsAndTheRevision() {
    var store = open();
    commit(store, put(key("a"), 1), put(key("b"), 2), put(new StoreKey("nodes", "", "n:1"), 3));
    commit(store, put(key("a"), 4));
    commit(store, delete(key("b")));
    var before = store.view();
    store.close();
    var after = open().view();
    assertThat(after.revision()).isEqualTo(5);
    assertThat(after.buckets()).isEqualTo(before.buckets());
    assertThat(after.list(BUCKET, "")).isEqualTo(before.list(BUCKET, ""));
    assertThat(after.list("nodes", "")).isEqualTo(before.list("nodes", ""));
    assertThat(after.get(key("a")).orElseThrow().bytes())
        .isEqualTo(before.get(key("a")).orElseThrow().bytes());
  }

  @Test
  void aRevisionIsNeverGivenTwiceAlthoughNothingIsLeft() {
    var store = open();
    commit(store, put(key("a"), 1), delete(key("a")));
    store.close();
    var next = open();
    assertThat(next.view().list(BUCKET, "")).isEmpty();
    assertThat(commit(next, put(key("a"), 1))).extracting(ApiObject::revision).containsExactly(3L);
  }

  @Test
  void afterARestartWatchesResumeFromTheLastRevisionOn() {
    var store = open();
    commit(store, put(key("a"), 1), put(key("a"), 2));
    store.close();
    var next = open();
    assertThatThrownBy(() -> next.watch(BUCKET, 1, 10)).isInstanceOf(TooOld.class);
    try (var feed = next.watch(BUCKET, 2, 10)) {
      commit(next, put(key("a"), 3));
      var event = take(feed, 1).getFirst();
      assertThat(event.revision()).isEqualTo(3);
      assertThat(event.before().revision()).isEqualTo(2);
    }
  }

  /// Whether watches from before a restart may go on.
  boolean remembersRemovals() {
    return true;
  }

  @Test
  void aWatchGoesOnOverARestartWhereNothingHasChanged() {
    assumeTrue(remembersRemovals());
    var store = open();
    var nodes = List.of(new StoreKey("nodes", "", "n1"), new StoreKey("nodes", "", "n2"));
    commit(store, put(in("a"), 1), put(in("b"), 1), put(in("c"), 1));
    commit(store, put(nodes.get(0), 1), put(nodes.get(1), 1));
    long seen = store.view().revision();
    commit(store, put(in("b"), 2), delete(in("c")), delete(nodes.get(1)));
    store.close();
    var next = open();
    for (var scope :
        List.of(
            Scope.of(BUCKET),
            Scope.namespace(BUCKET, "b"),
            Scope.namespace(BUCKET, "c"),
            Scope.of("nodes"),
            Scope.object("nodes", "n2"))) {
      assertThatThrownBy(() -> next.watch(scope, seen, 10))
          .as("%s", scope)
          .isInstanceOf(TooOld.class);
    }
    next.watch(Scope.object("nodes", "n1"), seen, 10).close();
    next.watch(Scope.of("never"), seen, 10).close();
    try (var feed = next.watch(Scope.namespace(BUCKET, "a"), seen, 10)) {
      assertThat(feed.progress()).isEqualTo(next.view().revision());
      commit(next, put(in("a"), 3));
      assertThat(n(take(feed, 1).getFirst().before())).isEqualTo(1);
    }
    assertThatThrownBy(() -> next.watch(Scope.namespace(BUCKET, "a"), 0, 10))
        .isInstanceOf(TooOld.class);
  }

  private static StoreKey in(String namespace) {
    return new StoreKey(BUCKET, namespace, "x");
  }

  /// - Goal: no watch goes on that would miss a change.
  /// - Method: random puts and deletes over several restarts, with a copy of what each scope held
  ///   at every revision; a watch that is let in from a revision tells what leads from the copy of
  ///   that time to the present state.
  @Test
  void aWatchThatGoesOnMissesNothing() {
    var random = new Random(7);
    var past = new TreeMap<Long, Map<StoreKey, Long>>();
    var model = new TreeMap<StoreKey, Long>();
    int goneOn = 0;
    for (int life = 0; life < 6; life++) {
      var store = open();
      for (int i = 0; i < 25; i++) {
        var key =
            random.nextBoolean()
                ? in("s" + random.nextInt(8))
                : new StoreKey("nodes", "", "n" + random.nextInt(8));
        if (random.nextInt(3) == 0 && model.remove(key) != null) {
          commit(store, delete(key));
        } else {
          commit(store, put(key, i));
          model.put(key, store.view().revision());
        }
        past.put(store.view().revision(), Map.copyOf(model));
        goneOn += tryAll(store, past, random);
      }
      store.close();
    }
    assertThat(goneOn).isGreaterThan(remembersRemovals() ? 500 : 0);
  }

  private int tryAll(Store store, TreeMap<Long, Map<StoreKey, Long>> past, Random random) {
    int goneOn = 0;
    long after = past.firstKey() + random.nextLong(past.size());
    for (int i = 0; i < 8; i++) {
      for (var scope : List.of(Scope.namespace(BUCKET, "s" + i), Scope.object("nodes", "n" + i))) {
        try (var feed = store.watch(scope, after, 1_000)) {
          goneOn++;
          var then = within(scope, past.get(after));
          for (var event = feed.next(Duration.ZERO); event != null; ) {
            var object = event.after();
            var key = new StoreKey(scope.bucket(), object.namespace(), object.name());
            if (event.kind() == WatchFeed.Kind.DELETED) {
              then.remove(key);
            } else {
              then.put(key, event.revision());
            }
            event = feed.next(Duration.ZERO);
          }
          assertThat(then).isEqualTo(within(scope, past.lastEntry().getValue()));
        } catch (TooOld e) {
          assertThat(e).hasMessageContaining("list, and watch");
        }
      }
    }
    return goneOn;
  }

  private static Map<StoreKey, Long> within(Scope scope, Map<StoreKey, Long> all) {
    var found = new TreeMap<>(all);
    found.keySet().removeIf(key -> !Scope.around(key).equals(scope));
    return found;
  }

  @Test
  void aSecondStoreAtOnePlaceIsRefusedOrTheFirstCannotWriteAnyMore() {
    var first = open();
    commit(first, put(key("a"), 1));
    try {
      open();
    } catch (RuntimeException e) {
      assertThat(e).hasMessageContaining("process");
      return;
    }
    assertThatThrownBy(() -> commit(first, put(key("a"), 2))).isInstanceOf(RuntimeException.class);
  }
}
