package io.nave.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// X.509 certificates as text and back, and how to name one to a person.
public final class Certificates {
  static final String LABEL = "CERTIFICATE";

  private Certificates() {}

  /// The certificates of a PEM text, in their order; comment lines between them are skipped.
  ///
  /// @throws BadCertificate when there is none, or a block is something else or cannot be parsed
  public static List<X509Certificate> parse(String pem) {
    var found = new ArrayList<X509Certificate>();
    for (var block : blocks(pem)) {
      if (!block.label().equals(LABEL)) {
        throw new BadCertificate(
            "block %d is %s, expected CERTIFICATE".formatted(found.size() + 1, block.label()));
      }
      found.add(fromDer(block.der()));
    }
    if (found.isEmpty()) {
      throw new BadCertificate("no PEM block CERTIFICATE found");
    }
    return List.copyOf(found);
  }

  /// The certificates as PEM, in the given order.
  public static String toPem(List<X509Certificate> certificates) {
    var text = new StringBuilder();
    for (var certificate : certificates) {
      text.append(new Pem(LABEL, der(certificate)).encode());
    }
    return text.toString();
  }

  /// `sha256:` and the hash of the whole certificate in lower-case hex: what `openssl x509
  /// -fingerprint -sha256` shows, without the colons. Safe to log and to put into a token.
  public static String fingerprint(X509Certificate certificate) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(der(certificate));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static Instant notBefore(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant();
  }

  static Instant notAfter(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /// The common name of its subject; empty when it has none.
  public static String commonName(X509Certificate certificate) {
    var name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    var parts = name.getRDNs(BCStyle.CN);
    return parts.length == 0 ? "" : IETFUtils.valueToString(parts[0].getFirst().getValue());
  }

  /// Whether that authority's key signed it.
  public static boolean signedBy(X509Certificate certificate, X509Certificate authority) {
    if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /// The subject as a person reads it.
  static String name(X509Certificate certificate) {
    return "\"" + certificate.getSubjectX500Principal().getName() + "\"";
  }

  static X509Certificate fromDer(byte[] der) {
    try (var bytes = new ByteArrayInputStream(der)) {
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
      if (bytes.available() > 0) {
        throw new BadCertificate(bytes.available() + " bytes follow the certificate in its block");
      }
      return certificate;
    } catch (CertificateException | IOException e) {
      throw new BadCertificate("the block CERTIFICATE is not an X.509 certificate", e);
    }
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new BadCertificate("the certificate has no DER form", e);
    }
  }

  private static List<Pem> blocks(String pem) {
    try {
      return Pem.splitCommented(pem);
    } catch (BadPem e) {
      throw new BadCertificate("certificates: " + e.getMessage(), e);
    }
  }
}
