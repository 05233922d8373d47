package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.certs.Untrusted.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrustBundleTest {
  private final FixedHost host = new FixedHost(1);
  private final Authority old = Authority.create(host, "old", Samples.YEAR);
  private final Authority next = Authority.create(host, "next", Samples.YEAR.multipliedBy(3));
  private final TrustBundle bundle = old.bundle().with(next.certificate());

  @Test
  void believesClientsOfEachOfItsAuthorities() {
    for (var authority : List.of(old, next)) {
      assertThat(bundle.verifyClient(chain(client(authority)), FixedHost.NOW))
          .isEqualTo(Samples.AGENT);
    }
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          2026-12-31T23:54:59Z | NOT_YET_VALID | not valid before 2026-12-31T23:55:00Z and it is 2026-12-31T23:54:59Z; check the clocks
          2026-12-31T23:55:00Z | -             | -
          2027-01-01T00:59:59Z | -             | -
          2027-01-01T01:00:00Z | -             | -
          2027-01-01T01:00:01Z | EXPIRED       | expired at 2027-01-01T01:00:00Z and it is 2027-01-01T01:00:01Z
          2099-01-01T00:00:00Z | EXPIRED       | expired at 2027-01-01T01:00:00Z
          """)
  void believesACertificateInItsTimeOnly(Instant now, Reason reason, String message) {
    var chain = chain(client(old));
    if (reason == null) {
      assertThat(bundle.verifyClient(chain, now)).isEqualTo(Samples.AGENT);
    } else {
      assertRefused(chain, now, reason, message);
    }
  }

  @Test
  void namesTheIssuerItDoesNotKnow() {
    var stranger = Authority.create(host, "stranger", Samples.YEAR);

    assertRefused(
        chain(client(stranger)),
        FixedHost.NOW,
        Reason.UNKNOWN_ISSUER,
        "was issued by \"CN=stranger\", which is none of: trust in \"CN=old\" sha256:");
  }

  @Test
  void isNotFooledByAnAuthorityOfTheSameName() {
    var impostor = Authority.create(host, "old", Samples.YEAR);

    assertRefused(chain(client(impostor)), FixedHost.NOW, Reason.UNKNOWN_ISSUER, "CN=old");
    // Nor by one that is sent along.
    assertRefused(
        List.of(client(impostor), impostor.certificate()),
        FixedHost.NOW,
        Reason.UNKNOWN_ISSUER,
        "CN=old");
  }

  @Test
  void tellsTwoAuthoritiesOfTheSameNameApart() {
    var twin = Authority.create(host, "old", Samples.YEAR);
    var both = old.bundle().with(twin.certificate());

    assertThat(both.verifyClient(chain(client(twin)), FixedHost.NOW)).isEqualTo(Samples.AGENT);
    assertThat(both.verifyClient(chain(client(old)), FixedHost.NOW)).isEqualTo(Samples.AGENT);
  }

  @Test
  void anExpiredAuthorityIsNamedAsTheReason() {
    var brief = Authority.create(host, "brief", Duration.ofMinutes(30));
    // A faulty authority: its client outlives it.
    var forged =
        CertificateDraft.of(host.secureRandom(), Samples.AGENT.toName(), Samples.keys(2))
            .valid(FixedHost.NOW, FixedHost.NOW.plus(Samples.YEAR))
            .usages(SigningRules.client(Samples.HOUR).usages())
            .signedBy(Credential.of(brief.certificatePem(), brief.keyPem()));
    var later = FixedHost.NOW.plus(Samples.HOUR);

    for (var each : List.of(brief.bundle(), brief.bundle().with(next.certificate()))) {
      assertThatThrownBy(() -> each.verifyClient(chain(forged), later))
          .isInstanceOf(Untrusted.class)
          .hasMessageContaining("\"CN=brief\" expired at 2027-01-01T00:30:00Z");
    }
  }

  @Test
  void aServerIsNoClientAndAClientNoServer() {
    var server =
        old.issueServing(List.of("localhost"), Samples.keys(3), Samples.HOUR).certificate();

    assertRefused(chain(server), FixedHost.NOW, Reason.WRONG_USAGE, "is not for client auth");
    bundle.verifyServer(chain(server), FixedHost.NOW);
    assertThatThrownBy(() -> bundle.verifyServer(chain(client(old)), FixedHost.NOW))
        .isInstanceOf(Untrusted.class)
        .hasMessageContaining("is not for server auth");
  }

  @Test
  void aCertificateThatNamesNoUseMayServeButIsNoClient() {
    var silent =
        CertificateDraft.of(host.secureRandom(), Samples.AGENT.toName(), Samples.keys(5))
            .valid(FixedHost.NOW, FixedHost.NOW.plus(Samples.HOUR))
            .signedBy(Credential.of(old.certificatePem(), old.keyPem()));

    assertRefused(chain(silent), FixedHost.NOW, Reason.WRONG_USAGE, "is not for client auth");
    bundle.verifyServer(chain(silent), FixedHost.NOW);
  }

  @Test
  void anAuthorityIsNoClient() {
    assertRefused(
        chain(old.certificate()), FixedHost.NOW, Reason.WRONG_USAGE, "\"CN=old\" is an authority");
  }

  @Test
  void aClientCannotSignForAnother() {
    var middle = old.issueClient(Samples.AGENT, Samples.keys(4), Samples.HOUR);
    var forged =
        CertificateDraft.of(host.secureRandom(), new X500Name("CN=admin"), Samples.keys(5))
            .valid(FixedHost.NOW, FixedHost.NOW.plus(Samples.HOUR))
            .usages(SigningRules.client(Samples.HOUR).usages())
            .signedBy(middle);

    assertRefused(
        List.of(forged, middle.certificate()), FixedHost.NOW, Reason.NOT_ACCEPTABLE, "is refused");
  }

  @Test
  void aRootSentAlongChangesNothing() {
    var chain = List.of(client(old), old.certificate());

    assertThat(bundle.verifyClient(chain, FixedHost.NOW)).isEqualTo(Samples.AGENT);
  }

  @Test
  void aCertificateWithoutAUsableNameIsRefused() {
    var nameless =
        CertificateDraft.of(host.secureRandom(), new X500Name("O=system:masters"), Samples.keys(5))
            .valid(FixedHost.NOW, FixedHost.NOW.plus(Samples.HOUR))
            .usages(SigningRules.client(Samples.HOUR).usages())
            .signedBy(Credential.of(old.certificatePem(), old.keyPem()));

    assertRefused(chain(nameless), FixedHost.NOW, Reason.NOT_ACCEPTABLE, "common name (CN), had 0");
  }

  @Test
  void anEmptyAndAnEndlessChainAreRefused() {
    assertRefused(List.of(), FixedHost.NOW, Reason.NOT_ACCEPTABLE, "found 0");
    assertRefused(
        Collections.nCopies(9, client(old)), FixedHost.NOW, Reason.NOT_ACCEPTABLE, "found 9");
  }

  @Test
  void isReadBackFromItsPemWithCommentsAndWithoutDoubles() {
    var pem = "# hub CAs\n" + bundle.toPem() + old.certificatePem();

    assertThat(TrustBundle.ofPem(pem).authorities())
        .containsExactly(old.certificate(), next.certificate());
    assertThat(TrustBundle.ofPem(pem).toPem()).isEqualTo(bundle.toPem());
  }

  @Test
  void refusesWhatIsNoAuthorityOrNoCertificate() {
    var leaf = Certificates.toPem(chain(client(old)));

    assertThatThrownBy(() -> TrustBundle.ofPem(leaf))
        .isInstanceOf(BadCertificate.class)
        .hasMessageContaining("not the certificate of an authority");
    assertThatThrownBy(() -> TrustBundle.ofPem("")).hasMessageContaining("no PEM block");
    assertThatThrownBy(() -> TrustBundle.ofPem(bundle.toPem() + old.keyPem()))
        .hasMessageContaining("block 3 is EC PRIVATE KEY, expected CERTIFICATE");
    assertThatThrownBy(() -> TrustBundle.ofPem(new Pem("CERTIFICATE", new byte[9]).encode()))
        .isInstanceOf(BadCertificate.class);
  }

  @Test
  void aFingerprintIsTheHashOpenSslShows() {
    var certificate = Certificates.parse(Samples.file("rsa-ca.crt")).getFirst();

    assertThat(Certificates.fingerprint(certificate))
        .isEqualTo("sha256:85bae201dd2f1a1fb190fe52b936ced59a8d4877083389f02dbbe8bec54f32f7");
  }

  private X509Certificate client(Authority authority) {
    return authority.issueClient(Samples.AGENT, Samples.keys(2), Samples.HOUR).certificate();
  }

  private static List<X509Certificate> chain(X509Certificate leaf) {
    return List.of(leaf);
  }

  private void assertRefused(
      List<X509Certificate> chain, Instant now, Reason reason, String message) {
    var refusal = catchThrowableOfType(Untrusted.class, () -> bundle.verifyClient(chain, now));
    assertThat(refusal).isNotNull().hasMessageContaining(message);
    assertThat(refusal.reason()).isEqualTo(reason);
  }
}
