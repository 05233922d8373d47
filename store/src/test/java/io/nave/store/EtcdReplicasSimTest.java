package io.nave.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.Host;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several stores on one etcd that is hard to reach, in virtual time.
final class EtcdReplicasSimTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int CLIENTS = 6;
  private static final int OPERATIONS = 25;

  static LongStream seeds() {
    return Samples.seeds(40);
  }

  /// What the simulated task has to tell the test.
  private static final class Outcome {
    RecordedHistory.Verdict verdict = new RecordedHistory.Verdict(List.of("never judged"), 0, 0);
    boolean same;
  }

  /// - Goal: linearizable over both stores, nothing lost, nothing twice, and every watcher comes to
  ///   the end of what was written, whatever calls go unanswered and whatever a watch leaves out.
  /// - Method: clients and watchers of both stores; one call or answer in thirty goes wrong.
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void whoeverWatchesHearsOfAllAlthoughAnswersAreLost(long seed) {
    var outcome = new Outcome();
    try (var world = new SimWorld(seed)) {
      var host = world.host("hubs");
      host.start("main", () -> run(host, outcome));
      world.run(Duration.ofMinutes(20));
      assertThat(world.taskFailures()).isEmpty();
    }
    assertThat(outcome.verdict.faults()).isEmpty();
    assertThat(outcome.same).isTrue();
    assertThat(outcome.verdict.changes()).isGreaterThan(20);
  }

  private static void run(Host host, Outcome outcome) {
    var etcd = new SimEtcd(host, 30);
    var one = open(host, etcd);
    var two = open(host, etcd);
    var history = new RecordedHistory(host);
    for (int i = 0; i < CLIENTS; i++) {
      var store = i % 2 == 0 ? one : two;
      history.client(() -> store, OPERATIONS, i);
    }
    history.watcher(() -> one, 0);
    history.watcher(() -> two, 0);
    host.sleep(Duration.ofSeconds(2));
    etcd.calmDown();
    outcome.verdict = history.finish(CLIENTS, LONG);
    outcome.same = content(one).equals(content(two));
    one.close();
    two.close();
  }

  private static Store open(Host host, SimEtcd etcd) {
    while (true) {
      try {
        var engine =
            new EtcdEngine(
                host, etcd.link(), EtcdSettings.of(List.of("http://127.0.0.1:2379"), null));
        return EmbeddedStore.open(
            host, engine, Limits.defaults(), Sealer.none(), new SimpleMeterRegistry());
      } catch (StoreUnreachable e) {
        host.sleep(Duration.ofMillis(10));
      }
    }
  }

  private static List<String> content(Store store) {
    var all = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      var name = "k" + i;
      all.add(name + store.latest().get(Samples.key(name)).map(Samples::n));
    }
    return all;
  }
}
