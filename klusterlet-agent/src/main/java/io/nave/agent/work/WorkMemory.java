package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.work.ManifestIdentity;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known of one work only until the next restart. Used by one worker at a time.
final class WorkMemory {
  /// What this agent's last write of an object became.
  ///
  /// @param manifestDigest of the manifest that was written
  /// @param objectDigest of the object as the server answered, see `ManifestMerge.digest`
  record Written(String manifestDigest, String objectDigest, long revision) {}

  final TreeMap<ManifestIdentity, Written> written = new TreeMap<>();
  final RepairBudget budget;
  final Troubles troubles = new Troubles();

  /// Passes in a row with a manifest that could not be applied.
  int failures;

  /// Whether the last status could not be told to the hub.
  boolean unsent;

  /// The work as the hub answered this agent's last write; the cache may lag behind it.
  @Nullable ApiObject reported;

  /// The uid of the work after all of it was removed and the hub was told; the cache may still show
  /// it for a moment.
  @Nullable String released;

  /// Whether the last pass left all manifests applied; read by other tasks.
  volatile boolean applied;

  WorkMemory(long nanoTime) {
    budget = new RepairBudget(nanoTime);
  }

  /// The newer of what a cache shows and what an own write brought.
  static @Nullable ApiObject newer(@Nullable ApiObject cached, @Nullable ApiObject written) {
    if (cached == null || written == null || !cached.uid().equals(written.uid())) {
      return cached;
    }
    return cached.revision() >= written.revision() ? cached : written;
  }
}
