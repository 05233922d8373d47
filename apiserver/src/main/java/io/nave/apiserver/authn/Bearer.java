package io.nave.apiserver.authn;

import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/// Reads the bearer token of a request.
final class Bearer {
  private static final String SCHEME = "bearer ";

  private Bearer() {}

  static Optional<String> token(Transport.Request request) {
    var header = request.headers().getOrDefault("authorization", "");
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    var token = header.substring(SCHEME.length()).strip();
    return token.isEmpty() ? Optional.empty() : Optional.of(token);
  }

  /// Compares in a time that does not tell where the two differ.
  static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }
}
