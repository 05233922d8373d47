package io.nave.apiserver.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A bound on how many of each user are inside at once, so that one who asks without end leaves
/// room for the others. Nobody waits. Holds one small entry for each user who is inside now.
final class Shares {
  private final int limit;
  private final Map<String, Integer> inside = new ConcurrentHashMap<>();

  /// @param limit for each user, at least 1
  Shares(int limit) {
    this.limit = Math.max(1, limit);
  }

  /// @return false when the user's share is used up; whoever got true calls [#leave] once
  boolean enter(String user) {
    var entered = new boolean[1];
    inside.compute(
        user,
        (_, now) -> {
          var count = now == null ? 0 : now;
          entered[0] = count < limit;
          return entered[0] ? count + 1 : count;
        });
    return entered[0];
  }

  void leave(String user) {
    inside.computeIfPresent(user, (_, now) -> now == 1 ? null : now - 1);
  }

  int limit() {
    return limit;
  }

  /// How many users are inside.
  int users() {
    return inside.size();
  }
}
