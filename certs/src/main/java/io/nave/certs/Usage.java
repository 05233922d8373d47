package io.nave.certs;

import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/// What a key may be used for, by the names Kubernetes gives them in
/// `CertificateSigningRequest.spec.usages`.
public enum Usage {
  DIGITAL_SIGNATURE("digital signature", KeyUsage.digitalSignature),
  KEY_ENCIPHERMENT("key encipherment", KeyUsage.keyEncipherment),
  CLIENT_AUTH("client auth", 0),
  SERVER_AUTH("server auth", 0);

  private final String text;
  final int bit;

  Usage(String text, int bit) {
    this.text = text;
    this.bit = bit;
  }

  /// The Kubernetes name.
  public String text() {
    return text;
  }

  /// The usage of that Kubernetes name, or empty for one that Nave does not grant.
  public static Optional<Usage> named(String text) {
    for (var usage : values()) {
      if (usage.text.equals(text)) {
        return Optional.of(usage);
      }
    }
    return Optional.empty();
  }

  /// The entry among the extended usages, or null when it is a bit of the plain ones.
  @Nullable KeyPurposeId purpose() {
    return switch (this) {
      case CLIENT_AUTH -> KeyPurposeId.id_kp_clientAuth;
      case SERVER_AUTH -> KeyPurposeId.id_kp_serverAuth;
      case DIGITAL_SIGNATURE, KEY_ENCIPHERMENT -> null;
    };
  }
}
