package io.nave.apiserver.http;

import java.util.concurrent.atomic.AtomicLong;

/// A bound on the bytes of all request bodies that are held at once.
final class BodyBudget {
  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();

  BodyBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// @return false when it is spent
  boolean take(int bytes) {
    if (held.addAndGet(bytes) > bytesMax) {
      held.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(int bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }
}
