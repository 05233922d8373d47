package io.nave.placement;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.controllers.Cache;
import io.nave.placement.api.PlacementDecision;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What this hub wrote and its cache does not show yet, so that nothing is decided on stale
/// decisions or written twice.
final class OwnWrites {
  private record Written(List<PlacementDecision> objects, long revision) {}

  private final Monitor monitor;
  private final Map<Key, Written> pending = new HashMap<>(); // under monitor; by key only

  OwnWrites(Host host) {
    this.monitor = host.monitor();
  }

  /// @param stored what the API answered to the writes of the decisions
  void wrote(Key placement, List<PlacementDecision> stands, List<Optional<ApiObject>> stored) {
    var last =
        stored.stream()
            .flatMap(Optional::stream)
            .filter(object -> object.kind().equals("PlacementDecision"))
            .mapToLong(object -> revision(object.resourceVersion()))
            .max()
            .orElse(0);
    if (last > 0) {
      try (var _ = monitor.lock()) {
        pending.put(placement, new Written(stands, last));
      }
    }
  }

  /// Takes note of what the cache shows now.
  ///
  /// @return whether it shows all that was written to this Placement's decisions
  boolean caughtUp(Key placement, Cache.Change<PlacementDecision> change) {
    var shown = change.after() == null ? change.before() : change.after();
    try (var _ = monitor.lock()) {
      var written = pending.get(placement);
      if (written != null
          && shown != null
          && revision(shown.metadata().resourceVersion()) >= written.revision()) {
        pending.remove(placement);
        return true;
      }
      return written == null;
    }
  }

  /// The decisions as they are after this hub's own writes.
  List<PlacementDecision> orWritten(Key placement, List<PlacementDecision> cached) {
    try (var _ = monitor.lock()) {
      var written = pending.get(placement);
      return written == null ? cached : written.objects();
    }
  }

  void forget(Key placement) {
    try (var _ = monitor.lock()) {
      pending.remove(placement);
    }
  }

  /// Revisions that are no numbers cannot be compared; then the cache is believed at once.
  private static long revision(String resourceVersion) {
    try {
      return Long.parseLong(resourceVersion);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
