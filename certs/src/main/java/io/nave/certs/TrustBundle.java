package io.nave.certs;

import io.nave.certs.Untrusted.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The authorities one side believes: one in quiet times, two while an authority is being replaced.
///
/// Checks follow RFC 5280 by the JDK's path validator, at the time it is given. The JDK's own trust
/// store, its clock and revocation lists play no part.
public final class TrustBundle {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_USE = "2.5.29.37.0";
  private static final int KEY_CERT_SIGN = 5;

  /// A leaf and a few intermediates; each more costs the checking side a signature.
  static final int CHAIN_MAX = 8;

  private final List<X509Certificate> authorities;

  private TrustBundle(List<X509Certificate> authorities) {
    this.authorities = authorities;
  }

  /// @throws BadCertificate when there is none, or one is not that of an authority
  public static TrustBundle of(List<X509Certificate> authorities) {
    if (authorities.isEmpty()) {
      throw new BadCertificate("a trust bundle needs at least one certificate, found none");
    }
    authorities.forEach(TrustBundle::checkAuthority);
    return new TrustBundle(List.copyOf(new LinkedHashSet<>(authorities)));
  }

  /// Reads PEM certificates, one after the other, comments allowed.
  ///
  /// @throws BadCertificate as [#of(List)], or when the text cannot be read
  public static TrustBundle ofPem(String pem) {
    return of(Certificates.parse(pem));
  }

  public String toPem() {
    return Certificates.toPem(authorities);
  }

  /// The authorities, each once, in the order given.
  public List<X509Certificate> authorities() {
    return authorities;
  }

  /// This bundle and one more authority behind the others.
  public TrustBundle with(X509Certificate authority) {
    var all = new ArrayList<>(authorities);
    all.add(authority);
    return of(all);
  }

  /// Checks what a client showed.
  ///
  /// @param chain its certificate first, then what helps to reach an authority
  /// @return who it is
  /// @throws Untrusted with the reason
  public Identity verifyClient(List<X509Certificate> chain, Instant now) {
    var leaf = verify(chain, now);
    // Stricter than RFC 5280: a certificate that names no use is no licence to act as a client.
    checkUse(leaf, CLIENT_AUTH, false, "client auth");
    try {
      return Identity.of(leaf);
    } catch (BadCertificate e) {
      throw new Untrusted(Reason.NOT_ACCEPTABLE, "no identity: " + e.getMessage(), e);
    }
  }

  /// Checks what a server showed. Whether it is the server that was meant (its names) is checked by
  /// TLS: see [KeyStores#trustManager].
  ///
  /// @throws Untrusted with the reason
  public void verifyServer(List<X509Certificate> chain, Instant now) {
    checkUse(verify(chain, now), SERVER_AUTH, true, "server auth");
  }

  @Override
  public String toString() {
    return authorities.stream()
        .map(each -> Certificates.name(each) + " " + Certificates.fingerprint(each))
        .collect(Collectors.joining(", ", "trust in ", ""));
  }

