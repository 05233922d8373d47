package io.nave.store;

import static io.nave.store.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.runtime.Mailbox;
import io.nave.runtime.RealHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HistoryTest {
  private static final int HELD = 10;

  private final RealHost host = RealHost.start("test");
  private final History history =
      new History(
          host,
          Limits.defaults().withHistory(HELD, 1 << 20),
          new StoreMetrics(new SimpleMeterRegistry()),
          0,
          Past.UNKNOWN);
  private long revision;
  private @Nullable ApiObject labelled;

  @AfterEach
  void close() {
    history.close();
    host.close();
  }

  private void change(String namespace) {
    var key = new StoreKey("works", namespace, "a");
    revision++;
    var next = object(key, 1).editMeta(meta -> meta.put("resourceVersion", "" + revision));
    var event = new WatchFeed.Event(WatchFeed.Kind.ADDED, null, next);
    history.append(List.of(new Batch.Applied(key, revision, event)));
    history.announce();
  }

  @Test
  void scopesThatHoldNothingAndAreNotFollowedAreForgotten() {
    for (int i = 0; i < 1000; i++) {
      change("ns" + i);
      history.watch(Scope.namespace("works", "watched" + i), revision, 1).close();
    }
    assertThat(history.lanes()).isEqualTo(1 + HELD);
    assertThat(history.feeds()).isZero();
  }

  @Test
  void aScopeThatComesAgainDoesNotPretendToKnowWhatWasForgotten() {
    change("quiet");
    for (int i = 0; i < 2 * HELD; i++) {
      change("busy");
    }
    var quiet = Scope.namespace("works", "quiet");
    assertThatThrownBy(() -> history.watch(quiet, 0, 1))
        .isInstanceOf(TooOld.class)
        .hasMessageContaining("works in quiet")
        .hasMessageContaining("only those after 11 are still held");
    try (var feed = history.watch(quiet, 11, 1)) {
      change("quiet");
      assertThat(feed.next(StoreContract.LONG)).isNotNull();
      assertThat(feed.progress()).isEqualTo(22);
    }
  }

  @Test
  void aScopeThatIsFollowedStays() {
    try (var feed = history.watch(Scope.namespace("works", "quiet"), 0, 1)) {
      for (int i = 0; i < 3 * HELD; i++) {
        change("busy");
      }
      change("quiet");
      assertThat(feed.next(StoreContract.LONG)).isNotNull();
      assertThat(feed.ended()).isEqualTo(WatchFeed.Ended.NO);
    }
    assertThat(history.feeds()).isZero();
  }

  private void label(String color) {
    var key = new StoreKey("requests", "", "a");
    var before = labelled;
    revision++;
    labelled =
        object(key, 1)
            .editMeta(meta -> {
              meta.put("resourceVersion", "" + revision);
              meta.putObject("labels").put("color", color);
            });
    var event = new WatchFeed.Event(WatchFeed.Kind.MODIFIED, before, labelled);
    history.append(List.of(new Batch.Applied(key, revision, event)));
    history.announce();
  }

  private void notice() {
    var noticed = history.labels().sorted(Snapshot.EMPTY.at(revision));
    assertThat(noticed.revision()).isEqualTo(revision);
  }

  private static List<Long> revisions(WatchFeed feed) {
    var found = new ArrayList<Long>();
    for (var event = feed.next(Duration.ZERO); event != null; event = feed.next(Duration.ZERO)) {
      found.add(event.revision());
    }
    return found;
  }

  @Test
  void theFirstWhoNamesALabelIsToldOfTheWholeBucketAndTheNextOfThatValueOnly() {
    var red = Scope.labelled("requests", "color", "red");
    label("red");
    try (var first = history.watch(red, 0, 100)) {
      notice();
      label("blue");
      label("red");
      label("blue");
      label("green");
      assertThat(revisions(first)).containsExactly(1L, 2L, 3L, 4L, 5L);
      try (var next = history.watch(red, 1, 100);
          var early = history.watch(red, 0, 100)) {
        label("red");
        label("red");
        assertThat(revisions(next))
            .as("what was or became red")
            .containsExactly(2L, 3L, 4L, 6L, 7L);
        assertThat(revisions(early)).as("from before it was noticed").hasSize(7);
      }
    }
  }

  @Test
  void aWatchFromBeforeALabelWasNoticedIsNarrowWhereNothingHappenedInBetween() {
    var red = Scope.labelled("requests", "color", "red");
    label("red");
    change("busy");
    history.watch(red, 1, 100).close();
    notice();
    try (var feed = history.watch(red, 1, 100)) {
      label("blue");
      label("green");
      assertThat(revisions(feed)).as("what was red").containsExactly(3L);
    }
  }

  @Test
  void aLaneOfALabelIsForgottenLikeOthersAndSaysSo() {
    var red = Scope.labelled("requests", "color", "red");
    history.watch(red, 0, 100).close();
    notice();
    label("red");
    for (int i = 0; i < 2 * HELD; i++) {
      change("busy");
    }
    assertThat(history.lanes()).as("works, and busy in it").isEqualTo(2);
    assertThatThrownBy(() -> history.watch(red, 1, 1))
        .isInstanceOf(TooOld.class)
        .hasMessageContaining("requests with color=red");
    try (var feed = history.watch(red, revision, 1)) {
      change("busy");
      assertThat(feed.next(Duration.ZERO)).isNull();
      assertThat(feed.progress()).isEqualTo(revision);
    }
  }

  @Test
  void onlySoManyLabelsOfABucketAreTold() {
    for (int i = 0; i < 100; i++) {
      history.watch(Scope.labelled("requests", "label" + i, "x"), 0, 1).close();
    }
    notice();
    label("red");
    var late = Scope.labelled("requests", "color", "red");
    label("blue");
    notice();
    label("blue");
    try (var feed = history.watch(late, 1, 100)) {
      assertThat(revisions(feed)).containsExactly(2L, 3L);
    }
  }

  /// - Goal: nobody stands still for ever: who follows is told of every change, or that it is over.
  /// - Method: followers that begin anew whenever they are ended, while everything is forgotten
  ///   again and again; a feed that was overlooked never comes to the last change.
  @Test
  void whoFollowsWhileEverythingIsForgottenComesToTheEndAllTheSame() {
    var ends = new ArrayList<Mailbox<String>>();
    var last = new AtomicLong(Long.MAX_VALUE);
    for (int i = 0; i < 6; i++) {
      var end = host.<String>mailbox(1);
      ends.add(end);
      host.start("follower", () -> end.offer(followed(last)));
    }
    for (int i = 0; i < 1_000; i++) {
      change("busy");
      history.restart(revision);
    }
    last.set(revision + 1);
    change("busy");
    assertThat(ends).allSatisfy(end -> assertThat(end.poll(StoreContract.LONG)).isEqualTo("done"));
    assertThat(history.feeds()).isZero();
    assertThat(history.lanes()).isEqualTo(2);
  }

  private String followed(AtomicLong last) {
    long seen = 0;
    while (seen < last.get()) {
      try (var feed = history.watch(Scope.namespace("works", "busy"), seen, 1_000)) {
        while (seen < last.get() && feed.ended() == WatchFeed.Ended.NO) {
          var event = feed.next(Duration.ofMillis(1));
          seen = event == null ? seen : event.revision();
        }
      } catch (TooOld e) {
        seen = history.revision();
      }
    }
    return "done";
  }
}
