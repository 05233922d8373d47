package io.nave.agent.work;

/// How often an agent may write against someone who keeps changing the same work's objects back: a
/// burst at once, then one repair every few seconds. Without it two controllers that disagree would
/// keep cluster and agent busy for ever.
///
/// One worker uses it at a time.
final class RepairBudget {
  static final int BURST = 20;
  static final long REFILL_NANOS = 5_000_000_000L;

  private int left = BURST;
  private long refilledAt;

  RepairBudget(long nanoTime) {
    refilledAt = nanoTime;
  }

  /// Takes one repair.
  ///
  /// @return false when it has to wait
  boolean take(long nanoTime) {
    long earned = (nanoTime - refilledAt) / REFILL_NANOS;
    if (earned > 0) {
      left = (int) Math.min(BURST, left + earned);
      refilledAt += earned * REFILL_NANOS;
    }
    if (left == 0) {
      return false;
    }
    left--;
    return true;
  }
}
