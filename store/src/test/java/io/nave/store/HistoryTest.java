package io.nave.store;

import static io.nave.store.Samples.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.Mailbox;
import io.nave.runtime.RealHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
          0);
  private long revision;

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
