package io.nave.applications;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Names that fit, and stay the same for the same input.
final class Names {
  private static final int HASH = 8;

  private Names() {}

  /// The text, or its beginning and a hash of the whole when it is longer than `max`.
  static String bounded(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    var head = text.substring(0, max - HASH - 1).replaceAll("[^a-zA-Z0-9]+$", "");
    return head + "-" + hash(text);
  }

  /// Eight hex digits that depend on the whole text.
  static String hash(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
