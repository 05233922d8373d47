package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.LeaderElection.Decision;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LeaderElectionTest {
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Key NAME = Key.of("kube-system", "leader");

  private static ApiObject lease(String holder) {
    return ApiObject.parse(
        """
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
         "metadata":{"name":"leader","namespace":"kube-system","resourceVersion":"1"},
         "spec":{"holderIdentity":"%s","leaseDurationSeconds":6,"leaseTransitions":3}}\
        """
            .formatted(holder)
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void aLeaseIsTakenWhenItIsFreeOrItsHolderIsSilent() {
    var brief = Duration.ofSeconds(6);
    var long_ = Duration.ofMillis(6001);
    assertThat(LeaderElection.decide(null, "a", brief)).isEqualTo(new Decision.Create());
    assertThat(LeaderElection.decide(lease("a"), "a", long_)).isEqualTo(new Decision.Renew());
    assertThat(LeaderElection.decide(lease("b"), "a", brief)).isEqualTo(new Decision.Wait());
    assertThat(LeaderElection.decide(lease("b"), "a", long_)).isEqualTo(new Decision.Take(4));
    assertThat(LeaderElection.decide(lease(""), "a", brief)).isEqualTo(new Decision.Take(4));
  }

  /// One Lease that all hosts see; a host can be cut off from it.
  private static final class Shared {
    private @Nullable ApiObject lease;
    private long revision;
  }

  private static final class Reach implements ApiClient {
    private final Shared shared;
    private final Host host;
    private boolean cut;

    Reach(Shared shared, Host host) {
      this.shared = shared;
      this.host = host;
    }

    private void travel() {
      host.sleep(Duration.ofMillis(1 + host.random().nextInt(20)));
      if (cut) {
        throw new Transport.Unreachable("cut off", new java.io.IOException("cut off"));
      }
    }

    @Override
    public ApiObject get(ResourceType type, Key key) {
      travel();
      var found = shared.lease;
      if (found == null) {
        throw ApiError.notFound(type, key.name());
      }
      return found;
    }

    @Override
    public ApiObject create(ResourceType type, ApiObject object) {
      travel();
      if (shared.lease != null) {
        throw ApiError.alreadyExists(type, object.name());
      }
      return put(object);
    }

    @Override
    public ApiObject update(ResourceType type, ApiObject object, String subresource) {
      travel();
      var found = shared.lease;
      if (found == null || !found.resourceVersion().equals(object.resourceVersion())) {
        throw ApiError.conflict(type, object.name(), "modified");
      }
      return put(object);
    }

    private ApiObject put(ApiObject object) {
      var next = Long.toString(++shared.revision);
      shared.lease = object.editMeta(meta -> meta.put("resourceVersion", next));
      return shared.lease;
    }

    @Override
    public Listing list(ResourceType type, String namespace, Selection selection) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(ResourceType type, Key key, @Nullable String uid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Watch watch(ResourceType type, String namespace, Selection selection, String from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Optional<ApiObject>> commit(List<Write> writes) {
      throw new UnsupportedOperationException();
    }
  }

  /// What leads: it must never be running twice.
  private static final class Running {
    private final List<String> now = new ArrayList<>();
    private int most;
    private int starts;

    AutoCloseable start(String who) {
      now.add(who);
      most = Math.max(most, now.size());
      starts++;
      return () -> now.remove(who);
    }
  }

  private record Candidate(SimHost host, Reach reach, LeaderElection[] election) {}

  private static Candidate candidate(SimWorld world, Shared shared, Running running, String name) {
    var host = world.host(name);
    var reach = new Reach(shared, host);
    var election = new LeaderElection[1];
    var settings = new LeaderElection.Settings(NAME, name, LEASE);
    host.start(
        "main",
        () -> election[0] = LeaderElection.start(host, reach, settings, _ -> running.start(name)));
    return new Candidate(host, reach, election);
  }

  /// - Goal: one leads at a time; a dead or cut off leader is replaced within seconds.
  /// - Method: three candidates in virtual time; the leader crashes, the next one is cut off.
  @ParameterizedTest(name = "-Dseed={0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aLeaderThatDiesOrIsCutOffIsReplacedWithinSecondsAndNeverDoubled(long seed) {
    var running = new Running();
    try (var world = new SimWorld(seed)) {
      var shared = new Shared();
      var all = new ArrayList<Candidate>();
      for (var name : List.of("a", "b", "c")) {
        all.add(candidate(world, shared, running, name));
      }
      world.runUntil(() -> running.now.size() == 1, Duration.ofSeconds(5));
      var dead = leader(all, running);
      dead.host().crash();
      running.now.clear();
      all.remove(dead);
      world.runUntil(() -> running.now.size() == 1, Duration.ofSeconds(10));
      var cut = leader(all, running);
      cut.reach().cut = true;
      world.run(Duration.ofSeconds(20));
      assertThat(running.now).hasSize(1).doesNotContain(cut.host().name());
      assertThat(cut.election()[0].leading()).isFalse();
      assertThatThrownBy(() -> cut.election()[0].fenced(cut.reach()).delete(null, NAME, null))
          .isInstanceOf(ApiError.class)
          .hasMessageContaining("does not lead");
      cut.reach().cut = false;
      world.run(Duration.ofMinutes(2));
      assertThat(running.starts).isEqualTo(3);
      assertThat(running.most).isEqualTo(1);
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  private static Candidate leader(List<Candidate> all, Running running) {
    return all.stream()
        .filter(each -> each.host().name().equals(running.now.getFirst()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aLeaderThatStopsGivesTheLeaseBackAtOnce() {
    var running = new Running();
    try (var world = new SimWorld(1)) {
      var shared = new Shared();
      var first = candidate(world, shared, running, "a");
      world.runUntil(() -> running.now.size() == 1, Duration.ofSeconds(5));
      candidate(world, shared, running, "b");
      world.run(Duration.ofSeconds(3));
      first.host().start("stop", () -> first.election()[0].close());
      world.run(Duration.ofSeconds(3));
      assertThat(running.now).containsExactly("b");
    }
  }
}
