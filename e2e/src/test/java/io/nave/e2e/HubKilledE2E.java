package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.runtime.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/// `kill -9` of a real hub under load over HTTPS. `-Dkills=100 -Dsurefire.timeout=9000` for the
/// long run: each costs the start of a hub.
class HubKilledE2E {
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final int KILLS = Integer.getInteger("kills", 5);
  private static final int WRITERS = 6;
  private static final int WRITES_BEFORE_KILL = 40;

  /// Far more than a kill and a start take, as machines are busy.
  private static final Duration KILL_MAX = Duration.ofSeconds(90);

  private final Path folder = Folders.fresh(getClass());
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

  /// - Goal: an acknowledged write survives `kill -9`, and no write is half there.
  /// - Method: each writer raises the number in its own object, in two fields at once; after every
  ///   kill and restart each object has at least the number that was acknowledged, twice.
  @Test
  void nothingAcknowledgedIsLostWhenTheHubIsKilled() {
    assertTimeoutPreemptively(KILL_MAX.multipliedBy(KILLS), this::killAgainAndAgain);
  }

  private void killAgainAndAgain() throws InterruptedException {
    try (var hub = HubProgram.start(folder)) {
      for (int kill = 0; kill < KILLS; kill++) {
        load(hub);
        hub.restart();
        compare(hub);
      }
    }
    assertThat(acknowledged).hasSize(WRITERS);
  }

  private void load(HubProgram hub) throws InterruptedException {
    try (var remote = Remote.open(hub.administrator())) {
      var writers = new Thread[WRITERS];
      for (int i = 0; i < WRITERS; i++) {
        var name = "w" + i;
        writers[i] = Thread.ofVirtual().start(() -> write(remote, name));
      }
      long before = total();
      Until.holds("writes to be acknowledged", () -> total() >= before + WRITES_BEFORE_KILL);
      hub.kill();
      for (var writer : writers) {
        writer.join();
      }
    }
  }

  private long total() {
    return acknowledged.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Until the hub is gone.
  private void write(Remote remote, String name) {
    try {
      long value = acknowledged.getOrDefault(name, 0L);
      while (true) {
        put(remote, name, ++value);
        acknowledged.put(name, value);
      }
    } catch (Transport.Unreachable | ApiError e) {
      return;
    }
  }

  private static void put(Remote remote, String name, long value) {
    var key = Key.of("default", name);
    var text = Long.toString(value);
    var patch = Patch.merge(tree -> tree.putObject("data").put("one", text).put("two", text));
    try {
      remote.client().patch(CONFIG_MAP, key, "", patch);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND)) {
        throw e;
      }
      var fresh = ApiObject.named(CONFIG_MAP, "default", name);
      remote
          .client()
          .create(
              CONFIG_MAP,
              fresh.edit(tree -> tree.putObject("data").put("one", text).put("two", text)));
    }
  }

  private void compare(HubProgram hub) {
    try (var remote = Remote.open(hub.administrator())) {
      var found = remote.client().list(CONFIG_MAP, "default", Selection.all());
      var numbers = new ConcurrentHashMap<String, Long>();
      for (var object : found.items()) {
        if (object.name().startsWith("w")) {
          assertThat(object.at("/data/one")).isEqualTo(object.at("/data/two"));
          numbers.put(object.name(), object.at("/data/one").asLong());
        }
      }
      acknowledged.forEach((name, value) ->
          assertThat(numbers.getOrDefault(name, 0L)).as(name).isGreaterThanOrEqualTo(value));
      acknowledged.putAll(numbers);
    }
  }
}
