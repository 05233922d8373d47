package io.nave.certs;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// The keys we work with: EC on the three NIST curves, RSA of a sane size, Ed25519. Decided from
/// the identifiers alone, before any arithmetic: a huge modulus or an odd curve costs nothing.
///
/// @param algorithm the JDK's name of the key factory
/// @param bits size of the curve or the modulus
record KeyKind(String algorithm, int bits) {
  static final int RSA_BITS_MIN = 2048;
  static final int RSA_BITS_MAX = 8192;

  static final String SUPPORTED = "EC P-256, P-384 or P-521, RSA 2048 to 8192, or Ed25519";

  /// @throws IllegalArgumentException naming the key that is not supported
  static KeyKind of(SubjectPublicKeyInfo key) {
    var algorithm = key.getAlgorithm();
    if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return of(algorithm);
    }
    int bits = rsaBits(key);
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
      throw new IllegalArgumentException("key is RSA %d, expected %s".formatted(bits, SUPPORTED));
    }
    return new KeyKind("RSA", bits);
  }

  /// As [#of(SubjectPublicKeyInfo)], from the identifier of a private key; RSA has no size here.
  static KeyKind of(AlgorithmIdentifier algorithm) {
    var id = algorithm.getAlgorithm();
    if (id.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      return curve(algorithm);
    }
    if (id.equals(EdECObjectIdentifiers.id_Ed25519)) {
      return new KeyKind("Ed25519", 255);
    }
    if (id.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return new KeyKind("RSA", 0);
    }
    throw new IllegalArgumentException(
        "key has algorithm %s, expected %s".formatted(id, SUPPORTED));
  }

  private static KeyKind curve(AlgorithmIdentifier algorithm) {
    var parameters = algorithm.getParameters();
    if (SECObjectIdentifiers.secp256r1.equals(parameters)) {
      return new KeyKind("EC", 256);
    }
    if (SECObjectIdentifiers.secp384r1.equals(parameters)) {
      return new KeyKind("EC", 384);
    }
    if (SECObjectIdentifiers.secp521r1.equals(parameters)) {
      return new KeyKind("EC", 521);
    }
    throw new IllegalArgumentException(
        "key is on %s, expected %s"
            .formatted(
                parameters instanceof ASN1ObjectIdentifier curve
                    ? "the curve " + curve
                    : "a curve without a name",
                SUPPORTED));
  }

  private static int rsaBits(SubjectPublicKeyInfo key) {
    try {
      return RSAPublicKey.getInstance(key.parsePublicKey()).getModulus().bitLength();
    } catch (IOException e) {
      throw new IllegalArgumentException("key is not a readable RSA key", e);
    }
  }

  /// The name a person reads: `EC P-256`, `RSA 2048`, `Ed25519`.
  @Override
  public String toString() {
    return switch (algorithm) {
      case "EC" -> "EC P-" + bits;
      case "RSA" -> "RSA " + bits;
      default -> algorithm;
    };
  }
}
