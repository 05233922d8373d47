package io.nave.apiserver.http;

import java.util.concurrent.atomic.AtomicInteger;

/// A bound on how many are inside at once. Nobody waits: who finds it full is told so.
final class Gate {
  private final int limit;
  private final AtomicInteger inside = new AtomicInteger();

  Gate(int limit) {
    this.limit = limit;
  }

  /// @return false when it is full; whoever got true calls [#leave] once
  boolean enter() {
    if (inside.incrementAndGet() > limit) {
      inside.decrementAndGet();
      return false;
    }
    return true;
  }

  void leave() {
    inside.decrementAndGet();
  }

  int inside() {
    return inside.get();
  }

  int limit() {
    return limit;
  }
}
