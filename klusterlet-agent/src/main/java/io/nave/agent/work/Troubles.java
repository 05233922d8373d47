package io.nave.agent.work;

import io.nave.controllers.Backoff;
import io.nave.work.ManifestIdentity;
import java.time.Duration;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The manifests of one work that could not be applied, each with its own wait before the next try,
/// so that a bad one is neither hammered at nor keeps the others waiting. One worker at a time.
final class Troubles {
  private static final Backoff RETRY = new Backoff(Duration.ofMillis(250), Duration.ofMinutes(5));

  /// @param manifest what was tried; another one is tried at once
  private record Trouble(
      JsonNode manifest, int failures, long nextNanos, ManifestApplier.Result.Failed result) {}

  private final TreeMap<ManifestIdentity, Trouble> troubles = new TreeMap<>();

  /// Whether the manifest failed when it was last tried.
  boolean failed(Item item) {
    var trouble = troubles.get(item.identity());
    return trouble != null && trouble.manifest().equals(item.manifest());
  }

  /// How the manifest failed, if it is too early to try again.
  ManifestApplier.Result.@Nullable Failed waiting(Item item, long nowNanos) {
    var trouble = troubles.get(item.identity());
    return trouble != null
            && trouble.manifest().equals(item.manifest())
            && trouble.nextNanos() - nowNanos > 0
        ? trouble.result()
        : null;
  }

  void note(
      Item item, ManifestApplier.Result.Failed result, long nowNanos, RandomGenerator random) {
    var before = troubles.get(item.identity());
    int failures =
        before != null && before.manifest().equals(item.manifest()) ? before.failures() + 1 : 1;
    var wait = RETRY.after(failures, random);
    var atMost = result.retryWithin();
    if (atMost != null && wait.compareTo(atMost) > 0) {
      wait = atMost;
    }
    troubles.put(
        item.identity(), new Trouble(item.manifest(), failures, nowNanos + wait.toNanos(), result));
  }

  void clear(Item item) {
    troubles.remove(item.identity());
  }

  /// Forgets the manifests that left the work.
  void keep(Iterable<Item> items) {
    var kept = new TreeMap<ManifestIdentity, Trouble>();
    for (var item : items) {
      var trouble = troubles.get(item.identity());
      if (trouble != null) {
        kept.put(item.identity(), trouble);
      }
    }
    troubles.clear();
    troubles.putAll(kept);
  }

  /// Until the next try of any; null when nothing is in trouble.
  @Nullable Duration next(long nowNanos) {
    @Nullable Duration next = null;
    for (var trouble : troubles.values()) {
      var left = Duration.ofNanos(Math.max(0, trouble.nextNanos() - nowNanos));
      next = next == null || left.compareTo(next) < 0 ? left : next;
    }
    return next;
  }
}
