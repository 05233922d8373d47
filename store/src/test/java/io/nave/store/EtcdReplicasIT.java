package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.object;
import static io.nave.store.Samples.put;
import static io.nave.store.StoreContract.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.RealHost;
import io.nave.store.Store.Change;
import io.nave.testkit.EtcdServer;
import io.nave.testkit.NeedsEtcd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several stores on one real etcd.
@NeedsEtcd
@Timeout(300)
final class EtcdReplicasIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path dir;

  private final RealHost host = RealHost.start("test");
  private final List<Store> opened = new ArrayList<>();
  private EtcdServer etcd;

  @BeforeEach
  void start() {
    etcd = EtcdServer.start(dir);
  }

  @AfterEach
  void stop() {
    opened.forEach(Store::close);
    host.close();
    etcd.close();
  }

  private Store open() {
    return open(Sealer.none());
  }

  private Store open(Sealer sealer) {
    var engine = EtcdEngine.open(host, EtcdSettings.of(List.of(etcd.url()), null));
    var store =
        EmbeddedStore.open(host, engine, Limits.defaults(), sealer, new SimpleMeterRegistry());
    opened.add(store);
    return store;
  }

  @Test
  void eachHearsOfEveryChangeOfTheOtherAsItWas() {
    var one = open();
    var two = open();
    try (var feed = two.watch(BUCKET, 0, 100)) {
      var last = object(key("b"), 42);
      commit(one, put(key("a"), 1), put(key("a"), 2), put(key("b"), 3));
      commit(one, new Change.Delete(key("b"), last, Change.ANY), put(key("c"), 4));
      commit(two, delete(key("c")));
      var events = take(feed, 6);
      assertThat(StoreContract.revisions(events)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
      assertThat(events)
          .extracting(event -> n(event.after()))
          .containsExactly(1L, 2L, 3L, 42L, 4L, 4L);
      assertThat(n(events.get(3).before())).isEqualTo(3);
      assertThat(two.view().list(BUCKET, "")).isEqualTo(one.latest().list(BUCKET, ""));
    }
  }

  /// Fails at once where a store judges by what it happens to have heard so far.
  @Test
  void nobodyIsRefusedForWhatAnotherHasChangedMeanwhile() {
    var one = open();
    var two = open();
    for (int i = 1; i <= 30; i++) {
      commit(one, put(key("a"), i));
      commit(two, delete(key("a")));
    }
    assertThat(one.latest().get(key("a"))).isEmpty();
  }

  @Test
  void aReadOfTheLatestSeesWhatWasAcknowledgedElsewhere() {
    var one = open();
    var two = open();
    for (int i = 1; i <= 50; i++) {
      commit(i % 2 == 0 ? one : two, put(key("a"), i));
      assertThat(n((i % 2 == 0 ? two : one).latest().get(key("a")).orElseThrow())).isEqualTo(i);
    }
  }

  @Test
  void aCommitThatIsTooLargeForOneTransactionIsWrittenInSeveral() {
    var one = open();
    var two = open();
    var changes = new ArrayList<Change>();
    for (int i = 0; i < 300; i++) {
      changes.add(put(key("o" + i), i));
    }
    assertThat(one.commit(changes)).hasSize(300);
    assertThat(two.latest().count(BUCKET, "")).isEqualTo(300);
    assertThat(two.latest().revision()).isEqualTo(300);
  }

  /// - Goal: linearizable over both stores while etcd is killed and comes back; nothing is lost,
  ///   nothing is applied twice.
  /// - Method: clients of both; etcd is killed under load twice; what they saw is judged.
  @Test
  void whatClientsOfBothSeeCouldHaveHappenedOneByOneAlthoughEtcdIsKilled() {
    var one = open();
    var two = open();
    var history = new RecordedHistory(host);
    for (int i = 0; i < 6; i++) {
      var store = i % 2 == 0 ? one : two;
      history.client(() -> store, 40, i);
    }
    history.watcher(() -> one, 0);
    history.watcher(() -> two, 0);
    for (int kill = 0; kill < 2; kill++) {
      host.sleep(Duration.ofMillis(300));
      etcd.kill();
      etcd.start();
    }
    var verdict = history.finish(6, LONG);
    assertThat(verdict.faults()).isEmpty();
    // A read that met no etcd saw nothing, so it is not in the history.
    assertThat(verdict.operations()).isBetween(6 * 40 - 60, 6 * 40);
    assertThat(verdict.changes()).isEqualTo((int) one.latest().revision()).isGreaterThan(50);
  }

  @Test
  void whoFollowsBeginsAnewWhenEtcdForgotWhatItHadToTell() {
    var one = open();
    commit(one, put(key("a"), 1));
    var settings = EtcdSettings.of(List.of(etcd.url()), null);
    var link = JetcdLink.open(settings);
    var late = new EtcdEngine(host, link, settings);
    late.load((_, _, _) -> {});
    for (int i = 2; i <= 20; i++) {
      commit(one, put(key("a"), i));
    }
    link.compact(link.range("/nave/head", "/nave/head\0", 1, 0).revision());
    var poked = host.<String>mailbox(10);
    late.follow(() -> poked.offer("poke"));
    assertThat(poked.poll(LONG)).isEqualTo("poke");
    assertThat(late.news())
        .singleElement()
        .isInstanceOfSatisfying(
            SharedEngine.News.Reset.class, reset -> assertThat(reset.revision()).isEqualTo(20));
    late.close();
  }

  @Test
  void secretsAreSealedInEtcdAndOpenOnlyWithTheKey() {
    var keys = EncryptionKeys.parse("keys", EncryptionKeys.renewed(host.secureRandom(), null));
    var sealer = Sealer.of(keys, java.util.Set.of(Samples.OTHER), host.secureRandom());
    var secret = new StoreKey(Samples.OTHER, "default", "s");
    var one = open(sealer);
    var two = open(sealer);
    commit(one, put(secret, 4711), put(key("a"), 4711));
    assertThat(two.latest().get(secret)).map(Samples::n).contains(4711L);
    commit(two, delete(secret), put(secret, 4712));
    assertThat(one.latest().get(secret)).map(Samples::n).contains(4712L);
    var link = JetcdLink.open(EtcdSettings.of(List.of(etcd.url()), null));
    var text = new StringBuilder();
    link.range("/nave/", "/nave0", 100, 0)
        .items()
        .forEach(item -> text.append(new String(item.value())));
    assertThat(text.toString()).contains("NSE1").doesNotContain("4712");
    link.close();
    assertThatThrownBy(() -> open()).isInstanceOf(StoreBroken.class).hasMessageContaining("key");
  }
}
