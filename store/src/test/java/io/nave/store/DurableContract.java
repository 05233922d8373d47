package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiObject;
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
