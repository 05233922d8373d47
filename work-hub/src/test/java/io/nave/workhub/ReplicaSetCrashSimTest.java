package io.nave.workhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Selection;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// - Goal: a hub that is killed after any write of a rollout goes on as if nothing had been: every
///   cluster gets its one work, none is made twice or lost, each template is recorded once.
/// - Method: the controllers die with the n-th write after a change, which is stored and never
///   answered, and are started again.
class ReplicaSetCrashSimTest extends SetBench {
  @ParameterizedTest(name = "with write {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aKilledHubGoesOn(int write) {
    decide("a b c d");
    killedAfter(write, () -> set(refs("{type: Progressive, progressive: {maxConcurrency: 2}}")));
    awaitVersions("a1 b1");
    List.of("a", "b").forEach(cluster -> report(cluster, false, false));
    awaitVersions("a1 b1 c1 d1");
    var born = works().stream().map(ApiObject::uid).toList();
    List.of("c", "d").forEach(cluster -> report(cluster, false, false));
    await(() -> web().status().summary() != null, "a summary");

    killedAfter(write, () -> version("2"));
    awaitVersions("a2 b2 c1 d1");
    List.of("a", "b").forEach(cluster -> report(cluster, false, false));
    awaitVersions("a2 b2 c2 d2");
    List.of("c", "d").forEach(cluster -> report(cluster, false, false));
    assertThat(works().stream().map(ApiObject::uid).toList())
        .as("changed, not made anew")
        .containsExactlyInAnyOrderElementsOf(born);

    killedAfter(write, () -> decide("a b"));
    awaitVersions("a2 b2");
    var recorded = new TreeSet<String>();
    for (var revision : client.list(REVISION, "default", Selection.all()).items()) {
      assertThat(recorded.add(revision.at("/spec/digest").asString())).as("recorded once").isTrue();
    }
    assertThat(recorded).hasSize(2);
  }

  /// A change, and a hub that dies with the n-th write it makes after that, or 10 seconds later.
  private void killedAfter(int write, Runnable change) {
    mortal.dieAfter(write);
    change.run();
    world.run(SOON);
    restartControllers();
  }
}
