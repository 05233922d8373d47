package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.OTHER;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.large;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.object;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.runtime.Host;
import io.nave.runtime.RealHost;
import io.nave.store.Store.Change;
import io.nave.store.WatchFeed.Ended;
import io.nave.store.WatchFeed.Event;
import io.nave.store.WatchFeed.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every store promises, whatever its engine.
@Timeout(300)
abstract class StoreContract {
  static final Duration LONG = Duration.ofMinutes(1);

  final RealHost host = RealHost.start("test");
  private final Deque<Store> opened = new ArrayDeque<>();

  /// An engine on the test's one place; opened again after the one before it was closed.
  abstract Engine engine(Host host);

  Store open() {
    return open(Limits.defaults());
  }

  Store open(Limits limits) {
    var store = EmbeddedStore.open(host, engine(host), limits, new SimpleMeterRegistry());
    opened.push(store);
    return store;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Store::close);
    host.close();
  }

  static List<Event> take(WatchFeed feed, int count) {
    var events = new ArrayList<Event>();
    while (events.size() < count) {
      var event = feed.next(LONG);
      assertThat(event).as("event %d of %d", events.size() + 1, count).isNotNull();
      events.add(event);
    }
    return events;
  }

  static List<Long> revisions(List<Event> events) {
    return events.stream().map(Event::revision).toList();
  }

  @Test
  void everyChangeHasTheNextRevision() {
    var store = open();
    assertThat(store.view().revision()).isZero();
    var first = commit(store, put(key("a"), 1), put(key("b"), 1));
    var second = commit(store, put(key("a"), 2), delete(key("b")));
    assertThat(first).extracting(ApiObject::revision).containsExactly(1L, 2L);
    assertThat(second).extracting(ApiObject::revision).containsExactly(3L, 4L);
    assertThat(store.view().revision()).isEqualTo(4);
  }

  @Test
  void theRevisionIsInTheStoredObjectAndAllElseStays() {
    var store = open();
    var given = object(key("a"), 7).editMeta(meta -> meta.put("resourceVersion", "999"));
    var stored = commit(store, new Change.Put(key("a"), given, 0)).getFirst();
    assertThat(store.view().get(key("a"))).containsSame(stored);
    assertThat(stored.resourceVersion()).isEqualTo("1");
    assertThat(ApiObject.parse(stored.bytes())).isEqualTo(stored);
    assertThat(stored.labels()).containsEntry("n", "7");
    assertThat(n(stored)).isEqualTo(7);
    assertThat(given.resourceVersion()).isEqualTo("999");
  }

  @Test
  void aCommitThatExpectsAnotherRevisionIsRefused() {
    var store = open();
    commit(store, put(key("a"), 1), put(key("a"), 2));
    assertThatThrownBy(() -> commit(store, put(key("a"), 3, 1)))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("should be at revision 1 and is at revision 2");
    assertThatThrownBy(() -> commit(store, put(key("a"), 3, 0))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> commit(store, put(key("b"), 3, 2))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> commit(store, delete(key("a"), 1))).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> commit(store, delete(key("b")))).isInstanceOf(Conflict.class);
    assertThat(store.view().revision()).isEqualTo(2);
    commit(store, put(key("a"), 3, 2), put(key("b"), 1, 0), delete(key("a"), 3));
    assertThat(store.view().revision()).isEqualTo(5);
  }

  @Test
  void aCommitIsAppliedWholeOrNotAtAll() {
    var store = open();
    commit(store, put(key("a"), 1));
    var before = store.view();
    assertThatThrownBy(
            () -> commit(store, put(key("b"), 1), delete(key("a")), put(key("c"), 1, 77)))
        .isInstanceOf(Conflict.class);
    assertThat(store.view().list(BUCKET, "")).isEqualTo(before.list(BUCKET, ""));
    assertThat(commit(store, put(key("d"), 1)).getFirst().revision()).isEqualTo(2);
  }

  @Test
  void aKeyTheStoreCannotKeepIsRefused() {
    var store = open();
    var odd = List.of(new StoreKey("a/b", "", "c"), new StoreKey("a", "b/c", "d"), key(""));
    for (var key : odd) {
      assertThatThrownBy(() -> commit(store, put(key, 1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(store.commit(List.of())).isEmpty();
    assertThat(store.view().revision()).isZero();
  }

  @Test
  void aBucketIsListedInKeyOrderByNamespaceAndByPage() {
    var store = open();
    var keys = new ArrayList<StoreKey>();
    for (var place : List.of("b/2", "a/3", "b/1", "ab/9", "a/1", "c/1")) {
      var parts = place.split("/");
      keys.add(new StoreKey(BUCKET, parts[0], parts[1]));
    }
    store.commit(keys.stream().map(key -> put(key, 1)).toList());
    commit(store, put(new StoreKey(OTHER, "", "cluster-wide"), 1));
    var view = store.view();
    assertThat(names(view.list(BUCKET, "")))
        .containsExactly("a/1", "a/3", "ab/9", "b/1", "b/2", "c/1");
    assertThat(names(view.list(BUCKET, "b"))).containsExactly("b/1", "b/2");
    assertThat(names(view.list(BUCKET, "nothing"))).isEmpty();
    assertThat(names(view.list(OTHER, ""))).containsExactly("cluster-wide");
    assertThat(names(view.list("unknown", ""))).isEmpty();
    assertThat(names(view.list(BUCKET, "", null, 2))).containsExactly("a/1", "a/3");
    var second = new StoreKey(BUCKET, "a", "3");
    assertThat(names(view.list(BUCKET, "", second, 2))).containsExactly("ab/9", "b/1");
    assertThat(names(view.list(BUCKET, "b", second, 9))).containsExactly("b/1", "b/2");
    assertThat(names(view.list(BUCKET, "b", new StoreKey(BUCKET, "b", "1"), 9)))
        .containsExactly("b/2");
    assertThat(view.buckets()).containsExactly(BUCKET, OTHER);
  }

  private static List<String> names(List<ApiObject> objects) {
    return objects.stream().map(object -> object.key().toString()).toList();
  }

  @Test
  void aViewNeverChanges() {
    var store = open();
    commit(store, put(key("a"), 1), put(key("b"), 1));
    var view = store.view();
    commit(store, put(key("a"), 2), delete(key("b")), put(key("c"), 1));
    assertThat(view.revision()).isEqualTo(2);
    assertThat(view.list(BUCKET, "")).extracting(Samples::n).containsExactly(1L, 1L);
    assertThat(view.get(key("c"))).isEmpty();
    assertThat(store.view().get(key("b"))).isEmpty();
  }

  @Test
  void aBucketThatWasEmptiedIsGone() {
    var store = open();
    commit(store, put(key("a"), 1), delete(key("a")));
    assertThat(store.view().buckets()).isEmpty();
    assertThat(store.view().list(BUCKET, "")).isEmpty();
  }

  @Test
  void aWatchTellsEachChangeOnceInOrderWithTheStateBeforeAndAfter() {
    var store = open();
    try (var feed = store.watch(BUCKET, 0, 100)) {
      commit(store, put(key("a"), 1), put(new StoreKey(OTHER, "x", "y"), 5), put(key("a"), 2));
      commit(store, delete(key("a")));
      var events = take(feed, 3);
      assertThat(events)
          .extracting(Event::kind)
          .containsExactly(Kind.ADDED, Kind.MODIFIED, Kind.DELETED);
      assertThat(revisions(events)).containsExactly(1L, 3L, 4L);
      assertThat(events.get(0).before()).isNull();
      assertThat(n(events.get(1).before())).isEqualTo(1);
      assertThat(n(events.get(1).after())).isEqualTo(2);
      assertThat(events.get(2).before().revision()).isEqualTo(3);
      assertThat(n(events.get(2).after())).isEqualTo(2);
      assertThat(feed.next(Duration.ZERO)).isNull();
      assertThat(feed.ended()).isEqualTo(Ended.NO);
    }
  }

  @Test
  void aDeleteShowsTheLastStateItWasGiven() {
    var store = open();
    commit(store, put(key("a"), 1));
    try (var feed = store.watch(BUCKET, 1, 10)) {
      var last = object(key("a"), 42);
      var answer = commit(store, new Change.Delete(key("a"), last, 1)).getFirst();
      var event = take(feed, 1).getFirst();
      assertThat(event.after()).isSameAs(answer);
      assertThat(n(answer)).isEqualTo(42);
      assertThat(answer.revision()).isEqualTo(2);
      assertThat(n(event.before())).isEqualTo(1);
    }
  }

  @Test
  void aWatchResumesFromAnyRevision() {
    var store = open();
    var ours = new ArrayList<Long>();
    for (int i = 0; i < 40; i++) {
      var bucket = i % 3 == 0 ? OTHER : BUCKET;
      var stored = commit(store, put(new StoreKey(bucket, "ns", "o" + i % 7), i)).getFirst();
      if (bucket.equals(BUCKET)) {
        ours.add(stored.revision());
      }
    }
    for (long from = 0; from <= 40; from++) {
      long after = from;
      var expected = ours.stream().filter(revision -> revision > after).toList();
      try (var feed = store.watch(BUCKET, from, 1)) {
        assertThat(revisions(take(feed, expected.size()))).isEqualTo(expected);
        assertThat(feed.next(Duration.ZERO)).isNull();
      }
    }
  }

  @Test
  void aWatchOfANamespaceTellsItsChangesOnlyAndResumesToo() {
    var store = open();
    var ours = new ArrayList<Long>();
    try (var feed = store.watch(Scope.namespace(BUCKET, "east"), 0, 100)) {
      for (int i = 1; i <= 30; i++) {
        var namespace = List.of("east", "eas", "easter").get(i % 3);
        commit(store, put(new StoreKey(BUCKET, namespace, "o" + i % 5), i));
        commit(store, put(new StoreKey(OTHER, "east", "o"), i));
        if (namespace.equals("east")) {
          ours.add(2L * i - 1);
        }
      }
      assertThat(revisions(take(feed, ours.size()))).isEqualTo(ours);
      assertThat(feed.next(Duration.ZERO)).isNull();
      assertThat(feed.progress()).isEqualTo(60);
    }
    for (long from = 0; from <= 60; from++) {
      long after = from;
      var expected = ours.stream().filter(revision -> revision > after).toList();
      try (var feed = store.watch(Scope.namespace(BUCKET, "east"), from, 1)) {
        assertThat(revisions(take(feed, expected.size()))).isEqualTo(expected);
        assertThat(feed.next(Duration.ZERO)).isNull();
      }
    }
  }

  /// - Goal: what is told apart by a label is what a look at everything shows.
  /// - Method: random changes of few objects and values. The first watch has the label noticed.
  @Test
  void aLabelOnceWatchedTellsItsObjectsAndTheirChangesOnly() {
    var store = open();
    var random = new Random(7);
    commit(store, put(new StoreKey(BUCKET, "a", "o0"), 1));
    var ones = Scope.labelled(BUCKET, "n", "1");
    store.watch(ones, 0, 1).close();
    commit(store, put(new StoreKey(OTHER, "a", "o"), 1));
    try (var feed = store.watch(ones, 2, 1000);
        var all = store.watch(BUCKET, 2, 1000)) {
      var expected = new ArrayList<Long>();
      for (int i = 0; i < 200; i++) {
        var key = new StoreKey(BUCKET, "a" + random.nextInt(2), "o" + random.nextInt(4));
        var there = store.view().get(key).isPresent();
        commit(store, there && random.nextInt(3) == 0 ? delete(key) : put(key, random.nextInt(3)));
        var event = take(all, 1).getFirst();
        if (isOne(event.after()) || (event.before() != null && isOne(event.before()))) {
          expected.add(event.revision());
        }
        assertThat(store.view().list(ones))
            .isEqualTo(store.view().list(BUCKET, "").stream().filter(this::isOne).toList());
      }
      assertThat(revisions(take(feed, expected.size()))).isEqualTo(expected);
      assertThat(feed.next(Duration.ZERO)).isNull();
    }
  }

  private boolean isOne(ApiObject object) {
    return "1".equals(object.labels().get("n"));
  }

  @Test
  void aWatchOfOneObjectOfClusterScopeTellsItsChangesOnly() {
    var store = open();
    try (var feed = store.watch(Scope.object("nodes", "a"), 0, 100)) {
      commit(store, put(new StoreKey("nodes", "", "b"), 1), put(new StoreKey("nodes", "", "a"), 1));
      commit(store, put(new StoreKey(BUCKET, "a", "a"), 1));
      commit(store, delete(new StoreKey("nodes", "", "a")));
      assertThat(revisions(take(feed, 2))).containsExactly(2L, 4L);
      assertThat(feed.next(Duration.ZERO)).isNull();
    }
  }

  @Test
  void changesElsewhereDoNotMakeAWatchSlow() {
    var store = open();
    var elsewhere = new StoreKey(BUCKET, "west", "a");
    try (var feed = store.watch(Scope.namespace(BUCKET, "east"), 0, 2);
        var all = store.watch(Scope.of(BUCKET), 0, 2)) {
      for (int i = 0; i < 20; i++) {
        commit(store, put(elsewhere, i));
      }
      commit(store, put(new StoreKey(BUCKET, "east", "a"), 1));
      assertThat(revisions(take(feed, 1))).containsExactly(21L);
      assertThat(feed.ended()).isEqualTo(Ended.NO);
      assertThat(all.ended()).isEqualTo(Ended.SLOW);
    }
  }

  @Test
  void objectsAreCountedAsTheyAreListed() {
    var store = open();
    for (var namespace : List.of("a", "ab", "a", "b", "ab", "ab")) {
      commit(store, put(new StoreKey(BUCKET, namespace, "o" + store.view().revision()), 1));
    }
    var view = store.view();
    for (var namespace : List.of("", "a", "ab", "abc", "b", "0", "z")) {
      assertThat(view.count(BUCKET, namespace)).isEqualTo(view.list(BUCKET, namespace).size());
    }
    assertThat(view.count(BUCKET, "ab")).isEqualTo(3);
    assertThat(view.count(OTHER, "")).isZero();
  }

  @Test
  void aWatchFromARevisionToComeTellsOnlyWhatComesAfterIt() {
    var store = open();
    try (var feed = store.watch(BUCKET, 3, 10)) {
      commit(store, put(key("a"), 1), put(key("a"), 2), put(key("a"), 3), put(key("a"), 4));
      assertThat(feed.progress()).isEqualTo(3);
      assertThat(revisions(take(feed, 1))).containsExactly(4L);
    }
  }

  @Test
  void aWatchFromBeforeTheHistoryIsRefused() {
    var store = open(Limits.defaults().withHistory(5, 1 << 20));
    for (int i = 1; i <= 12; i++) {
      commit(store, put(key("a"), i));
    }
    assertThatThrownBy(() -> store.watch(BUCKET, 6, 10))
        .isInstanceOf(TooOld.class)
        .hasMessageContaining("only those after 7 are still held");
    try (var feed = store.watch(BUCKET, 7, 10)) {
      assertThat(revisions(take(feed, 5))).containsExactly(8L, 9L, 10L, 11L, 12L);
    }
  }

  @Test
  void historyIsBoundedInBytesToo() {
    var store = open(Limits.defaults().withHistory(1000, 10_000));
    for (int i = 1; i <= 10; i++) {
      commit(store, new Change.Put(key("a"), large(key("a"), 2000), Change.ANY));
    }
    assertThatThrownBy(() -> store.watch(BUCKET, 5, 10)).isInstanceOf(TooOld.class);
    store.watch(BUCKET, 6, 10).close();
  }

  @Test
  void aFeedThatIsStillBeforeTheHistoryReachesTheEnd() {
    var store = open(Limits.defaults().withHistory(3, 1 << 20));
    try (var feed = store.watch(BUCKET, 0, 100)) {
      for (int i = 1; i <= 50; i++) {
        commit(store, put(key("a"), i));
      }
      var expected = LongStream.rangeClosed(1, 50).boxed().toList();
      assertThat(revisions(take(feed, 50))).isEqualTo(expected);
    }
  }

  @Test
  void aSlowFeedIsEndedAndNothingWaitsForIt() {
    var store = open();
    var slow = store.watch(BUCKET, 0, 3);
    var quick = store.watch(BUCKET, 0, 100);
    commit(store, put(key("a"), 1));
    assertThat(revisions(take(slow, 1))).containsExactly(1L);
    for (int i = 2; i <= 40; i++) {
      commit(store, put(key("a"), i));
    }
    commit(
        store, put(new StoreKey(OTHER, "", "after"), 1)); // the writer has woken the feeds by now
    assertThat(slow.ended()).isEqualTo(Ended.SLOW);
    assertThat(slow.next(LONG)).isNull();
    assertThat(slow.progress()).isEqualTo(1);
    assertThat(take(quick, 40)).hasSize(40);
    try (var resumed = store.watch(BUCKET, slow.progress(), 3)) {
      assertThat(take(resumed, 39)).hasSize(39);
    }
  }

  @Test
  void progressIsNeverAheadOfWhatWasHandedOut() {
    var store = open();
    try (var feed = store.watch(BUCKET, 0, 10)) {
      commit(store, put(key("a"), 1), put(key("b"), 1));
      assertThat(feed.progress()).isZero();
      take(feed, 1);
      assertThat(feed.progress()).isEqualTo(1);
      take(feed, 1);
      commit(store, put(new StoreKey(OTHER, "", "x"), 1));
      assertThat(feed.progress()).isEqualTo(3);
    }
  }

  @Test
  void aWaitingReaderIsWoken() {
    var store = open();
    var feed = store.watch(BUCKET, 0, 10);
    var seen = host.<List<Long>>mailbox(1);
    host.start("reader", () -> seen.offer(revisions(take(feed, 2))));
    commit(store, put(key("a"), 1));
    commit(store, put(key("a"), 2));
    assertThat(seen.poll(LONG)).containsExactly(1L, 2L);
  }

  @Test
  void closingEndsFeedsAndRefusesCommits() {
    var store = open();
    commit(store, put(key("a"), 1));
    var closedAlone = store.watch(BUCKET, 0, 10);
    closedAlone.close();
    assertThat(closedAlone.ended()).isEqualTo(Ended.CLOSED);
    assertThat(closedAlone.next(LONG)).isNull();
    var feed = store.watch(BUCKET, 1, 10);
    store.close();
    assertThat(feed.next(LONG)).isNull();
    assertThat(feed.ended()).isEqualTo(Ended.CLOSED);
    assertThatThrownBy(() -> commit(store, put(key("a"), 2))).isInstanceOf(StoreClosed.class);
    assertThatThrownBy(() -> store.watch(BUCKET, 1, 10)).isInstanceOf(StoreClosed.class);
    assertThat(store.view().get(key("a"))).isPresent();
  }

  @Test
  void theQuotaRefusesWhatGrowsAndLetsDeletesPass() {
    var store = open(Limits.defaults().withBytesMax(5000));
    commit(store, new Change.Put(key("a"), large(key("a"), 2000), 0));
    commit(store, new Change.Put(key("b"), large(key("b"), 2000), 0));
    assertThatThrownBy(() -> commit(store, new Change.Put(key("c"), large(key("c"), 2000), 0)))
        .isInstanceOf(StoreFull.class)
        .hasMessageContaining("store.bytes.max");
    commit(store, delete(key("a")));
    commit(store, new Change.Put(key("c"), large(key("c"), 2000), 0));
    assertThat(store.view().list(BUCKET, "")).hasSize(2);
  }

  @Test
  void anObjectCanBeSetDeletingAndShrunkInAFullStore() {
    var store = open(Limits.defaults().withBytesMax(4000));
    var stored = commit(store, new Change.Put(key("a"), large(key("a"), 3800), 0)).getFirst();
    var deleting = stored.editMeta(meta -> meta.put("deletionTimestamp", "2026-01-01T00:00:00Z"));
    assertThatThrownBy(() -> commit(store, new Change.Put(key("a"), large(key("a"), 3950), 1)))
        .isInstanceOf(StoreFull.class);
    commit(store, new Change.Put(key("a"), deleting, 1));
    commit(store, put(key("a"), 1, 2));
    assertThat(store.view().get(key("a"))).hasValueSatisfying(it -> assertThat(n(it)).isOne());
  }
}