  static void checkAuthority(X509Certificate certificate) {
    if (certificate.getBasicConstraints() < 0) {
      throw new BadCertificate(
          "%s is not the certificate of an authority (no basic constraint CA)"
              .formatted(Certificates.name(certificate)));
    }
    var usage = certificate.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      throw new BadCertificate(
          "%s may not sign certificates (its key usage lacks keyCertSign)"
              .formatted(Certificates.name(certificate)));
    }
  }

  private X509Certificate verify(List<X509Certificate> chain, Instant now) {
    if (chain.isEmpty() || chain.size() > CHAIN_MAX) {
      throw new Untrusted(
          Reason.NOT_ACCEPTABLE,
          "expected 1 to %d certificates, found %d".formatted(CHAIN_MAX, chain.size()));
    }
    checkTime(chain.getFirst(), now);
    // Peers may send their root along; it proves nothing, and the path must end before it.
    var path = chain.stream().takeWhile(each -> !authorities.contains(each)).toList();
    if (path.isEmpty()) {
      throw new Untrusted(
          Reason.WRONG_USAGE,
          "%s is an authority, not a client or server".formatted(Certificates.name(chain.get(0))));
    }
    validateAny(path, now);
    return chain.getFirst();
  }

  /// What a server shows may reach further than to the first authority we know: it cannot know
  /// which of its past ones that is. The shortest part that does is enough.
  private void validateAny(List<X509Certificate> path, Instant now) {
    for (var length = 1; length < path.size(); length++) {
      if (reaches(path.get(length - 1), now)) {
        validate(path.subList(0, length), now);
        return;
      }
    }
    validate(path, now);
  }

  private boolean reaches(X509Certificate last, Instant now) {
    return authorities.stream()
        .anyMatch(each -> isValid(each, now) && Certificates.signedBy(last, each));
  }

  private void validate(List<X509Certificate> path, Instant now) {
    // The JDK does not look at the time of an anchor, so only those valid now become one.
    Set<TrustAnchor> anchors = new LinkedHashSet<>();
    for (var each : authorities) {
      if (isValid(each, now)) {
        anchors.add(new TrustAnchor(each, null));
      }
    }
    if (anchors.isEmpty()) {
      throw unknownIssuer(path, now, null);
    }
    try {
      var parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      var certificates = CertificateFactory.getInstance("X.509").generateCertPath(path);
      CertPathValidator.getInstance("PKIX").validate(certificates, parameters);
    } catch (CertPathValidatorException e) {
      throw refusal(path, now, e);
    } catch (GeneralSecurityException e) {
      throw new Untrusted(Reason.NOT_ACCEPTABLE, "the certificates cannot be checked", e);
    }
  }

  private Untrusted refusal(
      List<X509Certificate> path, Instant now, CertPathValidatorException failure) {
    var reason = failure.getReason();
    if (reason == PKIXReason.NO_TRUST_ANCHOR || reason == BasicReason.INVALID_SIGNATURE) {
      return unknownIssuer(path, now, failure);
    }
    var at = path.get(Math.max(failure.getIndex(), 0));
    if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
      return outOfTime(at, now);
    }
    return new Untrusted(
        Reason.NOT_ACCEPTABLE,
        "certificate %s is refused: %s".formatted(Certificates.name(at), failure.getMessage()),
        failure);
  }

  private Untrusted unknownIssuer(
      List<X509Certificate> path, Instant now, @Nullable Throwable cause) {
    var last = path.getLast();
    for (var each : authorities) {
      if (each.getSubjectX500Principal().equals(last.getIssuerX500Principal())
          && !isValid(each, now)) {
        return outOfTime(each, now);
      }
    }
    return new Untrusted(
        Reason.UNKNOWN_ISSUER,
        "certificate %s was issued by \"%s\", which is none of: %s"
            .formatted(Certificates.name(last), last.getIssuerX500Principal().getName(), this),
        cause);
  }

  private static void checkTime(X509Certificate certificate, Instant now) {
    if (!isValid(certificate, now)) {
      throw outOfTime(certificate, now);
    }
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(Certificates.notBefore(certificate))
        && !now.isAfter(Certificates.notAfter(certificate));
  }

  private static Untrusted outOfTime(X509Certificate certificate, Instant now) {
    var name = Certificates.name(certificate);
    var from = Certificates.notBefore(certificate);
    return now.isBefore(from)
        ? new Untrusted(
            Reason.NOT_YET_VALID,
            "certificate %s is not valid before %s and it is %s; check the clocks"
                .formatted(name, from, now))
        : new Untrusted(
            Reason.EXPIRED,
            "certificate %s expired at %s and it is %s"
                .formatted(name, Certificates.notAfter(certificate), now));
  }

  private static void checkUse(
      X509Certificate certificate, String use, boolean silenceMeansYes, String text) {
    List<String> uses;
    try {
      uses = certificate.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new Untrusted(Reason.NOT_ACCEPTABLE, "the certificate's usages are unreadable", e);
    }
    boolean allowed = uses == null ? silenceMeansYes : uses.contains(use) || uses.contains(ANY_USE);
    if (!allowed) {
      throw new Untrusted(
          Reason.WRONG_USAGE,
          "certificate %s is not for %s".formatted(Certificates.name(certificate), text));
    }
  }
}
