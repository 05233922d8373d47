package io.nave.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/// A certificate with its private key: what one party shows in a TLS handshake. Prints without the
/// key.
///
/// @param chain the own certificate first, then each one's issuer; never empty
/// @param key belongs to the first certificate of the chain
public record Credential(List<X509Certificate> chain, PrivateKey key) {
  /// @throws BadKey when the key does not belong to the certificate: the pair was mixed up, or the
  ///   answer is to an older request
  public Credential {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new BadCertificate("a credential needs its certificate, found none");
    }
    var leaf = chain.getFirst();
    var own = KeyPairs.of(key).getPublic();
    if (!Arrays.equals(own.getEncoded(), leaf.getPublicKey().getEncoded())) {
      throw new BadKey(
          "the private key does not belong to the certificate " + Certificates.name(leaf));
    }
  }

  /// Reads the two parts as they lie in `tls.crt` and `tls.key`.
  ///
  /// @throws BadPem when one cannot be read or they do not belong together
  public static Credential of(String certificatePem, String keyPem) {
    return new Credential(
        Certificates.parse(certificatePem), KeyPairs.fromPem(keyPem).getPrivate());
  }

  /// The own certificate.
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// Who it speaks for.
  public Identity identity() {
    return Identity.of(certificate());
  }

  /// For `tls.crt`.
  public String certificatePem() {
    return Certificates.toPem(chain);
  }

  /// For `tls.key`: `EC PRIVATE KEY` for an EC key as client-go has it, else `PRIVATE KEY`. A
  /// secret.
  public String keyPem() {
    var pair = KeyPairs.of(key);
    return key.getAlgorithm().equals("EC") ? KeyPairs.toSec1Pem(pair) : KeyPairs.toPkcs8Pem(pair);
  }

  @Override
  public String toString() {
    return "credential %s until %s"
        .formatted(Certificates.name(certificate()), Certificates.notAfter(certificate()));
  }
}
