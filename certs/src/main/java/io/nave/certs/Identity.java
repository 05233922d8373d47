package io.nave.certs;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BMPString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/// Who a certificate speaks for, as Kubernetes reads it: the common name is the user, each
/// organisation is a group.
///
/// @param commonName not blank, no control characters
/// @param organisations in the order of the subject, each once
public record Identity(String commonName, List<String> organisations) {
  /// Enough for any group list; what is longer is an attack on those who print or compare it.
  static final int VALUE_CHARS_MAX = 1024;

  static final int ORGANISATIONS_MAX = 64;

  /// @throws IllegalArgumentException naming the part that is blank, too long or unprintable
  public Identity {
    organisations = List.copyOf(new LinkedHashSet<>(organisations));
    check("common name", commonName);
    organisations.forEach(each -> check("organisation", each));
    if (organisations.size() > ORGANISATIONS_MAX) {
      throw new IllegalArgumentException(
          "the subject must have at most %d organisations, had %d"
              .formatted(ORGANISATIONS_MAX, organisations.size()));
    }
  }

  /// The subject of a certificate. Values are taken as they stand in the DER: no escaping, no
  /// splitting at commas, multi-valued parts read whole.
  ///
  /// @throws BadCertificate when there is not exactly one common name, or a value is unusable
  public static Identity of(X509Certificate certificate) {
    try {
      return of(X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()));
    } catch (IllegalArgumentException e) {
      throw new BadCertificate("certificate " + e.getMessage(), e);
    }
  }

  /// Whether both name the same user and the same groups, in whatever order.
  public boolean sameAs(Identity other) {
    return commonName.equals(other.commonName)
        && Set.copyOf(organisations).equals(Set.copyOf(other.organisations));
  }

  /// @throws IllegalArgumentException saying what is wrong with the subject
  static Identity of(X500Name subject) {
    var names = values(subject, BCStyle.CN);
    if (names.size() != 1) {
      throw new IllegalArgumentException(
          "subject must have exactly one common name (CN), had " + names.size());
    }
    return new Identity(names.getFirst(), values(subject, BCStyle.O));
  }

  /// Organisations first, then the common name, each in a part of its own, as Go encodes them.
  X500Name toName() {
    var builder = new X500NameBuilder(BCStyle.INSTANCE);
    // The overload that takes a String would read a leading '#' as hexadecimal.
    organisations.forEach(each -> builder.addRDN(BCStyle.O, new DERUTF8String(each)));
    return builder.addRDN(BCStyle.CN, new DERUTF8String(commonName)).build();
  }

  private static List<String> values(X500Name subject, ASN1ObjectIdentifier type) {
    var found = new ArrayList<String>();
    for (var part : subject.getRDNs()) {
      for (var pair : part.getTypesAndValues()) {
        if (pair.getType().equals(type)) {
          found.add(text(pair.getValue()));
        }
      }
    }
    return found;
  }

  private static String text(ASN1Encodable value) {
    return switch (value) {
      case ASN1UTF8String _, ASN1PrintableString _, ASN1IA5String _, ASN1BMPString _ ->
          ((ASN1String) value).getString();
      default ->
          throw new IllegalArgumentException(
              "subject has a name that is not text but " + value.getClass().getSimpleName());
    };
  }

  private static void check(String what, String value) {
    if (value.isBlank() || value.length() > VALUE_CHARS_MAX) {
      throw new IllegalArgumentException(
          "subject %s must hold 1 to %d characters, was %d and blank: %s"
              .formatted(what, VALUE_CHARS_MAX, value.length(), value.isBlank()));
    }
    if (value.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("subject " + what + " must hold no control character");
    }
  }
}
