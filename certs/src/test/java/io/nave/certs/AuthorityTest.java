package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuthorityTest {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

  private final FixedHost host = new FixedHost(1);
  private final Authority authority = Samples.authority(host);

  @Test
  void makesACertificateThatMayOnlySignEndCertificates() {
    var certificate = authority.certificate();

    assertThat(certificate.getBasicConstraints()).isEqualTo(Succession.FORMER_MAX);
    assertThat(usages(certificate)).containsExactly(0, 5, 6);
    assertThat(certificate.getCriticalExtensionOIDs()).contains("2.5.29.15", "2.5.29.19");
    assertThat(certificate.getExtensionValue("2.5.29.14")).isNotNull();
    assertThat(certificate.getSubjectX500Principal())
        .isEqualTo(certificate.getIssuerX500Principal());
    assertThat(Certificates.notAfter(certificate)).isEqualTo(FixedHost.NOW.plus(Samples.YEAR));
  }

  @Test
  void signsForAClientExactlyWhatTheRulesGrant() throws Exception {
    var request = CertificateRequest.parse(Samples.agentRequest());

    var certificate = authority.sign(request, SigningRules.client(Samples.HOUR));

    assertThat(Identity.of(certificate)).isEqualTo(Samples.AGENT);
    assertThat(certificate.getPublicKey()).isEqualTo(request.publicKey());
    assertThat(usages(certificate)).containsExactly(0, 2);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getSubjectAlternativeNames()).isNull();
    assertThat(Certificates.notBefore(certificate))
        .isEqualTo(FixedHost.NOW.minus(Duration.ofMinutes(5)));
    assertThat(Certificates.notAfter(certificate)).isEqualTo(FixedHost.NOW.plus(Samples.HOUR));
    assertThat(certificate.getSerialNumber().signum()).isPositive();
    assertThat(certificate.getSerialNumber().bitLength()).isBetween(100, 128);
  }

  @Test
  void theJdkValidatesWhatItSigned() throws Exception {
    var request = CertificateRequest.parse(Samples.agentRequest());
    var certificate = authority.sign(request, SigningRules.client(Samples.HOUR));

    validateWithJdk(certificate, authority.certificate(), FixedHost.NOW);
  }

  @Test
  void aWishToBecomeAnAuthorityIsNotGranted() throws IOException {
    var value = new BasicConstraints(true).getEncoded();
    var wish = new Extensions(new Extension(Extension.basicConstraints, true, value));
    var keys = Samples.keys(4);
    var pem = Samples.request(keys, keys, Samples.AGENT.toName(), wish);

    var certificate =
        authority.sign(CertificateRequest.parse(pem), SigningRules.client(Samples.HOUR));

    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void namesAreRefusedOrKeptAsTheRulesSay() throws Exception {
    var request = CertificateRequest.parse(Samples.file("rsa.csr"));
    var keeping = new SigningRules(Samples.HOUR, EnumSet.of(Usage.CLIENT_AUTH), true);

    assertThatThrownBy(() -> authority.sign(request, SigningRules.client(Samples.HOUR)))
        .isInstanceOf(BadRequestPem.class)
        .hasMessageContaining("asks for the names [DNS:a.example");
    assertThat(authority.sign(request, keeping).getSubjectAlternativeNames()).hasSize(5);
    assertThat(authority.sign(request, keeping).getKeyUsage()).isNull();
  }

  @Test
  void nothingOutlivesTheAuthority() {
    host.now = FixedHost.NOW.plus(Duration.ofDays(364));
    var request = CertificateRequest.parse(Samples.agentRequest());

    var certificate = authority.sign(request, SigningRules.client(Samples.YEAR));

    assertThat(certificate.getNotAfter()).isEqualTo(authority.certificate().getNotAfter());
    // A lifetime beyond all time is no overflow either.
    assertThat(
            authority
                .sign(request, SigningRules.client(Duration.ofSeconds(Long.MAX_VALUE)))
                .getNotAfter())
        .isEqualTo(authority.certificate().getNotAfter());
  }

  @ParameterizedTest
  @ValueSource(strings = {"P365D", "P400D", "PT-6M"})
  void outsideItsOwnTimeItRefusesToSign(Duration later) {
    host.now = FixedHost.NOW.plus(later);
    var request = CertificateRequest.parse(Samples.agentRequest());

    assertThatThrownBy(() -> authority.sign(request, SigningRules.client(Samples.HOUR)))
        .isInstanceOf(BadCertificate.class)
        .hasMessageContaining("is valid from 2026-12-31T23:55:00Z to 2028-01-01T00:00:00Z");
  }

  @Test
  void aServerGetsItsAddressesAndNames() throws Exception {
    var hosts = List.of("hub.example", "*.svc", "localhost", "127.0.0.1", "::1", "1.2");

    var serving = authority.issueServing(hosts, Samples.keys(5), Samples.HOUR);

    var names =
        serving.certificate().getSubjectAlternativeNames().stream()
            .map(each -> each.get(0) + " " + each.get(1))
            .toList();
    assertThat(names)
        .containsExactly(
            "2 hub.example", "2 *.svc", "2 localhost", "7 127.0.0.1", "7 0:0:0:0:0:0:0:1", "2 1.2");
    assertThat(serving.certificate().getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
    assertThat(serving.identity().commonName()).isEqualTo("hub.example");
    validateWithJdk(serving.certificate(), authority.certificate(), FixedHost.NOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "https://hub", "300.1.1.1", "fe80::zz", "hub:6443", ".x"})
  void whatIsNoHostGetsNoServingCertificate(String name) {
    var keys = Samples.keys(5);

    assertThatThrownBy(() -> authority.issueServing(List.of(name), keys, Samples.HOUR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
    assertThatThrownBy(() -> authority.issueServing(List.of(), keys, Samples.HOUR))
        .hasMessageContaining("at least one name");
  }

  @Test
  void oneSeedAndOneClockGiveOneSetOfBytes() {
    assertThat(everythingFrom(99)).isEqualTo(everythingFrom(99));
    assertThat(everythingFrom(99)).isNotEqualTo(everythingFrom(98));
  }

  @Test
  void signsOnAfterItWasWrittenAndReadBack() throws Exception {
    var again = Authority.of(host, authority.certificatePem(), authority.keyPem());

    var certificate = again.issueClient(Samples.AGENT, Samples.keys(6), Samples.HOUR).certificate();

    assertThat(again.certificate()).isEqualTo(authority.certificate());
    validateWithJdk(certificate, authority.certificate(), FixedHost.NOW);
  }

  @Test
  void anAuthorityOfAnotherKindMadeElsewhereSignsToo() throws Exception {
    var rsa = Authority.of(host, Samples.file("rsa-ca.crt"), Samples.file("rsa-pkcs1.key"));

    var certificate = rsa.issueClient(Samples.AGENT, Samples.keys(6), Samples.HOUR).certificate();

    validateWithJdk(certificate, rsa.certificate(), FixedHost.NOW);
  }

  @Test
  void refusesPartsThatDoNotMakeAnAuthority() {
    var client = authority.issueClient(Samples.AGENT, Samples.keys(6), Samples.HOUR);

    assertThatThrownBy(() -> Authority.of(host, client.certificatePem(), client.keyPem()))
        .isInstanceOf(BadCertificate.class)
        .hasMessageContaining("not the certificate of an authority");
    assertThatThrownBy(() -> Authority.of(host, authority.certificatePem(), client.keyPem()))
        .isInstanceOf(BadKey.class)
        .hasMessageContaining("does not belong to the certificate");
    assertThatThrownBy(() -> Authority.create(host, "x", Duration.ZERO))
        .hasMessageContaining("must be positive");
  }

  @Test
  void rulesThatWouldAllowEverythingOrNothingAreRefused() {
    assertThatThrownBy(() -> new SigningRules(Samples.HOUR, Set.of(), false))
        .hasMessageContaining("client auth or server auth");
    assertThatThrownBy(() -> SigningRules.client(Duration.ZERO))
        .hasMessageContaining("must be positive");
    assertThat(Usage.named("client auth")).contains(Usage.CLIENT_AUTH);
    assertThat(Usage.named("cert sign")).isEmpty();
  }

  @Test
  void printsNoKey() {
    var credential = authority.issueClient(Samples.AGENT, Samples.keys(6), Samples.HOUR);
    var secret = credential.keyPem().lines().skip(1).findFirst().orElseThrow();

    assertThat(authority.toString()).contains("CN=nave", "sha256:", "2028-01-01T00:00:00Z");
    assertThat(credential.toString())
        .contains(Samples.USER, "2027-01-01T01:00:00Z")
        .doesNotContain(secret, "PRIVATE", "key");
  }

  private static List<String> everythingFrom(long seed) {
    var host = new FixedHost(seed);
    var authority = Samples.authority(host);
    var keys = KeyPairs.generate(host.secureRandom());
    var request = CertificateRequest.create(keys, Samples.USER, Samples.GROUPS);
    var signed = authority.sign(request, SigningRules.client(Samples.HOUR));
    var serving = authority.issueServing(List.of("localhost"), keys, Samples.HOUR);
    return List.of(
        authority.certificatePem(),
        authority.keyPem(),
        request.toPem(),
        Certificates.toPem(List.of(signed)),
        serving.certificatePem());
  }

  private static List<Integer> usages(X509Certificate certificate) {
    var bits = certificate.getKeyUsage();
    return java.util.stream.IntStream.range(0, bits.length).filter(i -> bits[i]).boxed().toList();
  }

  private static void validateWithJdk(X509Certificate leaf, X509Certificate anchor, Instant at)
      throws Exception {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(leaf));
    CertPathValidator.getInstance("PKIX").validate(path, parameters);
  }
}
