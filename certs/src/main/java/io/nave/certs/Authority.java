package io.nave.certs;

import io.nave.runtime.Host;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/// A certificate authority: a self-made certificate and the key that signs for it.
///
/// Time and serial numbers come from its host. What it issues is back-dated five minutes, for
/// clients whose clock is slow, and never outlives the authority itself.
public final class Authority {
  /// Kubernetes' signers back-date by the same.
  static final Duration BACKDATE = Duration.ofMinutes(5);

  /// Keeps the end of a lifetime inside the years X.509 can write.
  static final Duration LIFETIME_MAX = Duration.ofDays(36_525);

  private final Host host;
  private final Credential credential;

  private Authority(Host host, Credential credential) {
    this.host = host;
    this.credential = credential;
  }

  /// A new authority with a new P-256 key. It signs end certificates, and the authority that takes
  /// over from it ([Succession]).
  ///
  /// @param name its common name; name it so that two authorities differ
  /// @param lifetime positive, at most a hundred years
  public static Authority create(Host host, String name, Duration lifetime) {
    if (!lifetime.isPositive() || lifetime.compareTo(LIFETIME_MAX) > 0) {
      throw new IllegalArgumentException(
          "lifetime must be positive and at most %s, was %s".formatted(LIFETIME_MAX, lifetime));
    }
    var pair = KeyPairs.generate(host.secureRandom());
    var now = host.now();
    var certificate =
        CertificateDraft.of(host.secureRandom(), new Identity(name, List.of()).toName(), pair)
            .valid(now.minus(BACKDATE), now.plus(lifetime))
            .selfSigned(pair.getPrivate());
    return new Authority(host, new Credential(List.of(certificate), pair.getPrivate()));
  }

  /// An authority made earlier, here or elsewhere.
  ///
  /// @throws BadPem when a part cannot be read, they do not belong together, or the certificate is
  ///   not that of an authority
  public static Authority of(Host host, String certificatePem, String keyPem) {
    var credential = Credential.of(certificatePem, keyPem);
    TrustBundle.checkAuthority(credential.certificate());
    return new Authority(host, credential);
  }

  /// When an authority was made, by its certificate, which is back-dated.
  public static Instant madeAt(X509Certificate authority) {
    return Certificates.notBefore(authority).plus(BACKDATE);
  }

  public X509Certificate certificate() {
    return credential.certificate();
  }

  /// What others need to check its certificates.
  public String certificatePem() {
    return credential.certificatePem();
  }

  /// A secret: whoever has it is the authority.
  public String keyPem() {
    return credential.keyPem();
  }

  /// Trust in this authority alone.
  public TrustBundle bundle() {
    return TrustBundle.of(List.of(certificate()));
  }

  /// Signs what was asked, within the rules. The subject is taken over whole; of the extensions
  /// asked for only the alternative names are, where the rules keep them.
  ///
  /// @throws BadRequestPem when the request has alternative names and the rules grant none
  /// @throws BadCertificate when the authority itself is not valid now
  public X509Certificate sign(CertificateRequest request, SigningRules rules) {
    if (!rules.keepNames() && !request.names().isEmpty()) {
      throw new BadRequestPem(
          "certificate request of \"%s\" asks for the names %s; this signer grants none"
              .formatted(request.identity().commonName(), request.names()));
    }
    return issue(request.subject(), request.keyInfo(), rules, request.alternatives());
  }

  /// A client credential made here, without a request: for the hub's own parts and its
  /// administrator.
  public Credential issueClient(Identity identity, KeyPair pair, Duration lifetime) {
    var key = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    var certificate = issue(identity.toName(), key, SigningRules.client(lifetime), null);
    return new Credential(List.of(certificate), pair.getPrivate());
  }

  /// A server's credential for the given addresses and host names; the first is its common name.
  ///
  /// @param hosts IP addresses as literals, DNS names, `*.` wildcards; at least one
  /// @throws IllegalArgumentException naming a host that is neither
  public Credential issueServing(List<String> hosts, KeyPair pair, Duration lifetime) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("a serving certificate needs at least one name");
    }
    var rules =
        new SigningRules(lifetime, EnumSet.of(Usage.DIGITAL_SIGNATURE, Usage.SERVER_AUTH), true);
    var names = AlternativeNames.of(hosts);
    var subject = new Identity(hosts.getFirst(), List.of()).toName();
    var key = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    return new Credential(List.of(issue(subject, key, rules, names)), pair.getPrivate());
  }

  /// The certificate of another authority, signed by this one: who believes this one reaches what
  /// the other signs. Valid as long as both are.
  X509Certificate bridgeTo(Authority other) {
    var now = host.now();
    checkValid(now);
    var theirs = other.certificate();
    var key = SubjectPublicKeyInfo.getInstance(theirs.getPublicKey().getEncoded());
    var subject = X500Name.getInstance(theirs.getSubjectX500Principal().getEncoded());
    var left = Duration.between(now, Certificates.notAfter(theirs));
    return CertificateDraft.of(host.secureRandom(), subject, key)
        .valid(now.minus(BACKDATE), end(now, left))
        .bridgedBy(credential);
  }

  @Override
  public String toString() {
    return "authority %s %s until %s"
        .formatted(
            Certificates.name(certificate()),
            Certificates.fingerprint(certificate()),
            Certificates.notAfter(certificate()));
  }

  private X509Certificate issue(
      X500Name subject,
      SubjectPublicKeyInfo key,
      SigningRules rules,
      @Nullable GeneralNames alternatives) {
    var now = host.now();
    checkValid(now);
    return CertificateDraft.of(host.secureRandom(), subject, key)
        .valid(now.minus(BACKDATE), end(now, rules.lifetime()))
        .usages(rules.usages())
        .alternatives(alternatives)
        .signedBy(credential);
  }

  private void checkValid(Instant now) {
    var from = Certificates.notBefore(certificate());
    var until = Certificates.notAfter(certificate());
    if (now.isBefore(from) || !now.isBefore(until)) {
      throw new BadCertificate(
          "authority %s is valid from %s to %s and it is %s: make a new authority, or set the clock"
              .formatted(Certificates.name(certificate()), from, until, now));
    }
  }

  private Instant end(Instant now, Duration lifetime) {
    var most = Duration.between(now, Certificates.notAfter(certificate()));
    return now.plus(lifetime.compareTo(most) < 0 ? lifetime : most);
  }
}
