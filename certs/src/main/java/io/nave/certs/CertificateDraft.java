package io.nave.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/// A certificate being written. Used by one thread, thrown away after signing.
final class CertificateDraft {
  /// 128 bits cannot be guessed and never collide; RFC 5280 allows up to 160.
  private static final int SERIAL_BITS = 128;

  private final BigInteger serial;
  private final X500Name subject;
  private final SubjectPublicKeyInfo key;
  private final ExtensionsGenerator extensions = new ExtensionsGenerator();
  private Instant notBefore = Instant.MIN;
  private Instant notAfter = Instant.MIN;

  private CertificateDraft(BigInteger serial, X500Name subject, SubjectPublicKeyInfo key) {
    this.serial = serial;
    this.subject = subject;
    this.key = key;
  }

  static CertificateDraft of(SecureRandom random, X500Name subject, SubjectPublicKeyInfo key) {
    BigInteger serial;
    do {
      serial = new BigInteger(SERIAL_BITS, random);
    } while (serial.signum() == 0); // RFC 5280: positive
    return new CertificateDraft(serial, subject, key);
  }

  static CertificateDraft of(SecureRandom random, X500Name subject, KeyPair pair) {
    return of(random, subject, SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
  }

  CertificateDraft valid(Instant from, Instant until) {
    notBefore = from;
    notAfter = until;
    return this;
  }

  CertificateDraft usages(Set<Usage> usages) {
    int bits = usages.stream().mapToInt(each -> each.bit).reduce(0, (a, b) -> a | b);
    if (bits != 0) {
      add(Extension.keyUsage, true, new KeyUsage(bits));
    }
    var purposes = usages.stream().map(Usage::purpose).filter(Objects::nonNull);
    add(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    return this;
  }

  CertificateDraft alternatives(@Nullable GeneralNames names) {
    if (names != null) {
      add(Extension.subjectAlternativeName, false, names);
    }
    return this;
  }

  /// Ends as the certificate of an authority.
  X509Certificate selfSigned(PrivateKey own) {
    authority();
    return build(subject, own);
  }

  /// Ends as the certificate of an authority that another one vouches for.
  X509Certificate bridgedBy(Credential other) {
    authority();
    var issuer = holder(other.certificate());
    add(Extension.authorityKeyIdentifier, false, identifierOf(issuer));
    return build(issuer.getSubject(), other.key());
  }

  private void authority() {
    int bits = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;
    add(Extension.keyUsage, true, new KeyUsage(bits));
    // Go and OpenSSL hold a root to its own path length too, so there is room for its bridges.
    add(Extension.basicConstraints, true, new BasicConstraints(Succession.FORMER_MAX));
    add(Extension.subjectKeyIdentifier, false, keyIdentifier(key));
  }

  /// Ends as a certificate that signs nothing.
  X509Certificate signedBy(Credential authority) {
    var issuer = holder(authority.certificate());
    add(Extension.basicConstraints, true, new BasicConstraints(false));
    add(Extension.authorityKeyIdentifier, false, identifierOf(issuer));
    return build(issuer.getSubject(), authority.key());
  }

  private X509Certificate build(X500Name issuer, PrivateKey signing) {
    var builder =
        new X509v3CertificateBuilder(
            issuer, serial, Date.from(notBefore), Date.from(notAfter), subject, key);
    try {
      var all = extensions.generate();
      for (var id : all.getExtensionOIDs()) {
        builder.addExtension(all.getExtension(id));
      }
      return Certificates.fromDer(builder.build(Signatures.signer(signing)).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("a new certificate could not be encoded", e);
    }
  }

  private void add(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
    try {
      extensions.addExtension(id, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException("the extension " + id + " could not be encoded", e);
    }
  }

  private static SubjectKeyIdentifier keyIdentifier(SubjectPublicKeyInfo key) {
    return new BcX509ExtensionUtils().createSubjectKeyIdentifier(key);
  }

  /// An authority made elsewhere may have computed its identifier in another way: take its word.
  private static AuthorityKeyIdentifier identifierOf(X509CertificateHolder issuer) {
    var told = SubjectKeyIdentifier.fromExtensions(issuer.getExtensions());
    var used = told != null ? told : keyIdentifier(issuer.getSubjectPublicKeyInfo());
    return new AuthorityKeyIdentifier(used.getKeyIdentifier());
  }

  private static X509CertificateHolder holder(X509Certificate certificate) {
    try {
      return new X509CertificateHolder(Certificates.der(certificate));
    } catch (IOException e) {
      throw new BadCertificate("the authority's certificate cannot be read again", e);
    }
  }
}
