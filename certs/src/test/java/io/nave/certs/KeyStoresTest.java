package io.nave.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real TLS between two engines, bytes passed by hand: no sockets, no threads.
final class KeyStoresTest {
  private final FixedHost host = new FixedHost(1);
  private final Authority authority = Samples.authority(host);
  private final Credential server =
      authority.issueServing(List.of("localhost", "127.0.0.1"), Samples.keys(2), Samples.HOUR);
  private final Credential client =
      authority.issueClient(Samples.AGENT, Samples.keys(3), Samples.HOUR);

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void bothSidesBelieveEachOther(String protocol) throws Exception {
    var pair = engines(authority.bundle(), "localhost");
    pair.server.setEnabledProtocols(new String[] {protocol});

    pair.shakeHands();

    assertThat(pair.server.getSession().getProtocol()).isEqualTo(protocol);
    assertThat(pair.server.getSession().getPeerCertificates())
        .containsExactly(client.certificate());
    assertThat(pair.client.getSession().getPeerCertificates())
        .containsExactly(server.certificate());
  }

  @Test
  void anAddressIsANameToo() throws Exception {
    engines(authority.bundle(), "127.0.0.1").shakeHands();
  }

  @Test
  void aServerOfAnotherNameIsRefused() throws Exception {
    var pair = engines(authority.bundle(), "elsewhere.example");

    assertThatThrownBy(pair::shakeHands)
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("elsewhere.example");
  }

  @Test
  void aServerOfAnotherAuthorityIsRefusedWithOurReason() throws Exception {
    var pair = engines(Authority.create(host, "other", Samples.YEAR).bundle(), "localhost");

    assertThatThrownBy(pair::shakeHands)
        .isInstanceOf(SSLException.class)
        .hasStackTraceContaining("was issued by \"CN=nave\", which is none of");
  }

  @Test
  void timeIsTheHostsTime() throws Exception {
    host.now = FixedHost.NOW.plus(Duration.ofHours(2));

    assertThatThrownBy(engines(authority.bundle(), "localhost")::shakeHands)
        .hasStackTraceContaining("expired at 2027-01-01T01:00:00Z and it is 2027-01-01T02:00:00Z");
  }

  @Test
  void aStoreHoldsTheCredentialAndAnotherTheAuthorities() throws Exception {
    var password = "x".toCharArray();
    var own = KeyStores.keyStore(client, password);
    var trusted = KeyStores.trustStore(authority.bundle());

    assertThat(own.getKey("own", password)).isEqualTo(client.key());
    assertThat(own.getCertificateChain("own")).containsExactly(client.certificate());
    assertThat(trusted.getCertificate("ca-0")).isEqualTo(authority.certificate());
    assertThat(trusted.size()).isEqualTo(1);
    assertThat(KeyStores.keyManagerFactory(client, password).getKeyManagers()).hasSize(1);
  }

  @Test
  void aCredentialSurvivesItsFiles() {
    var read = Credential.of(client.certificatePem(), client.keyPem());

    assertThat(read).isEqualTo(client);
    assertThat(client.keyPem()).startsWith("-----BEGIN EC PRIVATE KEY-----");
    assertThatThrownBy(() -> Credential.of(client.certificatePem(), server.keyPem()))
        .isInstanceOf(BadKey.class);
  }

  @Test
  void nothingIsRegisteredWithTheJdk() {
    assertThat(Security.getProviders())
        .noneMatch(each -> each.getClass().getName().contains("bouncycastle"));
  }

  private Engines engines(TrustBundle clientTrust, String dialled) throws Exception {
    var serving = context(server, authority.bundle()).createSSLEngine();
    serving.setUseClientMode(false);
    serving.setNeedClientAuth(true);
    var dialling = context(client, clientTrust).createSSLEngine(dialled, 443);
    dialling.setUseClientMode(true);
    var parameters = dialling.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    dialling.setSSLParameters(parameters);
    return new Engines(serving, dialling);
  }

  private SSLContext context(Credential credential, TrustBundle bundle) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {KeyStores.keyManager(credential)},
        new TrustManager[] {KeyStores.trustManager(bundle, host)},
        host.secureRandom());
    return context;
  }

  private record Engines(SSLEngine server, SSLEngine client) {
    void shakeHands() throws SSLException {
      var toServer = ByteBuffer.allocate(1 << 16);
      var toClient = ByteBuffer.allocate(1 << 16);
      client.beginHandshake();
      server.beginHandshake();
      for (int turn = 0; turn < 100 && !(done(server) && done(client)); turn++) {
        step(client, toClient, toServer);
        step(server, toServer, toClient);
      }
      assertThat(done(server) && done(client)).as("handshake ended").isTrue();
    }

    private static boolean done(SSLEngine engine) {
      return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
      var scratch = ByteBuffer.allocate(1 << 16);
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          for (var task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
        }
        case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
        default -> {
          in.flip();
          SSLEngineResult result = engine.unwrap(in, scratch);
          assertThat(result.getStatus()).isNotEqualTo(SSLEngineResult.Status.BUFFER_OVERFLOW);
          in.compact();
        }
      }
    }
  }
}
