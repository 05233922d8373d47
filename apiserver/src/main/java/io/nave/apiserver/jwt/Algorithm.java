package io.nave.apiserver.jwt;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Optional;

/// The signatures that are believed, by their names in RFC 7518.
enum Algorithm {
  RS256("SHA256withRSA", 0),
  RS384("SHA384withRSA", 0),
  RS512("SHA512withRSA", 0),
  ES256("SHA256withECDSAinP1363Format", 256),
  ES384("SHA384withECDSAinP1363Format", 384),
  ES512("SHA512withECDSAinP1363Format", 521);

  /// What a modulus must have to be believed, and may have to cost no more than a millisecond.
  private static final int RSA_BITS_MIN = 2048;

  private static final int RSA_BITS_MAX = 8192;

  private final String signature;
  private final int curveBits; // 0: RSA

  Algorithm(String signature, int curveBits) {
    this.signature = signature;
    this.curveBits = curveBits;
  }

  /// The JDK's name of it.
  String signature() {
    return signature;
  }

  static Optional<Algorithm> named(String name) {
    for (var each : values()) {
      if (each.name().equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /// Whether a key of this kind and size makes such signatures.
  boolean fits(Key key) {
    return switch (key) {
      case ECKey ec -> curveBits == ec.getParams().getOrder().bitLength();
      case RSAKey rsa -> {
        var bits = rsa.getModulus().bitLength();
        yield curveBits == 0 && bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX;
      }
      default -> false;
    };
  }

  /// What a key signs with when nothing else is asked.
  static Optional<Algorithm> of(Key key) {
    for (var each : new Algorithm[] {ES256, ES384, ES512, RS256}) {
      if (each.fits(key)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
