package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.runtime.Transport.Unreachable;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

final class CacheTest {
  private static final ResourceType THINGS = ResourceType.of("g", "v1", "Thing", "things", true);
  private static final Duration SOON = Duration.ofSeconds(2);

  /// What the tests decode to; a colour is what they index by.
  private record Thing(String name, String colour) {
    static Thing of(ApiObject object) {
      var colour = object.at("/spec/colour").asString("");
      if (colour.equals("undecodable")) {
        throw ApiError.badRequest("spec.colour: no such colour");
      }
      return new Thing(object.name(), colour);
    }
  }

  private final SimWorld world = new SimWorld(1);
  private final SimHost host = world.host("hub");
  private final InMemoryApi api = new InMemoryApi(host);
  private final List<String> changes = new ArrayList<>();
  private final Cache<Thing> cache =
      new Cache<>(host, api, Cache.Scope.all(THINGS), Thing::of)
          .index("colour", thing -> List.of(thing.colour()))
          .onChange(this::note);

  private void note(Cache.Change<Thing> change) {
    var before = change.before() == null ? "-" : change.before().colour();
    var after = change.after() == null ? "-" : change.after().colour();
    changes.add(change.key() + ":" + before + ">" + after);
  }

  @AfterEach
  void closeTheWorld() {
    world.close();
    assertThat(world.taskFailures()).isEmpty();
  }

  private static ApiObject thing(String namespace, String name, String colour) {
    return ApiObject.named(THINGS, namespace, name)
        .edit(tree -> tree.putObject("spec").put("colour", colour));
  }

  private void start() {
    cache.start();
    assertThat(cache.awaitSynced(Duration.ofSeconds(30))).isTrue();
  }

  /// - Goal: a cache that keeps bytes shows and tells the same as one that keeps what was decoded,
  ///   and lets go of that.
  @Test
  void aLeanCacheDecodesWhatIsLookedAt() {
    var decoded = new ArrayList<String>();
    var lean =
        new Cache<>(
                host,
                api,
                Cache.Scope.all(THINGS),
                object -> {
                  decoded.add(object.name());
                  return Thing.of(object);
                })
            .lean()
            .index("colour", thing -> List.of(thing.colour()))
            .onChange(this::note);
    api.store(thing("a", "x", "red"));
    int others = CacheContents.Recent.KEPT; // which push it out of those that were looked at last
    for (int i = 0; i < others; i++) {
      api.store(thing("z", "other" + i, "green"));
    }
    lean.start();
    assertThat(lean.awaitSynced(Duration.ofSeconds(30))).isTrue();
    world.runUntil(
        () -> {
          System.gc();
          decoded.clear();
          return lean.get(Key.of("a", "x")).isPresent() && !decoded.isEmpty();
        },
        SOON);
    assertThat(decoded).as("nobody holds it").containsExactly("x");
    System.gc();
    assertThat(lean.get(Key.of("a", "x"))).isPresent();
    assertThat(decoded).as("looked at a moment ago").containsExactly("x");
    api.store(thing("a", "x", "blue"));
    world.runUntil(() -> changes.size() == others + 2, SOON);
    assertThat(changes)
        .filteredOn(change -> change.startsWith("a/"))
        .containsExactly("a/x:->red", "a/x:red>blue");
    assertThat(lean.byIndex("colour", "blue")).containsExactly(new Thing("x", "blue"));
    assertThat(lean.byIndex("colour", "red")).isEmpty();
    assertThat(lean.keys()).hasSize(others + 1).startsWith(Key.of("a", "x"));
    assertThat(lean.objects("a")).extracting(ApiObject::name).containsExactly("x");
    lean.close();
  }

  @Test
  void showsWhatIsThereInKeyOrder() {
    api.store(thing("b", "x", "red"));
    api.store(thing("a", "y", "red"));
    api.store(thing("a", "x", "blue"));
    start();
    assertThat(cache.list()).extracting(Thing::name).containsExactly("x", "y", "x");
    assertThat(cache.list("a")).extracting(Thing::name).containsExactly("x", "y");
    assertThat(cache.list("")).isEmpty();
    assertThat(cache.get(Key.of("b", "x"))).contains(new Thing("x", "red"));
    assertThat(cache.get(Key.of("c", "x"))).isEmpty();
    assertThat(cache.object(Key.of("b", "x")).orElseThrow().resourceVersion()).isEqualTo("101");
    assertThat(cache.keysByIndex("colour", "red"))
        .containsExactly(Key.of("a", "y"), Key.of("b", "x"));
    assertThat(cache.byIndex("colour", "blue")).containsExactly(new Thing("x", "blue"));
    assertThat(cache.byIndex("colour", "green")).isEmpty();
    assertThat(changes).containsExactly("a/x:->blue", "a/y:->red", "b/x:->red");
  }

