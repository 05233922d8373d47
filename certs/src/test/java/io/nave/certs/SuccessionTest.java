package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

/// Authorities that follow each other: who believes whom while they do.
class SuccessionTest {
  private static final Duration YEAR = Duration.ofDays(365);

  private final FixedHost host = new FixedHost(7);
  private final Succession first = Succession.of(Authority.create(host, "hub", YEAR));
  private final Succession second = first.next(host, "hub-2", YEAR);
  private final Succession third = second.next(host, "hub-3", YEAR);

  private Credential serving(Succession by) {
    var keys = KeyPairs.generate(host.secureRandom());
    return by.withBridges(by.present().issueServing(List.of("hub.example"), keys, YEAR));
  }

  private Credential client(Succession by) {
    var keys = KeyPairs.generate(host.secureRandom());
    return by.present().issueClient(new Identity("agent", List.of("agents")), keys, YEAR);
  }

  @Test
  void whoKnowsAnyOfThemBelievesTheServer() {
    for (var known : List.of(first, second, third)) {
      known.present().bundle().verifyServer(serving(third).chain(), host.now());
    }
    assertThat(serving(third).chain()).hasSize(3);
    assertThat(serving(first).chain()).hasSize(1);
  }

  @Test
  void theServerBelievesTheClientsOfAllOfThem() {
    for (var by : List.of(first, second, third)) {
      assertThat(third.trust().verifyClient(client(by).chain(), host.now()).commonName())
          .isEqualTo("agent");
    }
    assertThatThrownBy(() -> first.trust().verifyClient(client(second).chain(), host.now()))
        .isInstanceOf(Untrusted.class);
  }

  @Test
  void onceTheFormerAreForgottenOnlyThePresentOneCounts() {
    var alone = third.alone();
    alone.trust().verifyClient(client(third).chain(), host.now());
    assertThatThrownBy(() -> alone.trust().verifyClient(client(second).chain(), host.now()))
        .isInstanceOf(Untrusted.class);
    assertThatThrownBy(
            () -> second.present().bundle().verifyServer(serving(alone).chain(), host.now()))
        .isInstanceOf(Untrusted.class);
  }

  @Test
  void aBridgeOfAStrangerHelpsNobody() {
    var stranger = Succession.of(Authority.create(host, "hub", YEAR)).next(host, "hub-2", YEAR);
    assertThatThrownBy(
            () -> first.present().bundle().verifyServer(serving(stranger).chain(), host.now()))
        .isInstanceOf(Untrusted.class);
    var mixed = new ArrayList<>(List.of(serving(stranger).certificate()));
    mixed.addAll(second.bridges());
    assertThatThrownBy(() -> first.present().bundle().verifyServer(mixed, host.now()))
        .isInstanceOf(Untrusted.class);
  }

  @Test
  void theJdkOwnTlsBelievesTheBridgesToo() throws Exception {
    host.now = Instant.now(); // the JDK's check has a clock of its own
    var one = Succession.of(Authority.create(host, "hub", YEAR));
    var two = one.next(host, "hub-2", YEAR);
    var three = two.next(host, "hub-3", YEAR);
    var shown = serving(three).chain().toArray(X509Certificate[]::new);
    for (var known : List.of(one, two, three)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", known.present().certificate());
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      ((X509TrustManager) factory.getTrustManagers()[0]).checkServerTrusted(shown, "ECDHE_ECDSA");
    }
  }

  @Test
  void whatIsKeptIsReadAgain() {
    var read = Succession.ofPem(host, third.toPem());
    assertThat(read.trust().authorities()).isEqualTo(third.trust().authorities());
    assertThat(read.bridges()).isEqualTo(third.bridges());
    assertThat(read.present().keyPem()).isEqualTo(third.present().keyPem());
    assertThatThrownBy(() -> Succession.ofPem(host, third.present().keyPem()))
        .isInstanceOf(BadPem.class);
    assertThatThrownBy(() -> Succession.ofPem(host, third.present().certificatePem()))
        .isInstanceOf(BadPem.class);
  }

  @Test
  void atMostFourFormerOnesAreKept() {
    var late = first;
    for (var i = 0; i < 7; i++) {
      late = late.next(host, "hub-" + i + "x", YEAR);
    }
    assertThat(late.former()).hasSize(Succession.FORMER_MAX);
    assertThat(late.bridges()).hasSize(Succession.FORMER_MAX);
    assertThat(late.toString()).doesNotContain("PRIVATE");
  }
}
