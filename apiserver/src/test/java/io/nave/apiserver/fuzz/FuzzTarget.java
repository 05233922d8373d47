package io.nave.apiserver.fuzz;

import java.nio.charset.StandardCharsets;

/// One parser, or a few that read the same: takes any bytes, and throws when the parser breaks what
/// it promises. What the parser may refuse with, it refuses with silently.
interface FuzzTarget {
  void feed(byte[] input);

  static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  /// @param broken told when the promise does not hold
  static void require(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken);
    }
  }
}