  @Test
  void followsChangesWithItsIndexes() {
    api.store(thing("a", "x", "red"));
    start();
    changes.clear();
    api.store(thing("a", "y", "red"));
    api.store(thing("a", "x", "blue"));
    api.remove(Key.of("a", "y"));
    world.run(SOON);
    assertThat(changes).containsExactly("a/y:->red", "a/x:red>blue", "a/y:red>-");
    assertThat(cache.byIndex("colour", "red")).isEmpty();
    assertThat(cache.byIndex("colour", "blue")).containsExactly(new Thing("x", "blue"));
    assertThat(api.lists).isEqualTo(1);
  }

  @Test
  void saysWhenItIsNotSyncedInTime() {
    api.down = new Unreachable("no network", null);
    cache.start();
    assertThat(cache.awaitSynced(Duration.ofSeconds(10))).isFalse();
    assertThat(cache.synced()).isFalse();
    api.down = null;
    assertThat(cache.awaitSynced(Duration.ofSeconds(40))).isTrue();
  }

  @Test
  void resumesAfterALostConnectionWithoutListing() {
    start();
    api.breakWatches();
    api.store(thing("a", "x", "red"));
    world.run(SOON);
    assertThat(changes).containsExactly("a/x:->red");
    assertThat(api.lists).isEqualTo(1);
    assertThat(api.watchesOpened).isEqualTo(2);
  }

  @Test
  void resumesWhenTheServerEndsTheWatch() {
    start();
    world.run(Duration.ofMinutes(5));
    api.endWatches();
    api.store(thing("a", "x", "red"));
    world.run(Duration.ofMillis(200));
    assertThat(cache.list()).hasSize(1);
    assertThat(api.lists).isEqualTo(1);
  }

  @Test
  void keepsWhatItHasWhileTheApiIsAway() {
    api.store(thing("a", "x", "red"));
    start();
    api.down = new Unreachable("no network", null);
    api.breakWatches();
    api.store(thing("a", "y", "red"));
    world.run(Duration.ofMinutes(10));
    assertThat(cache.list()).extracting(Thing::name).containsExactly("x");
    api.down = null;
    world.run(Duration.ofSeconds(31));
    assertThat(cache.list()).extracting(Thing::name).containsExactly("x", "y");
    assertThat(api.lists).isEqualTo(1);
  }

  @Test
  void triesLessOftenTheLongerTheApiIsAway() {
    start();
    api.down = ApiError.forbidden(THINGS, "", "not yours");
    api.breakWatches();
    world.run(Duration.ofMinutes(10));
    assertThat(api.refused).isBetween(25, 60); // 9 doublings, then every 15 to 30 s
    api.down = null;
    world.run(Duration.ofSeconds(31));
    assertThat(api.watchesOpened).isEqualTo(2);
  }

  @Test
  void listsAgainWhenItsRevisionIsTooOldAndTellsOnlyWhatDiffers() {
    api.store(thing("a", "same", "red"));
    api.store(thing("a", "changed", "red"));
    api.store(thing("a", "gone", "red"));
    start();
    changes.clear();
    api.down = new Unreachable("no network", null);
    api.breakWatches();
    world.run(SOON);
    api.remove(Key.of("a", "gone"));
    api.store(thing("a", "changed", "blue"));
    api.store(thing("a", "added", "red"));
    api.compact();
    api.down = null;
    world.run(Duration.ofSeconds(31));
    assertThat(changes).containsExactly("a/added:->red", "a/changed:red>blue", "a/gone:red>-");
    assertThat(cache.byIndex("colour", "red"))
        .extracting(Thing::name)
        .containsExactly("added", "same");
    assertThat(api.lists).isEqualTo(2);
  }

  @Test
  void bookmarksMoveItsRevisionSoThatItNeedNotListAgain() {
    start();
    api.store(thing("a", "x", "red"));
    api.bookmark();
    world.run(SOON);
    api.compact();
    api.breakWatches();
    world.run(SOON);
    assertThat(api.lists).isEqualTo(1);
    assertThat(cache.list()).hasSize(1);
  }

