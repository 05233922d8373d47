package io.nave.agent.work;

import io.nave.api.ApiObject;
import io.nave.work.WorkSequence;

/// Which of two states of a work is the earlier one, by the number the hub gives to each change of
/// a work; without numbers, as on upstream hubs, by generation. Pure.
final class Precedence {
  private Precedence() {}

  /// Whether the hub shows an earlier state than the one that was applied. A deletion is never
  /// older: it is what somebody wants now.
  static boolean isOlder(ApiObject onHub, ApiObject applied) {
    if (onHub.deleting()) {
      return false;
    }
    long offered = WorkSequence.of(onHub);
    long known = WorkSequence.of(applied);
    if (offered > 0 && known > 0) {
      return offered < known;
    }
    return onHub.uid().equals(applied.uid()) && onHub.generation() < applied.generation();
  }

  static String text(ApiObject onHub, ApiObject applied) {
    return "the hub offers an earlier state (generation %d, number %d) than is applied here (generation"
            .formatted(onHub.generation(), WorkSequence.of(onHub))
        + " %d, number %d); change the work on the hub to go on from there"
            .formatted(applied.generation(), WorkSequence.of(applied));
  }
}
