package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.work.ManifestWork;
import org.jspecify.annotations.Nullable;

/// What to do about one work, from what the hub and the disk say of it.
sealed interface Decision {
  /// It was never taken on, or is over.
  record Nothing() implements Decision {}

  /// Bring the cluster to what it says.
  ///
  /// @param fromHub whether the hub said so in this life of the agent; otherwise the disk did
  record Apply(ApiObject work, boolean fromHub) implements Decision {}

  /// It was deleted on the hub: remove what it brought.
  ///
  /// @param fromHub whether the hub still has it, waiting for this agent's finalizer
  record Remove(ApiObject work, boolean fromHub) implements Decision {}

  /// The hub answered and does not have it, though nobody was seen deleting it.
  ///
  /// @param work what it said when it was last seen, if that is known
  record Missed(@Nullable ApiObject work) implements Decision {}

  /// Pure: every branch is one row of `DecisionTest`.
  ///
  /// @param onHub the work as the hub shows it
  /// @param hubListed whether the hub has listed its works since this agent started
  /// @param saved what the agent remembers of it
  static Decision decide(@Nullable ApiObject onHub, boolean hubListed, @Nullable SavedWork saved) {
    if (onHub != null) {
      if (!onHub.deleting()) {
        return new Apply(onHub, true);
      }
      var held = onHub.finalizers().contains(ManifestWork.FINALIZER);
      return held || saved != null ? new Remove(onHub, true) : new Nothing();
    }
    if (saved != null && saved.work().deleting()) {
      return new Remove(saved.work(), false);
    }
    if (hubListed) {
      return new Missed(saved == null ? null : saved.work());
    }
    return saved == null ? new Nothing() : new Apply(saved.work(), false);
  }
}