  @Test
  void leavesOutWhatCannotBeDecoded() {
    api.store(thing("a", "x", "undecodable"));
    api.store(thing("a", "y", "red"));
    start();
    assertThat(cache.list()).containsExactly(new Thing("y", "red"));
    api.store(thing("a", "y", "undecodable"));
    api.store(thing("a", "x", "blue"));
    world.run(SOON);
    assertThat(cache.list()).containsExactly(new Thing("x", "blue"));
    assertThat(changes).containsExactly("a/y:->red", "a/y:red>-", "a/x:->blue");
  }

  @Test
  void aFailingListenerDoesNotEndIt() {
    var fragile = Cache.of(host, api, Cache.Scope.all(THINGS));
    var told = new ArrayList<String>();
    fragile.onChange(change -> {
      told.add(change.key().name());
      if (told.size() == 1) {
        throw new IllegalStateException("a bug");
      }
    });
    fragile.start();
    assertThat(fragile.awaitSynced(SOON)).isTrue();
    api.store(thing("a", "x", "red"));
    world.run(SOON);
    api.store(thing("a", "y", "red"));
    world.run(SOON);
    assertThat(told).contains("x", "y");
    assertThat(fragile.list()).hasSize(2);
  }

  @Test
  void isWiredBeforeItStarts() {
    start();
    assertThatThrownBy(() -> cache.onChange(_ -> {})).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> cache.index("x", _ -> List.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cache::start).hasMessageContaining("was started before");
    assertThatThrownBy(() -> cache.byIndex("size", "xl"))
        .hasMessage("no index \"size\", there are [colour]");
  }

  @Test
  void stopsWhenClosed() {
    start();
    cache.close();
    api.store(thing("a", "x", "red"));
    world.run(Duration.ofMinutes(1));
    assertThat(cache.list()).isEmpty();
  }

  @Test
  void feedsAController() {
    var seen = new ArrayList<String>();
    Reconciler reconciler =
        key -> {
          seen.add(key + "=" + cache.get(key).map(Thing::colour).orElse("gone"));
          return new Outcome.Settled();
        };
    var controller =
        new Controller(
            host, "t", reconciler, Controller.Options.workers(1), new SimpleMeterRegistry());
    controller.follow(cache, change -> List.of(change.key()));
    controller.start();
    api.store(thing("a", "x", "red"));
    start();
    world.run(SOON);
    api.remove(Key.of("a", "x"));
    world.run(SOON);
    assertThat(seen).containsExactly("a/x=red", "a/x=gone");
  }

  /// - Goal: whatever happens to the connection, cache and indexes become what the API holds, and
  ///   the changes told add up to it.
  /// - Method: random writes, cuts, ends, compactions and outages; compared when all is quiet.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 30)
  void becomesEqualToTheApi(long seed) {
    try (var other = new SimWorld(seed)) {
      var machine = other.host("hub");
      var server = new InMemoryApi(machine);
      var told = new java.util.TreeMap<Key, Thing>();
      var copy =
          new Cache<>(machine, server, Cache.Scope.all(THINGS), Thing::of)
              .index("colour", thing -> List.of(thing.colour()))
              .onChange(change -> {
                assertThat(told.get(change.key())).isEqualTo(change.before());
                if (change.after() == null) {
                  told.remove(change.key());
                } else {
                  told.put(change.key(), change.after());
                }
              })
              .start();
      var random = machine.random();
      var colours = List.of("red", "green", "blue");
      for (var i = 0; i < 400; i++) {
        var name = "t" + random.nextInt(12);
        switch (random.nextInt(12)) {
          case 0 -> server.breakWatches();
          case 1 -> server.endWatches();
          case 2 -> server.compact();
          case 3 -> server.down = new Unreachable("at random", null);
          case 4, 5 -> server.down = null;
          case 6, 7 -> server.remove(Key.of("n", name));
          case 8 -> server.bookmark();
          default -> server.store(thing("n", name, colours.get(random.nextInt(3))));
        }
        other.run(Duration.ofMillis(random.nextInt(100)));
      }
      server.down = null;
      other.run(Duration.ofMinutes(2));
      var wanted = server.all().stream().map(Thing::of).toList();
      assertThat(copy.list()).isEqualTo(wanted);
      assertThat(List.copyOf(told.values())).isEqualTo(wanted);
      for (var colour : colours) {
        assertThat(copy.byIndex("colour", colour))
            .isEqualTo(wanted.stream().filter(t -> t.colour().equals(colour)).toList());
      }
    }
  }
}
